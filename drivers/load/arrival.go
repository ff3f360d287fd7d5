package load

import "strings"

// Arrival is how messages follow each other at a rate: "constant" (the
// default), "poisson", "burst" or "burst:N", which is N messages at once every
// N/rate seconds.
type Arrival string

// The arrivals; Burst may be followed by ":N".
const (
	Constant Arrival = "constant"
	Poisson  Arrival = "poisson"
	Burst    Arrival = "burst"
)

// DefaultBurst is the number of messages of a burst that names none.
const DefaultBurst = 100

// maxBurst keeps indexes far from overflow.
const maxBurst = 1_000_000_000

// ParseArrival checks an arrival. The error is a *ParseError.
func ParseArrival(s string) (Arrival, error) {
	if _, _, err := Arrival(s).parse(); err != nil {
		return "", err
	}
	return Arrival(s), nil
}

// parse gives the kind and the messages of a burst, 1 where there are none.
func (a Arrival) parse() (kind Arrival, burst uint64, err error) {
	name, size, sized := strings.Cut(string(a), ":")
	switch kind := Arrival(name); {
	case a == "":
		return Constant, 1, nil
	case !sized && (kind == Constant || kind == Poisson):
		return kind, 1, nil
	case !sized && kind == Burst:
		return Burst, DefaultBurst, nil
	case sized && kind == Burst:
		n, why := parseWhole(size, maxBurst, map[string]uint64{"": 1, "k": 1e3, "M": 1e6})
		if why == "" && n == 0 {
			why = "no message"
		}
		if why != "" {
			return "", 0, &ParseError{"arrival", string(a), "burst of " + quote(size) + ": " + why, "write it like burst:100"}
		}
		return Burst, n, nil
	}
	return "", 0, &ParseError{"arrival", string(a), "unknown", "choose constant, poisson, burst or burst:100"}
}
