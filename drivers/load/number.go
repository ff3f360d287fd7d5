package load

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// ParseError is what a parser of this package refuses, in one line that ends
// with the mend.
type ParseError struct {
	What string // "rate", "stages", "size", "count" or "arrival"
	Text string // as given
	Why  string
	Mend string
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("%s %q: %s; %s", e.What, e.Text, e.Why, e.Mend)
}

// ParseCount reads a whole number: "10", "100k", "1.5M". The error is a
// *ParseError.
func ParseCount(s string) (uint64, error) {
	n, why := parseWhole(s, math.MaxUint64, map[string]uint64{"": 1, "k": 1e3, "M": 1e6, "G": 1e9})
	if why != "" {
		return 0, &ParseError{"count", s, why, "write it like 1000, 100k or 1.5M"}
	}
	return n, nil
}

// ParseBytes reads a size in bytes: "64", "64B", "64k" (64,000), "1KiB"
// (1,024), "1MB" (1,000,000), "4MiB", and the same of G. The error is a
// *ParseError.
func ParseBytes(s string) (int64, error) {
	n, why := parseWhole(s, math.MaxInt64, map[string]uint64{
		"": 1, "B": 1,
		"k": 1e3, "kB": 1e3, "KB": 1e3, "KiB": 1 << 10,
		"M": 1e6, "MB": 1e6, "MiB": 1 << 20,
		"G": 1e9, "GB": 1e9, "GiB": 1 << 30,
	})
	if why != "" {
		return 0, &ParseError{"size", s, why, "write it like 64, 1KiB (1024), 64k (64000) or 4MiB"}
	}
	return int64(n), nil
}

// formatCount is the shortest exact form of a usual number that ParseCount
// reads back: "1500", "100k", "2.5M". It uses a unit where at most two decimals remain.
func formatCount(n uint64) string {
	for _, u := range []struct {
		unit string
		size uint64
	}{{"M", 1e6}, {"k", 1e3}} {
		if n >= u.size && n%(u.size/100) == 0 {
			s := fmt.Sprintf("%d.%02d", n/u.size, n%u.size/(u.size/100))
			return strings.TrimRight(strings.TrimRight(s, "0"), ".") + u.unit
		}
	}
	return strconv.FormatUint(n, 10)
}

// decimal is digits/10^places and what follows it.
type decimal struct {
	digits uint64
	places int // 0 to 9
	unit   string
}

func (d decimal) denominator() uint64 {
	n := uint64(1)
	for range d.places {
		n *= 10
	}
	return n
}

func quote(s string) string { return strconv.Quote(s) }

// parseDecimal splits "2.5M" into number and unit. It allows neither sign nor
// exponent.
func parseDecimal(s string) (d decimal, why string) {
	if s == "" {
		return d, "empty"
	}
	if s[0] == '-' {
		return d, "negative"
	}
	end := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if end < 0 {
		end = len(s)
	}
	d.unit = s[end:]
	whole, part, dot := strings.Cut(s[:end], ".")
	if whole == "" || dot && part == "" || strings.Contains(part, ".") {
		return d, "not a number"
	}
	part = strings.TrimRight(part, "0")
	if len(part) > 9 {
		return d, "finer than nine decimals"
	}
	n, err := strconv.ParseUint(whole+part, 10, 64)
	if err != nil {
		return d, "too large"
	}
	d.digits, d.places = n, len(part)
	return d, ""
}

// parseWhole reads a decimal with one of the units that comes out whole and no
// larger than most.
func parseWhole(s string, most uint64, units map[string]uint64) (n uint64, why string) {
	d, why := parseDecimal(s)
	if why != "" {
		return 0, why
	}
	mult, ok := units[d.unit]
	if !ok {
		return 0, fmt.Sprintf("unknown unit %q", d.unit)
	}
	hi, lo := bits.Mul64(d.digits, mult)
	den := d.denominator()
	if hi >= den {
		return 0, "too large"
	}
	n, rest := bits.Div64(hi, lo, den)
	if rest != 0 {
		return 0, "not a whole number"
	}
	if n > most {
		return 0, "too large"
	}
	return n, ""
}
