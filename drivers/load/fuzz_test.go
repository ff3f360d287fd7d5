package load

import (
	"strings"
	"testing"
)

// checkError demands one line that quotes the text and ends with the mend.
func checkError(t *testing.T, s string, err error) {
	t.Helper()
	if m := err.Error(); strings.Contains(m, "\n") || !strings.Contains(m, quote(s)) || !strings.Contains(m, "; ") {
		t.Errorf("%q: error %q", s, m)
	}
}

func FuzzParseRate(f *testing.F) {
	for _, s := range []string{"", "0", "1000", "1k", "2.5M", "0.5", "1/3", "-1", "NaN", "1e9", "1/0", "0.000000001", "1000M", "99999999999999999999", "1..2", "\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseRate(s)
		if err != nil {
			checkError(t, s, err)
			return
		}
		if back, err := ParseRate(r.String()); err != nil || back != r {
			t.Errorf("%q is %v, which reads back as %v, %v", s, r, back, err)
		}
		if v := r.PerSecond(); v < 0 || v > maxRate || (v == 0) != r.IsZero() {
			t.Errorf("%q is %v per second", s, v)
		}
	})
}

func FuzzParseStages(f *testing.F) {
	for _, s := range []string{"", "10s@1k", "10s@1k+30s@5k", "20s@1k..5k", "1h@0..1/3+1ns@1000M", "@", "1s@", "+", "1s@1..2..3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		stages, err := ParseStages(s)
		if err != nil {
			checkError(t, s, err)
			return
		}
		text := FormatStages(stages)
		if back, err := ParseStages(text); err != nil || FormatStages(back) != text || len(back) != len(stages) {
			t.Errorf("%q is %q, which reads back as %v, %v", s, text, back, err)
		}
		spec := Spec{Stages: stages}
		if err := spec.Validate(); err != nil {
			t.Errorf("%q: %v", s, err)
		}
		checkSomeArrivals(t, spec)
	})
}

// checkSomeArrivals demands of the first messages of each phase that they lie
// inside it and never decrease.
func checkSomeArrivals(t *testing.T, spec Spec) {
	t.Helper()
	for _, g := range spec.segments() {
		last := int64(-1)
		for j := range min(g.count, 100) {
			for _, j := range []uint64{j, g.count - 100 + j} {
				if j >= g.count {
					continue
				}
				if at := g.at(j); at < 0 || at >= g.length {
					t.Fatalf("%s: message %d of %d is due at %d of %d ns", g.name, j, g.count, at, g.length)
				}
			}
			if at := g.at(j); at < last {
				t.Fatalf("%s: message %d is due at %d ns, before %d", g.name, j, at, last)
			} else {
				last = at
			}
		}
	}
}

func FuzzParseBytes(f *testing.F) {
	for _, s := range []string{"", "64", "1KiB", "64k", "4MiB", "1MB", "1.5GiB", "-1", "1.0000000001", "9223372036854775808", "1KiBB"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseBytes(s)
		if err != nil {
			checkError(t, s, err)
			return
		}
		if back, err := ParseBytes(formatBytes(n)); err != nil || back != n || n < 0 {
			t.Errorf("%q is %d, which reads back as %d, %v", s, n, back, err)
		}
	})
}

func FuzzParseCount(f *testing.F) {
	for _, s := range []string{"", "10", "100k", "1.5M", "2G", "18446744073709551615", "18446744073709551616", "-1", "1m"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseCount(s)
		if err != nil {
			checkError(t, s, err)
			return
		}
		if back, err := ParseCount(formatCount(n)); err != nil || back != n {
			t.Errorf("%q is %d, which reads back as %d, %v", s, n, back, err)
		}
	})
}

func FuzzParseArrival(f *testing.F) {
	for _, s := range []string{"", "constant", "poisson", "burst", "burst:10", "burst:1k", "burst:", "burst:0", "poisson:2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseArrival(s)
		if err != nil {
			checkError(t, s, err)
			return
		}
		spec := Spec{Rate: Rate{1000, 1}, Arrival: a, Duration: 1e9, Seed: 1}
		if err := spec.Validate(); err != nil {
			t.Errorf("%q: %v", s, err)
		}
		if _, ok := spec.Client(0, 1).Next(); !ok {
			t.Errorf("%q: no message", s)
		}
	})
}
