package load

import (
	"strings"
	"time"
)

// StageSpec is a part of a staged load: a rate that holds, or changes linearly
// from From to To. A rate of zero is a pause.
type StageSpec struct {
	Duration time.Duration
	From, To Rate // equal where the rate holds
}

const stagesMend = "write them like 10s@1k+30s@5k, a ramp like 20s@1k..5k"

// ParseStages reads stages joined by "+": "10s@1k+30s@5k", and ramps
// "20s@1k..5k". Durations are Go's. The error is a *ParseError.
func ParseStages(s string) ([]StageSpec, error) {
	var stages []StageSpec
	var total time.Duration
	sends := false
	for _, part := range strings.Split(s, "+") {
		st, why := parseStage(part)
		if why == "" && st.Duration > time.Duration(maxSchedule)-total {
			why = "longer than 100 years"
		}
		if why != "" {
			return nil, &ParseError{"stages", s, "stage " + quote(part) + ": " + why, stagesMend}
		}
		total += st.Duration
		sends = sends || !st.From.IsZero() || !st.To.IsZero()
		stages = append(stages, st)
	}
	if !sends {
		return nil, &ParseError{"stages", s, "every rate is 0, nothing would be sent", stagesMend}
	}
	return stages, nil
}

func parseStage(s string) (st StageSpec, why string) {
	length, rates, ok := strings.Cut(s, "@")
	if !ok {
		return st, "no @ between duration and rate"
	}
	d, err := time.ParseDuration(length)
	if err != nil {
		return st, "duration " + quote(length) + " is none"
	}
	if d <= 0 {
		return st, "duration " + quote(length) + " is not above zero"
	}
	from, to, ramp := strings.Cut(rates, "..")
	if !ramp {
		to = from
	}
	st.Duration = d
	if st.From, why = parseRate(from); why != "" {
		return StageSpec{}, "rate " + quote(from) + ": " + why
	}
	if st.To, why = parseRate(to); why != "" {
		return StageSpec{}, "rate " + quote(to) + ": " + why
	}
	return st, ""
}

// String is the form that ParseStages reads: "10s@1k", "20s@1k..5k".
func (st StageSpec) String() string {
	s := formatDuration(st.Duration) + "@" + st.From.String()
	if st.To != st.From {
		s += ".." + st.To.String()
	}
	return s
}

// FormatStages is the form that ParseStages reads, "" where there are none.
func FormatStages(stages []StageSpec) string {
	parts := make([]string, len(stages))
	for i, st := range stages {
		parts[i] = st.String()
	}
	return strings.Join(parts, "+")
}

// formatDuration leaves out the zero units at the end: "1m", not "1m0s".
func formatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
