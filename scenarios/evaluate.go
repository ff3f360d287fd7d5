package scenarios

import (
	"math"

	"zbench/results"
)

// The statuses of a threshold in a result.
const (
	Pass         = "pass"
	Fail         = "fail"
	Inconclusive = "inconclusive"
)

// Evaluate writes into the run whether it meets each threshold. A figure that
// could not be published decides nothing, and neither does a run that failed or
// was interrupted.
func Evaluate(thresholds []Threshold, run *results.Run) {
	run.Thresholds = nil
	for _, t := range thresholds {
		run.Thresholds = append(run.Thresholds, t.evaluate(run))
	}
}

func (t Threshold) evaluate(run *results.Run) results.Threshold {
	out := results.Threshold{Expr: t.Expr, Status: Inconclusive, Figure: t.Figure, Unit: t.figure.unit.name}
	if run.Verdict == results.Failed || run.Verdict == results.Interrupted {
		out.Detail = "the run " + map[results.Verdict]string{results.Failed: "failed", results.Interrupted: "was interrupted"}[run.Verdict]
		return out
	}
	v, missing := t.figure.of(run)
	if missing != "" {
		out.Detail = t.Figure + " was " + missing
		return out
	}
	out.Detail = t.Figure + " is " + t.format(v)
	if !math.IsInf(v, 0) {
		out.Value = &v
	}
	out.Status = Fail
	if t.met(v) {
		out.Status = Pass
	}
	return out
}

func (t Threshold) format(v float64) string {
	if math.IsInf(v, 1) {
		return "without bound: lost messages reach it"
	}
	return t.figure.unit.format(v)
}
