package report

import (
	"math"
	"strconv"
	"strings"

	"zbench/results"
)

// A unit scales a base figure for people: 1200 ns is 1.20 of the unit µs.
type unit struct {
	factor float64
	name   string
}

var (
	durationUnits = [...]unit{{1, "ns"}, {1e3, "µs"}, {1e6, "ms"}, {1e9, "s"}}
	rateUnits     = [...]unit{{1, "/s"}, {1e3, "k/s"}, {1e6, "M/s"}, {1e9, "G/s"}}
	byteUnits     = [...]unit{{1, "B"}, {1 << 10, "KiB"}, {1 << 20, "MiB"}, {1 << 30, "GiB"}}
)

// pick is the largest unit in which v is at least 1 after rounding to three
// digits.
func pick(units []unit, v float64) unit {
	u := units[0]
	for _, next := range units[1:] {
		if math.Abs(v)/next.factor < 0.9995 {
			break
		}
		u = next
	}
	return u
}

func durationUnit(ns float64) unit { return pick(durationUnits[:], ns) }
func rateUnit(perS float64) unit   { return pick(rateUnits[:], perS) }

// number is v in u with three significant digits, no unit.
func (u unit) number(v float64) string { return digits(v / u.factor) }

// text is v in u with its unit.
func (u unit) text(v float64) string { return u.number(v) + " " + u.name }

// digits writes three significant digits, more before the point if there are.
func digits(v float64) string {
	a := math.Abs(v)
	switch {
	case a == 0:
		return "0"
	case a >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case a >= 0.9995:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return trimZeros(strconv.FormatFloat(v, 'f', 2-int(math.Floor(math.Log10(a))), 64))
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// Duration writes nanoseconds as "31.2 µs".
func Duration(ns float64) string {
	u := durationUnit(ns)
	if u.factor == 1 && ns == math.Trunc(ns) {
		return strconv.FormatFloat(ns, 'f', 0, 64) + " ns"
	}
	return u.text(ns)
}

// Rate writes messages per second as "141 k/s".
func Rate(perS float64) string {
	u := rateUnit(perS)
	if u.factor == 1 {
		return trimZeros(digits(perS)) + " /s"
	}
	return u.text(perS)
}

// roundRate is Rate for figures that somebody chose: "5 k/s", not "5.00 k/s".
func roundRate(perS float64) string {
	u := rateUnit(perS)
	return trimZeros(strconv.FormatFloat(perS/u.factor, 'f', 3, 64)) + " " + u.name
}

// roundDuration is Duration for figures that somebody chose.
func roundDuration(ns float64) string {
	u := durationUnit(ns)
	return trimZeros(strconv.FormatFloat(ns/u.factor, 'f', 3, 64)) + " " + u.name
}

// Bytes writes a size as "64 B" or "1.50 KiB".
func Bytes(n float64) string {
	u := pick(byteUnits[:], n)
	return trimZeros(u.number(n)) + " " + u.name
}

// Count writes a whole number with separators: "1,234,567".
func Count(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Percent writes a fraction: 0.0123 is "1.23 %".
func Percent(fraction float64) string { return trimZeros(digits(fraction*100)) + " %" }

// Ratio writes "1.9 ×", with more digits near one and none from ten on.
func Ratio(r float64) string {
	switch {
	case r >= 9.95:
		return strconv.FormatFloat(r, 'f', 0, 64) + " ×"
	case r >= 1.195:
		return strconv.FormatFloat(r, 'f', 1, 64) + " ×"
	}
	return strconv.FormatFloat(r, 'f', 2, 64) + " ×"
}

// plural is "1 run" or "3 runs".
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return Count(uint64(n)) + " " + noun
}

// Size writes a size of the command line for people: "64" is "64 B", "16KiB"
// is "16 KiB". Mixes stay as they are.
func Size(s string) string {
	number := strings.TrimRight(s, "KMGiB")
	if _, err := strconv.ParseFloat(number, 64); err != nil {
		return s
	}
	if name := strings.TrimPrefix(s, number); name != "" {
		return number + " " + name
	}
	return s + " B"
}

// verdictText is a verdict in words: "generator limited".
func verdictText(v results.Verdict) string { return strings.ReplaceAll(string(v), "_", " ") }

// missing are the reasons of results.Summary.Unpublished, the short words for
// them, and what they mean.
var missing = [...]struct{ reason, short, means string }{
	{"not_measured", "–", "not measured"},
	{"lost", "lost", "so many messages were never sent or never arrived that this percentile is one of them"},
	{"unsent", "unsent", "so many messages were due and never sent that this percentile is one of them"},
	{"too_few", "too few", "too few messages to know this percentile"},
	{"below_clock_error", "< clock", "smaller than three times the error of the clocks"},
}

// missingText is the short word for a reason of results.Summary.Unpublished.
func missingText(reason string) string {
	if reason == "" {
		return missing[0].short
	}
	for _, m := range missing {
		if m.reason == reason {
			return m.short
		}
	}
	return strings.ReplaceAll(reason, "_", " ")
}
