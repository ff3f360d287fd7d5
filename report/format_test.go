package report

import "testing"

func TestFormat(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Duration(0), "0 ns"}, {Duration(85), "85 ns"}, {Duration(85.25), "85.2 ns"}, {Duration(999), "999 ns"},
		{Duration(999.7), "1.00 µs"}, {Duration(1000), "1.00 µs"}, {Duration(31_234), "31.2 µs"}, {Duration(999_499), "999 µs"},
		{Duration(999_500), "1.00 ms"}, {Duration(1_204_000), "1.20 ms"}, {Duration(61e9), "61.0 s"}, {Duration(3.6e12), "3600 s"},
		{Duration(-4000), "-4.00 µs"},
		{Rate(0), "0 /s"}, {Rate(0.5), "0.5 /s"}, {Rate(850), "850 /s"}, {Rate(9.99), "9.99 /s"}, {Rate(141_234), "141 k/s"},
		{Rate(999_700), "1.00 M/s"}, {Rate(23.4e6), "23.4 M/s"}, {Rate(0.000123), "0.000123 /s"},
		{roundRate(5000), "5 k/s"}, {roundRate(1500), "1.5 k/s"}, {roundRate(0.5), "0.5 /s"}, {roundDuration(2e9), "2 s"}, {roundDuration(1.5e6), "1.5 ms"},
		{Bytes(64), "64 B"}, {Bytes(1024), "1 KiB"}, {Bytes(1536), "1.5 KiB"}, {Bytes(41 << 20), "41 MiB"},
		{Count(0), "0"}, {Count(999), "999"}, {Count(1000), "1,000"}, {Count(1234567), "1,234,567"},
		{Percent(0), "0 %"}, {Percent(0.0123), "1.23 %"}, {Percent(1), "100 %"}, {Percent(0.00012), "0.012 %"},
		{Ratio(1), "1.00 ×"}, {Ratio(1.19), "1.19 ×"}, {Ratio(1.9), "1.9 ×"}, {Ratio(9.96), "10 ×"}, {Ratio(130.4), "130 ×"},
		{plural(1, "run"), "1 run"}, {plural(0, "run"), "0 runs"}, {plural(1200, "run"), "1,200 runs"},
		{Size("64"), "64 B"}, {Size("1KiB"), "1 KiB"}, {Size("64:70%+1KiB:30%"), "64:70%+1KiB:30%"},
		{missingText(""), "–"}, {missingText("lost"), "lost"}, {missingText("too_few"), "too few"}, {missingText("made_up"), "made up"},
		{bar(1, 10), "██████████"}, {bar(0.5, 10), "█████"}, {bar(0.0001, 10), "▏"}, {bar(0.53, 10), "█████▎"},
		{slug("throughput", "open loop", "1 k/s offered"), "throughput-open-loop-1-k-s-offered"}, {slug("../a", "B*µ"), "a-b-u"},
		{cut("transport", 6), "trans…"}, {cut("tcp", 6), "tcp"},
		{ninesText(1), "90 %"}, {ninesText(2), "99 %"}, {ninesText(3), "99.9 %"}, {ninesText(5), "99.999 %"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		lead, text string
		width      int
		want       []string
	}{
		{"", "one two three", 7, []string{"one two", "three"}},
		{"lossy ", "one two three", 13, []string{"lossy one two", "      three"}},
		{"", "abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"x ", "", 10, []string{"x"}},
	} {
		got := hang(c.lead, c.text, c.width)
		if len(got) != len(c.want) {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%q: line %d is %q, want %q", c.text, i, got[i], c.want[i])
			}
		}
	}
}

func TestSize(t *testing.T) {
	for in, want := range map[string]string{
		"64": "64 B", "64B": "64 B", "16KiB": "16 KiB", "1.5MiB": "1.5 MiB", "64:70%+1KiB:30%": "64:70%+1KiB:30%", "": "",
	} {
		if got := Size(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
