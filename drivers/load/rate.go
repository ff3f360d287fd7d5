package load

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// Rate is an exact number of messages per second, a fraction in lowest terms.
// The zero value is no rate: as fast as it goes, or in a stage a pause.
type Rate struct {
	num, den uint64 // den is 0 where num is
}

// Bounds of a rate: one message a nanosecond, nine decimals. With them
// den·10⁹ and num fit in 64 bits.
const (
	maxRate        = 1_000_000_000
	maxDenominator = 1_000_000_000
)

const rateMend = "write it like 1000, 2.5k, 1M or 1/3"

// newRate is num/den messages per second, or why not: above 10⁹ per second, and
// where the lowest terms have a denominator that is 0 or above 10⁹.
func newRate(num, den uint64) (r Rate, why string) {
	if den == 0 {
		return Rate{}, "divides by zero"
	}
	if num == 0 {
		return Rate{}, ""
	}
	g := gcd(num, den)
	num, den = num/g, den/g
	if den > maxDenominator {
		return Rate{}, "finer than nine decimals"
	}
	if num > maxRate*den {
		return Rate{}, "more than 1000M messages per second"
	}
	return Rate{num, den}, ""
}

// ParseRate reads messages per second: "1000", "1k", "2.5M", "0.5" or "1/3".
// "0" is the zero Rate. The error is a *ParseError.
func ParseRate(s string) (Rate, error) {
	r, why := parseRate(s)
	if why != "" {
		return Rate{}, &ParseError{"rate", s, why, rateMend}
	}
	return r, nil
}

func parseRate(s string) (Rate, string) {
	if n, d, ok := strings.Cut(s, "/"); ok {
		num, err1 := strconv.ParseUint(n, 10, 64)
		den, err2 := strconv.ParseUint(d, 10, 64)
		if err1 != nil || err2 != nil {
			return Rate{}, "not a fraction of two whole numbers"
		}
		return newRate(num, den)
	}
	d, why := parseDecimal(s)
	if why != "" {
		return Rate{}, why
	}
	mult, ok := map[string]uint64{"": 1, "k": 1e3, "M": 1e6}[d.unit]
	if !ok {
		return Rate{}, fmt.Sprintf("unknown unit %q", d.unit)
	}
	// Cancel before multiplying, so that only a rate out of bounds overflows.
	den := d.denominator()
	g := gcd(mult, den)
	hi, num := bits.Mul64(d.digits, mult/g)
	if hi != 0 {
		return Rate{}, "more than 1000M messages per second"
	}
	return newRate(num, den/g)
}

// IsZero reports whether there is no rate.
func (r Rate) IsZero() bool { return r.num == 0 }

// PerSecond is the nearest float64 in messages per second.
func (r Rate) PerSecond() float64 {
	if r.num == 0 {
		return 0
	}
	return float64(r.num) / float64(r.den)
}

// String is the shortest exact form that ParseRate reads back.
func (r Rate) String() string {
	if r.num == 0 {
		return "0"
	}
	if r.den == 1 {
		return formatCount(r.num)
	}
	// A decimal ends only if its denominator divides a power of ten.
	for ten, places := uint64(10), 1; places <= 9; ten, places = ten*10, places+1 {
		if ten%r.den == 0 {
			part := r.num % r.den * (ten / r.den)
			return fmt.Sprintf("%d.%0*d", r.num/r.den, places, part)
		}
	}
	return fmt.Sprintf("%d/%d", r.num, r.den)
}

// MarshalText is String.
func (r Rate) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText is ParseRate.
func (r *Rate) UnmarshalText(b []byte) (err error) {
	*r, err = ParseRate(string(b))
	return err
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
