package results

import "testing"

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{inWords(2.06e9), "2.06 s"}, {inWords(2.39e6), "2.39 ms"}, {inWords(2.99e6), "2.99 ms"},
		{inWords(999.6e3), "1 ms"}, {inWords(207e3), "207 µs"}, {inWords(12), "12 ns"}, {inWords(0), "0 ns"},
		{inWords(4000e9), "4000 s"}, {inWords(-3e6), "-3 ms"},
		{perSecond(2200), "2.2 k/s"}, {perSecond(18.5), "18.5/s"}, {perSecond(1.41e6), "1.41 M/s"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
