package load

import (
	"errors"
	"strconv"
	"testing"
	"time"
)

func TestParseRate(t *testing.T) {
	for _, c := range []struct {
		in, out   string
		perSecond float64
	}{
		{"0", "0", 0},
		{"0.000", "0", 0},
		{"0/7", "0", 0},
		{"1000", "1k", 1000},
		{"1k", "1k", 1000},
		{"1234", "1234", 1234},
		{"1250", "1.25k", 1250},
		{"2.5M", "2.5M", 2.5e6},
		{"2.50M", "2.5M", 2.5e6},
		{"1234567", "1234567", 1234567},
		{"0.5", "0.5", 0.5},
		{"1/4", "0.25", 0.25},
		{"10/8", "1.25", 1.25},
		{"1/3", "1/3", 1. / 3},
		{"0.000000001", "0.000000001", 1e-9},
		{"0.0000000010", "0.000000001", 1e-9},
		{"0.333333333k", "333.333333", 333.333333},
		{"1000M", "1000M", 1e9},
		{"007", "7", 7},
	} {
		r, err := ParseRate(c.in)
		if err != nil || r.String() != c.out || r.PerSecond() != c.perSecond {
			t.Errorf("ParseRate(%q) = %v (%v/s), %v; want %v (%v/s)", c.in, r, r.PerSecond(), err, c.out, c.perSecond)
		}
	}
}

// refused is a text that a parser refuses and the whole message.
type refused struct{ in, message string }

func checkRefused(t *testing.T, parse func(string) error, cases []refused) {
	t.Helper()
	for _, c := range cases {
		err := parse(c.in)
		if err == nil || err.Error() != c.message {
			t.Errorf("%q:\n got %v\nwant %s", c.in, err, c.message)
		}
		var p *ParseError
		if !errors.As(err, &p) || p.Text != c.in {
			t.Errorf("%q: %#v is no ParseError of that text", c.in, err)
		}
	}
}

func TestParseRateRefuses(t *testing.T) {
	const mend = "; write it like 1000, 2.5k, 1M or 1/3"
	checkRefused(t, func(s string) error { _, err := ParseRate(s); return err }, []refused{
		{"", `rate "": empty` + mend},
		{"-5", `rate "-5": negative` + mend},
		{"NaN", `rate "NaN": not a number` + mend},
		{"Inf", `rate "Inf": not a number` + mend},
		{" 5", `rate " 5": not a number` + mend},
		{"+5", `rate "+5": not a number` + mend},
		{".5", `rate ".5": not a number` + mend},
		{"5.", `rate "5.": not a number` + mend},
		{"1.2.3", `rate "1.2.3": not a number` + mend},
		{"1e6", `rate "1e6": unknown unit "e6"` + mend},
		{"5K", `rate "5K": unknown unit "K"` + mend},
		{"1k/s", `rate "1k/s": not a fraction of two whole numbers` + mend},
		{"1/0", `rate "1/0": divides by zero` + mend},
		{"-1/3", `rate "-1/3": not a fraction of two whole numbers` + mend},
		{"1/10000000000", `rate "1/10000000000": finer than nine decimals` + mend},
		{"0.1234567891", `rate "0.1234567891": finer than nine decimals` + mend},
		{"1001M", `rate "1001M": more than 1000M messages per second` + mend},
		{"18446744073709551615M", `rate "18446744073709551615M": more than 1000M messages per second` + mend},
		{"18446744073709551616", `rate "18446744073709551616": too large` + mend},
		{"1000000001/1", `rate "1000000001/1": more than 1000M messages per second` + mend},
	})
}

func TestParseBytes(t *testing.T) {
	for _, c := range []struct {
		in  string
		n   int64
		out string
	}{
		{"0", 0, "0"}, {"64", 64, "64"}, {"64B", 64, "64"}, {"1000", 1000, "1k"},
		{"64k", 64000, "64k"}, {"1kB", 1000, "1k"}, {"1KB", 1000, "1k"}, {"1KiB", 1024, "1KiB"},
		{"1.5KiB", 1536, "1536"}, {"1MB", 1000000, "1M"}, {"4MiB", 4 << 20, "4MiB"},
		{"1G", 1e9, "1G"}, {"2GiB", 2 << 30, "2GiB"}, {"1024", 1024, "1KiB"},
		{"9223372036854775807", 1<<63 - 1, "9223372036854775807"},
	} {
		n, err := ParseBytes(c.in)
		if err != nil || n != c.n || formatBytes(n) != c.out {
			t.Errorf("ParseBytes(%q) = %d (%s), %v; want %d (%s)", c.in, n, formatBytes(n), err, c.n, c.out)
		}
	}
	const mend = "; write it like 64, 1KiB (1024), 64k (64000) or 4MiB"
	checkRefused(t, func(s string) error { _, err := ParseBytes(s); return err }, []refused{
		{"", `size "": empty` + mend},
		{"-1", `size "-1": negative` + mend},
		{"64K", `size "64K": unknown unit "K"` + mend},
		{"64 B", `size "64 B": unknown unit " B"` + mend},
		{"big", `size "big": not a number` + mend},
		{"1.5", `size "1.5": not a whole number` + mend},
		{"9223372036854775808", `size "9223372036854775808": too large` + mend},
		{"99999999999GiB", `size "99999999999GiB": too large` + mend},
	})
}

func TestParseCount(t *testing.T) {
	for in, want := range map[string]uint64{"0": 0, "10": 10, "100k": 100000, "1M": 1e6, "1.5M": 1500000, "2G": 2e9, "18446744073709551615": 1<<64 - 1} {
		n, err := ParseCount(in)
		if err != nil || n != want {
			t.Errorf("ParseCount(%q) = %d, %v; want %d", in, n, err, want)
		}
		if back, err := ParseCount(formatCount(n)); err != nil || back != n {
			t.Errorf("formatCount(%d) = %q reads back as %d, %v", n, formatCount(n), back, err)
		}
	}
	const mend = "; write it like 1000, 100k or 1.5M"
	checkRefused(t, func(s string) error { _, err := ParseCount(s); return err }, []refused{
		{"many", `count "many": not a number` + mend},
		{"-1", `count "-1": negative` + mend},
		{"1.5", `count "1.5": not a whole number` + mend},
		{"1KiB", `count "1KiB": unknown unit "KiB"` + mend},
		{"18446744073709551615k", `count "18446744073709551615k": too large` + mend},
	})
}

func TestParseStages(t *testing.T) {
	for in, want := range map[string]string{
		"10s@1k":            "10s@1k",
		"10s@1000+30s@5k":   "10s@1k+30s@5k",
		"20s@1k..5k":        "20s@1k..5k",
		"60s@1k..1000":      "1m@1k",
		"5s@0+1h0m@0..1/3":  "5s@0+1h@0..1/3",
		"1h30m@1":           "1h30m@1",
		"100ms@0.5+1m1s@2M": "100ms@0.5+1m1s@2M",
	} {
		stages, err := ParseStages(in)
		if err != nil || FormatStages(stages) != want {
			t.Errorf("ParseStages(%q) = %q, %v; want %q", in, FormatStages(stages), err, want)
		}
	}
	stages, _ := ParseStages("10s@1k+20s@1k..5k")
	if len(stages) != 2 || stages[1] != (StageSpec{20 * time.Second, Rate{1000, 1}, Rate{5000, 1}}) {
		t.Errorf("got %#v", stages)
	}
	const mend = "; write them like 10s@1k+30s@5k, a ramp like 20s@1k..5k"
	checkRefused(t, func(s string) error { _, err := ParseStages(s); return err }, []refused{
		{"", `stages "": stage "": no @ between duration and rate` + mend},
		{"10s@1k+", `stages "10s@1k+": stage "": no @ between duration and rate` + mend},
		{"10s", `stages "10s": stage "10s": no @ between duration and rate` + mend},
		{"10@1k", `stages "10@1k": stage "10@1k": duration "10" is none` + mend},
		{"0s@1k", `stages "0s@1k": stage "0s@1k": duration "0s" is not above zero` + mend},
		{"-1s@1k", `stages "-1s@1k": stage "-1s@1k": duration "-1s" is not above zero` + mend},
		{"1s@x", `stages "1s@x": stage "1s@x": rate "x": not a number` + mend},
		{"1s@1..", `stages "1s@1..": stage "1s@1..": rate "": empty` + mend},
		{"1s@1..2..3", `stages "1s@1..2..3": stage "1s@1..2..3": rate "2..3": not a number` + mend},
		{"1s@0+2s@0", `stages "1s@0+2s@0": every rate is 0, nothing would be sent` + mend},
		{"2000000h@1", `stages "2000000h@1": stage "2000000h@1": longer than 100 years` + mend},
	})
}

func TestParseArrival(t *testing.T) {
	for _, s := range []string{"", "constant", "poisson", "burst", "burst:1", "burst:10k"} {
		if a, err := ParseArrival(s); err != nil || string(a) != s {
			t.Errorf("ParseArrival(%q) = %q, %v", s, a, err)
		}
	}
	const choose = "; choose constant, poisson, burst or burst:100"
	const write = "; write it like burst:100"
	checkRefused(t, func(s string) error { _, err := ParseArrival(s); return err }, []refused{
		{"Poisson", `arrival "Poisson": unknown` + choose},
		{"constant:5", `arrival "constant:5": unknown` + choose},
		{"burst:", `arrival "burst:": burst of "": empty` + write},
		{"burst:0", `arrival "burst:0": burst of "0": no message` + write},
		{"burst:1.5", `arrival "burst:1.5": burst of "1.5": not a whole number` + write},
		{"burst:2000M", `arrival "burst:2000M": burst of "2000M": too large` + write},
	})
}

func TestRate(t *testing.T) {
	if r, why := newRate(2, 6); why != "" || r != (Rate{1, 3}) {
		t.Errorf("got %v, %s", r, why)
	}
	if _, why := newRate(1, 0); why != "divides by zero" {
		t.Errorf("got %s", why)
	}
	var r Rate
	if err := r.UnmarshalText([]byte("2.5k")); err != nil || r != (Rate{2500, 1}) {
		t.Errorf("got %v, %v", r, err)
	}
	if b, err := r.MarshalText(); err != nil || string(b) != "2.5k" {
		t.Errorf("got %s, %v", b, err)
	}
}

// formatBytes is a form that ParseBytes reads back: "64", "1KiB", "64k".
func formatBytes(n int64) string {
	if n < 0 {
		return strconv.FormatInt(n, 10)
	}
	for _, u := range []struct {
		unit string
		size int64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"G", 1e9}, {"M", 1e6}, {"k", 1e3}} {
		if n > 0 && n%u.size == 0 {
			return strconv.FormatInt(n/u.size, 10) + u.unit
		}
	}
	return strconv.FormatInt(n, 10)
}
