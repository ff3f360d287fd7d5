package load

import (
	"math/big"
	"slices"
	"testing"
	"time"
)

func mustRate(t testing.TB, s string) Rate {
	t.Helper()
	r, err := ParseRate(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustStages(t testing.TB, s string) []StageSpec {
	t.Helper()
	stages, err := ParseStages(s)
	if err != nil {
		t.Fatal(err)
	}
	return stages
}

// all are the due times of every client, in order.
func all(s Spec, clients int) []time.Duration {
	var due []time.Duration
	for i := range clients {
		a := s.Client(i, clients)
		for d, ok := a.Next(); ok; d, ok = a.Next() {
			due = append(due, d)
		}
	}
	slices.Sort(due)
	return due
}

// TestHour walks an hour of a high rate in steps of a million messages and
// compares every due time with arbitrary precision.
func TestHour(t *testing.T) {
	for _, rate := range []string{"3M", "700k"} {
		spec := Spec{Rate: mustRate(t, rate), Duration: time.Hour}
		want := spec.Rate.num * 3600
		if n, ok := spec.Offered(); !ok || !slices.Equal(n, []uint64{want}) {
			t.Errorf("%s/s: %v messages offered, want %d", rate, n, want)
		}
		const clients = 1_000_000
		for _, i := range []int{0, 1, 123_457, clients - 1} {
			a := spec.Client(i, clients)
			n := uint64(0)
			for due, ok := a.Next(); ok; due, ok = a.Next() {
				exact := new(big.Int).SetUint64(n*clients + uint64(i))
				exact.Mul(exact, big.NewInt(1e9)).Quo(exact, new(big.Int).SetUint64(spec.Rate.num))
				if due < 0 || exact.Cmp(big.NewInt(int64(due))) != 0 {
					t.Fatalf("%s/s: message %d due at %d ns, want %d", rate, n*clients+uint64(i), due, exact)
				}
				n++
			}
			if n != want/clients {
				t.Errorf("%s/s: client %d of %d has %d messages, want %d", rate, i, clients, n, want/clients)
			}
		}
	}
}

// TestEverySend counts every single message of a fake clock that jumps from
// due time to due time.
func TestEverySend(t *testing.T) {
	spec := Spec{Rate: mustRate(t, "700k"), Duration: 5 * time.Second}
	a := spec.Client(0, 1)
	n, last := 0, time.Duration(-1429)
	for due, ok := a.Next(); ok; due, ok = a.Next() {
		if gap := due - last; gap < 1428 || gap > 1429 {
			t.Fatalf("message %d comes %d ns after the one before", n, gap)
		}
		last = due
		n++
	}
	if n != 3_500_000 {
		t.Errorf("%d messages, want 3500000", n)
	}
}

func TestSchedules(t *testing.T) {
	const ms = time.Millisecond
	for name, c := range map[string]struct {
		spec Spec
		want []time.Duration
	}{
		"constant": {Spec{Rate: Rate{4, 1}, Duration: time.Second}, []time.Duration{0, 250 * ms, 500 * ms, 750 * ms}},
		"fraction": {Spec{Rate: Rate{2, 3}, Duration: 4 * time.Second}, []time.Duration{0, 1500 * ms, 3000 * ms}},
		"third":    {Spec{Rate: Rate{3, 1}, Duration: time.Second}, []time.Duration{0, 333333333, 666666666}},
		"warmup":   {Spec{Rate: Rate{2, 1}, Warmup: 1200 * ms, Duration: time.Second}, []time.Duration{0, 500 * ms, 1000 * ms, 1200 * ms, 1700 * ms}},
		"count":    {Spec{Rate: Rate{2, 1}, Warmup: 500 * ms, Count: 3}, []time.Duration{0, 500 * ms, 1000 * ms, 1500 * ms}},
		"both":     {Spec{Rate: Rate{2, 1}, Duration: time.Minute, Count: 2}, []time.Duration{0, 500 * ms}},
		"burst":    {Spec{Rate: Rate{4, 1}, Arrival: "burst:2", Duration: time.Second}, []time.Duration{0, 0, 500 * ms, 500 * ms}},
		"uneven":   {Spec{Rate: Rate{4, 1}, Arrival: "burst:3", Count: 4}, []time.Duration{0, 0, 0, 750 * ms}},
		"stages":   {Spec{Stages: mustStages(t, "1s@2+1s@0+1s@1")}, []time.Duration{0, 500 * ms, 2000 * ms}},
		"ramp":     {Spec{Stages: mustStages(t, "2s@0..4"), Warmup: time.Second}, []time.Duration{time.Second, 2000 * ms, 2414213562, 2732050807}},
		"descent":  {Spec{Stages: mustStages(t, "2s@4..0")}, []time.Duration{0, 267949192, 585786437, 1000 * ms}},
		"asap":     {Spec{Count: 3}, []time.Duration{0, 0, 0}},
	} {
		for _, clients := range []int{1, 2, 3, 7} {
			if got := all(c.spec, clients); !slices.Equal(got, c.want) {
				t.Errorf("%s, %d clients: %v, want %v", name, clients, got, c.want)
			}
		}
	}
}

func TestPhases(t *testing.T) {
	const s = time.Second
	for name, c := range map[string]struct {
		spec Spec
		want []PhaseSpec
	}{
		"asap":    {Spec{Warmup: s, Count: 5}, []PhaseSpec{{"warmup", 0, s}, {"measured", s, NoEnd}}},
		"time":    {Spec{Rate: Rate{10, 1}, Warmup: s, Duration: 3 * s}, []PhaseSpec{{"warmup", 0, s}, {"measured", s, 4 * s}}},
		"count":   {Spec{Rate: Rate{10, 1}, Count: 20}, []PhaseSpec{{"measured", 0, 2 * s}}},
		"both":    {Spec{Rate: Rate{10, 1}, Duration: s, Count: 20}, []PhaseSpec{{"measured", 0, s}}},
		"burst":   {Spec{Rate: Rate{10, 1}, Arrival: "burst:10", Count: 15}, []PhaseSpec{{"measured", 0, 2 * s}}},
		"poisson": {Spec{Rate: Rate{10, 1}, Arrival: Poisson, Count: 15}, []PhaseSpec{{"measured", 0, NoEnd}}},
		"stages": {Spec{Stages: mustStages(t, "10s@1k+20s@1k..5k"), Warmup: s},
			[]PhaseSpec{{"warmup", 0, s}, {"10s@1k", s, 11 * s}, {"20s@1k..5k", 11 * s, 31 * s}}},
	} {
		if got := c.spec.Phases(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestOffered compares what arithmetic says with what the clients are given,
// phase by phase.
func TestOffered(t *testing.T) {
	for _, spec := range []Spec{
		{Rate: mustRate(t, "1/3"), Warmup: 10 * time.Second, Duration: time.Minute},
		{Rate: mustRate(t, "999.7"), Warmup: 1234567, Duration: 7654321 * 10},
		{Rate: mustRate(t, "1k"), Warmup: time.Millisecond, Count: 7},
		{Rate: mustRate(t, "1k"), Arrival: "burst:64", Duration: 999 * time.Millisecond},
		{Stages: mustStages(t, "1s@10..1k+333ms@77+1s@1k..0+1s@0..3+2s@0"), Warmup: time.Second},
		{Stages: mustStages(t, "1s@10..1k+1s@1k..0"), Arrival: "burst:33"},
	} {
		want, ok := spec.Offered()
		if !ok {
			t.Fatalf("%v: not known", spec)
		}
		got := make([]uint64, len(want))
		phases := spec.Phases()
		for _, due := range all(spec, 3) {
			got[slices.IndexFunc(phases, func(p PhaseSpec) bool { return p.From <= due && due < p.To })]++
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v: %d messages in %v, want %d", spec, got, phases, want)
		}
	}
	for _, spec := range []Spec{
		{Count: 5},
		{Rate: Rate{10, 1}},
		{Rate: Rate{10, 1}, Arrival: Poisson, Duration: time.Second},
	} {
		if n, ok := spec.Offered(); ok {
			t.Errorf("%v: offered is %d, want none", spec, n)
		}
	}
}

// TestRampIsExact checks that the integral of the rate up to a due time is the
// message's index, to a 25th of a nanosecond.
func TestRampIsExact(t *testing.T) {
	for _, stage := range []string{"1h@1..3M", "1h@3M..0", "1h@0..700k", "6h@1/3..0.5", "1s@0..1000M", "20s@1k..5k", "1h@999999..1M"} {
		g := Spec{Stages: mustStages(t, stage)}.segments()[0]
		area := func(ns *big.Rat) *big.Rat {
			rise := new(big.Rat).Sub(g.to.rat(), g.from.rat())
			rise.Mul(rise, ns).Quo(rise, big.NewRat(2*g.length, 1))
			rise.Add(rise, g.from.rat())
			return rise.Mul(rise, ns).Quo(rise, big.NewRat(1e9, 1))
		}
		last := int64(-1)
		for i := range uint64(2001) {
			j := uint64(float64(g.count-1) / 2000 * float64(i))
			due := g.at(j)
			index := new(big.Rat).SetInt(new(big.Int).SetUint64(j))
			early, late := big.NewRat(due*25-1, 25), big.NewRat(due*25+26, 25)
			if due > 0 && area(early).Cmp(index) > 0 || due+2 < g.length && area(late).Cmp(index) < 0 {
				t.Fatalf("%s: message %d is not due at %d ns", stage, j, due)
			}
			if due < last {
				t.Fatalf("%s: message %d is due at %d ns, before %d", stage, j, due, last)
			}
			last = due
		}
		checkSomeArrivals(t, Spec{Stages: mustStages(t, stage)})
	}
}

func TestClientPanics(t *testing.T) {
	for _, i := range []int{-1, 3} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("client %d of 3 exists", i)
				}
			}()
			Spec{}.Client(i, 3)
		}()
	}
}

func TestNextDoesNotAllocate(t *testing.T) {
	for name, spec := range map[string]Spec{
		"asap":     {},
		"constant": {Rate: Rate{1000, 1}},
		"ramp":     {Stages: mustStages(t, "1h@1..1M")},
		"poisson":  {Rate: Rate{1000, 1}, Arrival: Poisson},
	} {
		a := spec.Client(0, 1)
		if n := testing.AllocsPerRun(1000, func() { a.Next() }); n != 0 {
			t.Errorf("%s: %v allocations per message", name, n)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	for name, spec := range map[string]Spec{
		"constant": {Rate: Rate{3_000_000, 1}},
		"ramp":     {Stages: mustStages(b, "24h@1..1M")},
		"poisson":  {Rate: Rate{1000, 1}, Arrival: Poisson},
	} {
		b.Run(name, func(b *testing.B) {
			a := spec.Client(0, 1)
			for b.Loop() {
				a.Next()
			}
		})
	}
}
