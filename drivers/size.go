package drivers

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"zbench/drivers/load"
)

// MaxFrameBytes is the largest frame that a cell may ask for.
const MaxFrameBytes = 256 << 20

// SizeMix is a distribution of body sizes: "64", or "64:70%+1KiB:30%".
type SizeMix []SizeShare

// SizeShare is one size and how much of the messages has it.
type SizeShare struct {
	Bytes int
	Share float64 // 0 to 1; all shares of a mix make 1
}

// ParseSizes reads a size or a mix of sizes. The error is one line.
func ParseSizes(s string) (SizeMix, error) {
	parts := strings.Split(s, "+")
	if len(parts) == 1 && !strings.Contains(s, ":") {
		n, err := parseFrame(s)
		return SizeMix{{n, 1}}, err
	}
	var mix SizeMix
	var sum float64
	for _, part := range parts {
		size, share, ok := strings.Cut(part, ":")
		if !ok {
			return nil, fmt.Errorf("size %q: %q has no share; write it like 64:70%%+1KiB:30%%", s, part)
		}
		n, err := parseFrame(size)
		if err != nil {
			return nil, err
		}
		percent, ok := strings.CutSuffix(share, "%")
		f, err := strconv.ParseFloat(percent, 64)
		if !ok || err != nil || !(f > 0 && f <= 100) {
			return nil, fmt.Errorf("size %q: share %q is not a percentage above 0%%; write it like 70%%", s, share)
		}
		mix = append(mix, SizeShare{n, f / 100})
		sum += f
	}
	if math.Abs(sum-100) > 0.01 {
		return nil, fmt.Errorf("size %q: the shares make %g%%; make them 100%%", s, sum)
	}
	return mix, nil
}

func parseFrame(s string) (int, error) {
	n, err := load.ParseBytes(s)
	if err != nil {
		return 0, fmt.Errorf("size %w", err)
	}
	if n > MaxFrameBytes {
		return 0, fmt.Errorf("size %q is over %d bytes, the most that zbench sends in one frame; choose a smaller one", s, MaxFrameBytes)
	}
	return int(n), nil
}

// Mean is the mean size in bytes.
func (m SizeMix) Mean() float64 {
	var sum float64
	for _, s := range m {
		sum += float64(s.Bytes) * s.Share
	}
	return sum
}

// Min is the smallest size in bytes.
func (m SizeMix) Min() int {
	least := m[0].Bytes
	for _, s := range m {
		least = min(least, s.Bytes)
	}
	return least
}

// Max is the largest size in bytes.
func (m SizeMix) Max() int {
	most := 0
	for _, s := range m {
		most = max(most, s.Bytes)
	}
	return most
}

// has reports whether a body of n bytes can be of this mix.
func (m SizeMix) has(n int) bool {
	for i := range m {
		if m[i].Bytes == n {
			return true
		}
	}
	return false
}

// sizer draws sizes from a mix; the same seed draws the same sizes.
type sizer struct {
	mix SizeMix
	rng *rand.Rand
}

func newSizer(m SizeMix, seed, client uint64) sizer {
	return sizer{m, rand.New(rand.NewPCG(seed, client))}
}

func (s *sizer) next() int {
	last := len(s.mix) - 1
	if last == 0 {
		return s.mix[0].Bytes
	}
	u := s.rng.Float64()
	for i := range s.mix[:last] {
		if u -= s.mix[i].Share; u < 0 {
			return s.mix[i].Bytes
		}
	}
	return s.mix[last].Bytes
}
