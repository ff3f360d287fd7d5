package drivers

import (
	"math"
	"strings"
	"testing"
)

func TestParseSizes(t *testing.T) {
	for _, c := range []struct {
		in   string
		want SizeMix
	}{
		{"0", SizeMix{{0, 1}}},
		{"64", SizeMix{{64, 1}}},
		{"1KiB", SizeMix{{1024, 1}}},
		{"64:70%+1KiB:25%+64KiB:5%", SizeMix{{64, .7}, {1024, .25}, {65536, .05}}},
		{"64:100%", SizeMix{{64, 1}}},
	} {
		got, err := ParseSizes(c.in)
		if err != nil || len(got) != len(c.want) {
			t.Errorf("ParseSizes(%q) = %v, %v; want %v", c.in, got, err, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("ParseSizes(%q)[%d] = %v; want %v", c.in, i, got[i], c.want[i])
			}
		}
	}
}

func TestParseSizesRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                "size",
		"-1":              "size",
		"64:70%+1KiB:20%": "the shares make 90%; make them 100%",
		"64:70+1KiB:30":   `share "70" is not a percentage`,
		"64+65":           `"64" has no share`,
		"64:NaN%":         "not a percentage",
		"257MiB":          "the most that zbench sends in one frame",
		"64:0%+1:100%":    "above 0%",
	} {
		_, err := ParseSizes(in)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("ParseSizes(%q): error %q lacks %q", in, err, want)
		}
	}
}

func TestSizerKeepsTheMix(t *testing.T) {
	mix, err := ParseSizes("64:70%+1KiB:25%+64KiB:5%")
	if err != nil {
		t.Fatal(err)
	}
	const n = 100_000
	count := map[int]int{}
	a, b := newSizer(mix, 1, 2), newSizer(mix, 1, 2)
	for range n {
		size := a.next()
		if b.next() != size {
			t.Fatal("one seed drew two different sizes")
		}
		if !mix.has(size) {
			t.Fatalf("drew %d, which the mix has not", size)
		}
		count[size]++
	}
	for _, s := range mix {
		if got := float64(count[s.Bytes]) / n; math.Abs(got-s.Share) > .01 {
			t.Errorf("%d bytes: share %.3f, want %.3f", s.Bytes, got, s.Share)
		}
	}
	if mix.Min() != 64 || mix.Max() != 65536 || math.Abs(mix.Mean()-3577.6) > .001 {
		t.Errorf("min %d, max %d, mean %g", mix.Min(), mix.Max(), mix.Mean())
	}
}

func FuzzParseSizes(f *testing.F) {
	for _, s := range []string{"64", "64:70%+1KiB:30%", "", "+", ":%", "1e9:100%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		mix, err := ParseSizes(s)
		if err != nil {
			return
		}
		var sum float64
		for _, share := range mix {
			if share.Bytes < 0 || share.Bytes > MaxFrameBytes {
				t.Fatalf("%q: %d bytes", s, share.Bytes)
			}
			sum += share.Share
		}
		if math.Abs(sum-1) > .001 {
			t.Fatalf("%q: shares make %g", s, sum)
		}
	})
}
