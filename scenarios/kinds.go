package scenarios

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"zbench/drivers"
	"zbench/drivers/load"
	"zbench/engines"
	"zbench/results"
)

// The kinds of values that keys take, each a constructor of a Field.

func text(key, doc, example string, at func(*results.Cell) *string) Field {
	return checked(key, doc, example, at, func(string) error { return nil })
}

func checked(key, doc, example string, at func(*results.Cell) *string, check func(string) error) Field {
	return Field{Key: key, Doc: doc, Example: example,
		Set: func(c *results.Cell, s string) error {
			*at(c) = s
			return check(s)
		},
		Get: func(c results.Cell) string { return *at(&c) },
	}
}

func whole(key, doc, example string, least int, at func(*results.Cell) *int) Field {
	return Field{Key: key, Doc: doc, Example: example,
		Set: func(c *results.Cell, s string) error {
			n, err := load.ParseCount(s)
			if err != nil {
				return err
			}
			if n < uint64(least) || n > math.MaxInt32 {
				return refuse(fmt.Sprintf("write a number from %d on", least), "out of range")
			}
			*at(c) = int(n)
			return nil
		},
		Get: func(c results.Cell) string { return positive(*at(&c)) },
	}
}

// byteCount takes sizes and, for the HWM, counts: k is 1000 in both.
func byteCount(key, doc, example string, at func(*results.Cell) *int) Field {
	return Field{Key: key, Doc: doc, Example: example,
		Set: func(c *results.Cell, s string) error {
			n, err := load.ParseBytes(s)
			if err != nil {
				return err
			}
			if n > math.MaxInt32 {
				return refuse("write a smaller number", "out of range")
			}
			*at(c) = int(n)
			return nil
		},
		Get: func(c results.Cell) string { return positive(*at(&c)) },
	}
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func seconds(key, doc, example string, zero bool, at func(*results.Cell) *float64) Field {
	return Field{Key: key, Doc: doc, Example: example,
		Set: func(c *results.Cell, s string) error {
			d, err := time.ParseDuration(s)
			switch {
			case err != nil:
				return refuse("write it like 10s, 500ms or 2m", "not a duration")
			case d < 0 || d == 0 && !zero:
				return refuse("write it like 10s, 500ms or 2m", "out of range")
			}
			*at(c) = d.Seconds()
			return nil
		},
		Get: func(c results.Cell) string {
			if *at(&c) < 0 || *at(&c) == 0 && !zero {
				return ""
			}
			return time.Duration(math.Round(*at(&c) * 1e9)).String()
		},
	}
}

func fraction(key, doc, example string, at func(*results.Cell) *float64) Field {
	return Field{Key: key, Doc: doc, Example: example,
		Set: func(c *results.Cell, s string) (err error) {
			*at(c), err = parseFraction(s)
			return err
		},
		Get: func(c results.Cell) string {
			if *at(&c) <= 0 {
				return ""
			}
			return strconv.FormatFloat(*at(&c)*100, 'g', 6, 64) + "%"
		},
	}
}

// parseFraction reads "1%" or "0.01".
func parseFraction(s string) (float64, error) {
	number, percent := strings.CutSuffix(s, "%")
	f, err := strconv.ParseFloat(number, 64)
	if percent {
		f /= 100
	}
	if err != nil || !(f >= 0 && f < 1) {
		return 0, refuse("write it like 1% or 0.01, below 100%", "not a fraction")
	}
	return f, nil
}

// rateField: a rate of 0 asks for the max loop, which is not the same as none.
func rateField() Field {
	return Field{Key: "rate", Doc: "messages per second of all clients together; 0 is as fast as it goes", Example: "10k",
		Set: func(c *results.Cell, s string) error {
			r, err := load.ParseRate(s)
			if err != nil {
				return err
			}
			c.RateMsgsPerS = r.PerSecond()
			if r.IsZero() {
				c.Loop = results.Max
			}
			return nil
		},
		Get: func(c results.Cell) string {
			switch {
			case c.RateMsgsPerS > 0:
				return strconv.FormatFloat(c.RateMsgsPerS, 'f', -1, 64)
			case c.Loop == results.Max:
				return "0"
			}
			return ""
		},
	}
}

func countField() Field {
	return Field{Key: "count", Doc: "how many messages to measure, of all clients together", Example: "100k",
		Set: func(c *results.Cell, s string) (err error) {
			if c.Count, err = load.ParseCount(s); err == nil && c.Count == 0 {
				err = refuse("write a number from 1 on, or leave it out", "nothing would be measured")
			}
			return err
		},
		Get: func(c results.Cell) string {
			if c.Count == 0 {
				return ""
			}
			return strconv.FormatUint(c.Count, 10)
		},
	}
}

func checkPayload(s string) error {
	for _, prefix := range []string{"file:", drivers.TemplatePrefix} {
		if rest, ok := strings.CutPrefix(s, prefix); ok && rest != "" {
			return nil
		}
	}
	if s != "zero" && s != "random" {
		return refuse("write zero, random or file:PATH, or template:TEXT", "unknown")
	}
	return nil
}

var nextEndpoint = regexp.MustCompile(`\+([a-z]+://)`)

// endpoints of the load side, when the other one is somebody else's. Which
// side listens is in the key.
func endpoints(key, doc, listen string) Field {
	return Field{Key: key, Doc: doc, Example: "tcp://127.0.0.1:5555",
		Set: func(c *results.Cell, s string) error {
			if len(c.Endpoints) > 0 {
				return refuse("leave one out", "connect and bind contradict each other")
			}
			if c.Listen != "" && c.Listen != listen {
				return refuse("leave listen out", "listen %s contradicts it", c.Listen)
			}
			if c.PeerEngine != "" {
				return refuse("leave peer-engine out", "the peer is somebody else's")
			}
			list := strings.Split(nextEndpoint.ReplaceAllString(s, "\x00$1"), "\x00")
			for _, e := range list {
				transport, _, err := engines.ParseEndpoint(e)
				if err != nil {
					return unquotedEndpoint(e, err)
				}
				if c.Transport != "" && c.Transport != transport {
					return refuse("leave transport out, or name an endpoint of that transport", "transport %s contradicts it", c.Transport)
				}
				c.Transport = transport
			}
			c.Endpoints, c.Listen, c.Placement = list, listen, "external"
			return nil
		},
		Get: func(c results.Cell) string {
			if c.Listen != listen {
				return ""
			}
			return strings.Join(c.Endpoints, "+")
		},
	}
}

func unquotedEndpoint(e string, err error) error {
	what := strings.TrimPrefix(err.Error(), fmt.Sprintf("endpoint %q: ", e))
	why, mend, ok := strings.Cut(what, "; ")
	if !ok {
		mend = "write it like tcp://127.0.0.1:5555"
	}
	return &refusal{why, mend}
}
