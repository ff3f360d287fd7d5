package scenarios

import (
	"fmt"
	"strings"
	"time"

	"zbench/drivers/load"
)

// Threshold is a demand on every run of a cell: FIGURE OPERATOR VALUE.
type Threshold struct {
	Expr   string // "response.p99 < 2ms", with single spaces
	Figure string
	Op     string
	Value  float64 // in the figure's unit
	figure figure
}

// operators, the longer of two with the same beginning first.
var operators = []struct {
	name string
	met  func(a, b float64) bool
}{
	{"<=", func(a, b float64) bool { return a <= b }},
	{">=", func(a, b float64) bool { return a >= b }},
	{"==", func(a, b float64) bool { return a == b }},
	{"!=", func(a, b float64) bool { return a != b }},
	{"<", func(a, b float64) bool { return a < b }},
	{">", func(a, b float64) bool { return a > b }},
}

// ParseThreshold reads "response.p99 < 2ms", "lost == 0" or "achieved > 100k".
// The error is one line that ends with the mend.
func ParseThreshold(expr string) (Threshold, error) {
	at := strings.IndexAny(expr, "<>=!")
	if at < 0 {
		return Threshold{}, fmt.Errorf("threshold %q: no comparison; write it like response.p99 < 2ms or lost == 0", expr)
	}
	for _, op := range operators {
		value, ok := strings.CutPrefix(expr[at:], op.name)
		if !ok {
			continue
		}
		return newThreshold(expr, strings.TrimSpace(expr[:at]), op.name, strings.TrimSpace(value))
	}
	return Threshold{}, fmt.Errorf("threshold %q: %q is no comparison; use <, <=, >, >=, == or !=", expr, expr[at:at+1])
}

func newThreshold(expr, name, op, value string) (Threshold, error) {
	f, ok := findFigure(name)
	if !ok {
		return Threshold{}, fmt.Errorf("threshold %q: unknown figure %q; %s", expr, name, unknownFigure(name))
	}
	v, mend := f.unit.parse(value)
	if mend != "" {
		return Threshold{}, fmt.Errorf("threshold %q: %q is not what %s is measured in; %s", expr, value, name, mend)
	}
	return Threshold{Expr: name + " " + op + " " + value, Figure: name, Op: op, Value: v, figure: f}, nil
}

// met reports whether a value satisfies the threshold.
func (t Threshold) met(value float64) bool {
	for _, op := range operators {
		if op.name == t.Op {
			return op.met(value, t.Value)
		}
	}
	return false
}

// unit is how the values of a figure are written and read.
type unit struct {
	name string // in a result
	// parse gives the value, or the mend where it is none.
	parse  func(string) (v float64, mend string)
	format func(float64) string
}

var (
	nanoseconds = unit{"ns", parseLatency, func(v float64) string { return time.Duration(v).String() }}
	count       = unit{"", parseCount, func(v float64) string { return fmt.Sprintf("%.0f", v) }}
	perSecond   = unit{"messages/s", parsePerSecond, func(v float64) string { return fmt.Sprintf("%.4g/s", v) }}
	bytesPerSec = unit{"bytes/s", parseBytesPerSecond, func(v float64) string { return fmt.Sprintf("%.4g B/s", v) }}
	share       = unit{"share", parseShare, func(v float64) string { return fmt.Sprintf("%.4g%%", v*100) }}
	number      = unit{"", parseNumber, func(v float64) string { return fmt.Sprintf("%.4g", v) }}
)

func parseLatency(s string) (float64, string) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, "write a time such as 100us, 2ms or 1s"
	}
	return float64(d), ""
}

func parseCount(s string) (float64, string) {
	n, err := load.ParseCount(s)
	if err != nil {
		return 0, "write a number such as 0, 100 or 10k"
	}
	return float64(n), ""
}

func parsePerSecond(s string) (float64, string) {
	r, err := load.ParseRate(strings.TrimSuffix(s, "/s"))
	if err != nil {
		return 0, "write messages per second such as 500, 100k or 1.5M"
	}
	return r.PerSecond(), ""
}

func parseBytesPerSecond(s string) (float64, string) {
	n, err := load.ParseBytes(strings.TrimSuffix(s, "/s"))
	if err != nil {
		return 0, "write bytes per second such as 10MiB or 1GB"
	}
	return float64(n), ""
}

func parseShare(s string) (float64, string) {
	f, err := parseFraction(s)
	if err != nil {
		return 0, "write a share such as 0.1% or 0.001"
	}
	return f, ""
}

func parseNumber(s string) (float64, string) {
	r, err := load.ParseRate(s)
	if err != nil || strings.Contains(s, "/") {
		return 0, "write a number such as 0, 0.5 or 100"
	}
	return r.PerSecond(), ""
}
