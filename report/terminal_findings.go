package report

import (
	"fmt"
	"strings"
)

// mostFindings of a kind are printed; the others are counted.
const mostFindings = 10

// findings lists why runs are not valid, then thresholds, then warnings.
func (t *terminal) findings(all []Finding) {
	for _, kind := range []FindingKind{VerdictFinding, ThresholdFinding, WarningFinding} {
		shown := 0
		for _, f := range all {
			if f.Kind != kind {
				continue
			}
			if shown == 0 {
				t.line("")
				t.say(bold, "", findingHead(kind))
			}
			if shown < mostFindings {
				t.finding(f)
			}
			shown++
		}
		if shown > mostFindings {
			t.say(faint, "  ", fmt.Sprintf("and %d more, in %s", shown-mostFindings, MarkdownName))
		}
	}
}

func findingHead(kind FindingKind) string {
	switch kind {
	case VerdictFinding:
		return "Not valid"
	case ThresholdFinding:
		return "Thresholds"
	}
	return "Warnings"
}

func (t *terminal) finding(f Finding) {
	lead, st := f.lead()
	lines := hang("  "+lead+" ", f.where()+f.says(), t.width)
	for i, l := range lines {
		if i == 0 {
			l = strings.Replace(l, lead, st.paint(lead, t.color), 1)
		}
		t.line(l)
	}
}

// lead is the word that a finding starts with, and its look.
func (f Finding) lead() (string, style) {
	switch {
	case f.Kind == VerdictFinding:
		return strings.ReplaceAll(f.Code, "_", " "), bad
	case f.Kind == WarningFinding:
		return strings.ReplaceAll(f.Code, "_", " "), doubtful
	case f.Status == "pass":
		return "pass", good
	case f.Status == "fail":
		return "FAIL", bad
	}
	return f.Status, doubtful
}

// where names the cells, and how many of their runs it is about.
func (f Finding) where() string {
	const most = 4
	cells := f.Cells
	more := ""
	if len(cells) > most {
		more = fmt.Sprintf(" and %d more cells", len(cells)-most+1)
		cells = cells[:most-1]
	}
	s := strings.Join(cells, ", ") + more
	if f.Of > len(f.Cells) {
		s += fmt.Sprintf(" (%d of %d runs)", f.Runs, f.Of)
	}
	return s
}

// says is the threshold and the detail.
func (f Finding) says() string {
	s := ""
	if f.Kind == ThresholdFinding {
		s = ": " + f.Code
	}
	if f.Detail != "" {
		s += ": " + f.Detail
	}
	return s
}
