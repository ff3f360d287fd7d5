package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Errors of Read.
var (
	ErrNone   = errors.New("results: no zbench results")
	ErrSchema = errors.New("results: not a zbench result of this version")
)

// Read gives the results in dir: those of result.json, then the runs that were
// begun there and never finished, rebuilt from their interval logs and marked
// interrupted. It writes nothing.
func Read(dir string) (*File, error) {
	file, err := readResult(filepath.Join(dir, resultFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		file = &File{Schema: Schema}
	case err != nil:
		return nil, err
	}
	finished := map[string]bool{}
	for _, r := range file.Runs {
		finished[r.ID] = true
	}
	ids, err := begunIDs(dir)
	if err != nil {
		return nil, fmt.Errorf("%w in %s: %w", ErrNone, dir, err)
	}
	for _, id := range ids {
		if finished[id] {
			continue
		}
		r, err := reopen(dir, id)
		if err != nil {
			return nil, err
		}
		file.Runs = append(file.Runs, *r)
	}
	if len(file.Runs) == 0 {
		return nil, fmt.Errorf("%w in %s: give the directory that a run wrote with --out", ErrNone, dir)
	}
	return file, nil
}

// readResult reads result.json; fs.ErrNotExist or ErrSchema.
func readResult(path string) (*File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file, err := parseResult(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return file, nil
}

func parseResult(text []byte) (*File, error) {
	file := &File{}
	if err := parse(text, Schema, &file.Schema, file); err != nil {
		return nil, err
	}
	return file, nil
}

// readBegun reads <run id>.json.
func readBegun(path string) (*Run, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	b := &begun{}
	if err := parse(text, BeginSchema, &b.Schema, b); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &b.Run, nil
}

// parse decodes text into v, whose schema must be want. The schema is looked
// at first, so that another version is named as such.
func parse(text []byte, want string, schema *string, v any) error {
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return fmt.Errorf("%w: %w", ErrSchema, err)
	}
	switch {
	case head.Schema == "":
		return fmt.Errorf("%w: it has no schema", ErrSchema)
	case head.Schema != want:
		return fmt.Errorf("%w: its schema is %q, this zbench reads %q", ErrSchema, head.Schema, want)
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%w: %w", ErrSchema, err)
	}
	*schema = head.Schema
	return nil
}

// reopen rebuilds the run id as far as its interval log goes.
func reopen(dir, id string) (*Run, error) {
	path := filepath.Join(dir, id)
	r, err := readBegun(path + ".json")
	if err != nil {
		return nil, err
	}
	r.ID = id
	text, err := os.ReadFile(path + ".hlog")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w in %s: %w", ErrNone, dir, err)
	}
	log, err := readLog(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s.hlog: %w", path, err)
	}
	log.fill(r)
	return r, nil
}

// fill gives r what the log knows, and the verdict of a run that never ended.
func (l *logged) fill(r *Run) {
	r.Series = l.points
	if r.Series == nil {
		r.Series = []Point{}
	}
	r.Accounting = l.last.Accounting
	if n := len(l.points); n > 0 {
		r.DurationS = l.points[n-1].TS
	}
	r.MeasuredFromS = max(r.MeasuredFromS, l.last.FromS)
	if r.MeasuredToS == 0 || r.MeasuredToS > r.DurationS {
		r.MeasuredToS = max(r.MeasuredFromS, r.DurationS)
	}
	kind := l.last.Kind
	if kind == "" {
		kind = NoLatency
	}
	r.Latency = Latency{Kind: kind, MatchedBy: matchedBy(kind, l.last.ByOrder), BlockedS: l.last.BlockedS}
	if kind != NoLatency {
		// What was on its way when the log ends is neither lost nor slow.
		r.Latency.Service = l.measured.summary(service, negativeService, &l.course)
	}
	if l.last.Scheduled {
		r.Latency.Lag = l.measured.summary(lag, lag, &l.course)
		if kind != NoLatency {
			r.Latency.Response = l.measured.summary(response, negativeResponse, &l.course)
		}
	}
	r.Latency.ReceiveLag, r.Latency.Lateness = l.known(receiveLag), l.known(lateness)
	r.Throughput = l.last.throughput(r.DurationS)
	r.Verdict = Interrupted
	r.Reasons = []Reason{{Interrupted, fmt.Sprintf(
		"the process ended before the run did; rebuilt from %d intervals", len(l.points))}}
	r.Warnings = []Warning{{"rebuilt", "messages that were on their way at the end are counted as lost"}}
}

// throughput is over the window, up to where the log ends in s.
func (c *closing) throughput(end float64) (t Throughput) {
	if c.ToS > 0 {
		end = min(end, c.ToS)
	}
	window := end - c.FromS
	n := c.InWindow
	if c.Scheduled {
		n = c.MeasuredN
	}
	if n == 0 || window <= 0 {
		return t
	}
	rate := float64(n) / window
	if c.FanOut {
		delivered := rate
		t.DeliveredMsgsPerS = &delivered
	}
	if c.Expected > 0 {
		rate *= float64(c.Wanted) / float64(c.Expected)
	}
	inBytes := rate * float64(c.Bytes) / float64(max(c.MeasuredN, 1))
	t.AchievedMsgsPerS, t.AchievedBytesPerS = &rate, &inBytes
	return t
}

// known is the summary of a lateness, nil where nothing of its kind was logged.
func (l *logged) known(kind int) *Summary {
	if l.measured.total(kind) == 0 {
		return nil
	}
	return l.measured.summary(kind, kind, &l.course)
}

// summary of one kind and its mirror; mirror is kind itself where it has none.
func (s *sums) summary(kind, mirror int, course *batches) *Summary {
	d := distribution{values: s.h[kind], beyond: s.beyond[kind]}
	if mirror != kind {
		d.mirrored = s.h[mirror]
	}
	d.batches = course.of(kind, mirror)
	return d.summary()
}
