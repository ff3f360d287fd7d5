package worker

import (
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zbench/drivers/load"
)

// TestTimers holds the heap against a sorted list.
func TestTimers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var heap timers
	seats := make([]*Seat, 200)
	for i := range seats {
		seats[i] = &Seat{}
	}
	at := map[*Seat]int64{}
	for range 20_000 {
		s := seats[random.IntN(len(seats))]
		when := random.Int64N(1000)
		if random.IntN(4) == 0 {
			when = Never
		}
		heap.set(s, when)
		if at[s] = when; when == Never {
			delete(at, s)
		}
		least := Never
		for _, w := range at {
			least = min(least, w)
		}
		if got := heap.first(); got != least {
			t.Fatalf("the first is at %d, want %d", got, least)
		}
	}
	var popped, want []int64
	for _, w := range at {
		want = append(want, w)
	}
	slices.Sort(want)
	for heap.first() != Never {
		popped = append(popped, heap.pop().at)
	}
	if !slices.Equal(popped, want) {
		t.Errorf("popped %v, want %v", popped, want)
	}
}

func TestLooking(t *testing.T) {
	const far = int64(1e12)
	for _, c := range []struct {
		name       string
		found      []int64 // times to the latest events
		idle, next int64   // how long it has been idle, what is due from now
		alone      bool    // nobody else needs the cores
		want       bool
	}{
		{"right after an event", nil, 0, far, false, true},
		{"longer than at most", nil, longestLook, far, false, false},
		{"shortly before a due time", nil, 10 * longestLook, firstAhead, false, true},
		{"well before a due time", nil, 10 * longestLook, firstAhead + 1, false, false},
		{"long before a due time, where nobody else needs the core", nil, 10 * longestLook, aloneAhead, true, true},
		{"and still longer", nil, 10 * longestLook, aloneAhead + 1, true, false},
		{"where events come at once, after a moment", many(1000, 2000), 50_000, far, false, false},
		{"where they come after 50 µs", many(1000, 50_000), 60_000, far, false, true},
		{"where they come after 50 µs, for twice that", many(1000, 50_000), 180_000, far, false, false},
		{"where they never come soon", many(1000, 1e7), longestLook - 1, far, false, true},
	} {
		l := Looking{Shared: !c.alone}
		for _, f := range c.found {
			l.found(f)
		}
		const now = int64(1e9)
		if got := l.shall(now, now-c.idle, now+c.next); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if (&Looking{}).shall(1e9, 0, Never) {
		t.Error("it looks for ever where nothing is due")
	}
}

func many(n int, ns int64) []int64 { return slices.Repeat([]int64{ns}, n) }

// TestLookingFollowsOvershoot feeds sleeps whose 99.5th percentile is known.
func TestLookingFollowsOvershoot(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	l := Looking{Shared: true}
	sum := 0.0
	const n = 200_000
	for i := range n {
		l.slept(random.Int64N(200_000))
		if i >= n/2 {
			sum += float64(1e9 - l.sleepUntil(1e9))
		}
	}
	if mean := sum / (n / 2); mean < 160_000 || mean > 220_000 {
		t.Errorf("it wakes %.0f ns ahead, want 199,000", mean)
	}
	for range 10_000 {
		l.slept(0)
	}
	if ahead := 1e9 - l.sleepUntil(1e9); ahead != leastAhead {
		t.Errorf("it wakes %d ns ahead where nothing overshoots", ahead)
	}
	for range 1000 {
		l.slept(1_000_000)
	}
	if ahead := 1e9 - l.sleepUntil(1e9); ahead != mostAhead {
		t.Errorf("it wakes %d ns ahead where sleeps overshoot by 1 ms", ahead)
	}
	if l.sleepUntil(Never) != Never {
		t.Error("it wakes though nothing is due")
	}
}

// TestLookingFindsThe90th feeds times whose 90th percentile is known.
func TestLookingFindsThe90th(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var l Looking
	sum := 0.0
	const n = 100_000
	for i := range n {
		l.found(random.Int64N(100_000)) // 90 % are below 90 µs
		if i >= n/2 {
			sum += l.p90
		}
	}
	if mean := sum / (n / 2); mean < 80_000 || mean > 105_000 {
		t.Errorf("the 90th percentile is %.0f ns, want 90,000", mean)
	}
}

func TestCanary(t *testing.T) {
	var set int64
	c := canary{timer: func(at int64) { set = at }, random: rand.New(rand.NewPCG(5, 6))}
	c.arm(1000)
	if set < 1000+load.CanaryEvery/2 || set > 1000+3*load.CanaryEvery/2 {
		t.Fatalf("it expires %d ns ahead", set-1000)
	}
	at := set
	if got := c.late(1000, at-1, true); got != 0 {
		t.Errorf("a sleep that ended before it was %d late", got)
	}
	c.arm(at - 1)
	if set != at {
		t.Error("it was set again before it expired")
	}
	if got := c.late(at-1, at+700, true); got != 700 {
		t.Errorf("a sleep that ended 700 after it was %d late", got)
	}
	if got := c.late(at+800, at+900, true); got != 700 {
		t.Errorf("the newest canary said 700, and it is %d", got)
	}
	c.arm(at + 1000)
	next := set
	if next <= at+1000 {
		t.Fatal("it was not set again")
	}
	c.arm(next + 5) // it expired while the thread was awake, so it says nothing
	if got := c.late(next+5, next+6, true); got != 700 {
		t.Errorf("one that expired while the thread was awake changed it to %d", got)
	}
}

func TestCrowd(t *testing.T) {
	var c contention
	now := int64(1e9)
	for range 100 { // a hiccup of the host every 50 ms of looking
		c.note(now, 2_000_000)
		for range 50_000 {
			c.note(now, 1000)
		}
	}
	if c.is(now) {
		t.Error("hiccups are contention")
	}
	pause := int64(0)
	for range 20 {
		for range 4 {
			c.note(now, 1_000_000)
		}
		if !c.is(now) || c.pause.Load() < pause || c.pause.Load() > mostPauseNS {
			t.Fatalf("pause %d after %d", c.pause.Load(), pause)
		}
		pause = c.pause.Load()
		if now += pause; c.is(now) {
			t.Error("the pause does not end")
		}
	}
	if pause != mostPauseNS {
		t.Errorf("contention that goes on pauses for %d", pause)
	}
	now += 5 * mostPauseNS
	for range 3 {
		c.note(now, 1_000_000)
	}
	if c.pause.Load() != firstPauseNS {
		t.Errorf("one that had gone pauses for %d", c.pause.Load())
	}
}

// TestBound: since when can have come what is found.
func TestBound(t *testing.T) {
	type sleep struct {
		from, until, woke int64
		n                 int
		canary            bool // was the first event
	}
	const at = 150_000 // when the canary expires
	for name, c := range map[string]struct {
		looks         []int64
		sleep         sleep
		since, looked int64
	}{
		"two looks":                              {looks: []int64{10, 30}, since: 10, looked: 30},
		"an event in a sleep":                    {[]int64{10}, sleep{20, 100_000, 60_000, 1, false}, 60_000, 60_000},
		"which was there before it":              {[]int64{10}, sleep{20, 100_000, 1000, 1, false}, 10, 1000},
		"a canary that was late":                 {[]int64{10}, sleep{20, 300_000, at + 700, 1, true}, at, at + 700},
		"a canary that came second":              {[]int64{10}, sleep{20, 300_000, at + 700, 2, false}, at + 700, at + 700},
		"an event of a sleep that lasted longer": {[]int64{10}, sleep{20, 100_000, 130_000, 1, false}, 100_000, 130_000},
		"nothing in time":                        {[]int64{10}, sleep{20, 100_000, 130_000, 0, false}, 100_000, 100_000},
		"nothing until a signal":                 {[]int64{10}, sleep{20, 100_000, 60_000, 0, false}, 60_000, 60_000},
	} {
		b := bound{canary: canary{at: at}}
		for _, now := range c.looks {
			b.look(now)
		}
		if s := c.sleep; s.woke > 0 {
			b.sleep(s.from, s.until, s.woke, s.n, s.canary)
		}
		if b.since != c.since || b.looked != c.looked {
			t.Errorf("%s: since %d, looked %d, want %d and %d", name, b.since, b.looked, c.since, c.looked)
		}
	}
	// As late as the newest canary, but not before the sockets were found empty.
	b := bound{canary: canary{latest: 900}}
	b.look(10)
	if b.sleep(100_000, 300_000, 200_000, 1, false); b.since != 199_100 {
		t.Errorf("since %d", b.since)
	}
	b.look(500_000)
	if b.sleep(500_100, 900_000, 500_200+noSleepNS, 1, false); b.since != 500_200+noSleepNS-900 {
		t.Errorf("since %d", b.since)
	}
	b.canary.latest = 1e6
	b.look(600_000)
	if b.sleep(600_100, 900_000, 700_000, 1, false); b.since != 600_000 {
		t.Errorf("since %d, and the sockets were empty at 600,000", b.since)
	}
}

// counter is a member that counts how often it was told that there is work.
type counter struct {
	work, seen atomic.Int64
	every      int64 // ns between calls that nobody asks for; 0: none
	calls      atomic.Int64
}

func (c *counter) Attend(now, since int64) (next int64, did bool) {
	c.calls.Add(1)
	n := c.work.Swap(0)
	c.seen.Add(n)
	if since > now {
		panic("what has come came later than now")
	}
	if c.every > 0 {
		return now + c.every, n > 0
	}
	return Never, n > 0
}

func (*counter) Unsettled() bool { return false }

// TestNoWakeIsLost has several goroutines wake members of two workers.
func TestNoWakeIsLost(t *testing.T) {
	if err := Supported(); err != nil {
		t.Skip(err)
	}
	team, err := NewTeam(Options{Workers: 2, Seed: 1}) // nobody may look, so all sleep
	if err != nil {
		t.Fatal(err)
	}
	defer team.Close()
	members := make([]*counter, 6)
	seats := make([]*Seat, len(members))
	for i := range members {
		members[i] = &counter{}
		seats[i] = team.Seat(i%2, members[i])
	}
	team.Start()
	defer team.Stop()
	const each = 5000
	var wg sync.WaitGroup
	for g := range 3 {
		wg.Go(func() {
			for k := range each {
				i := (g + k) % len(members)
				members[i].work.Add(1)
				seats[i].Wake()
			}
		})
	}
	wg.Wait()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		seen := int64(0)
		for _, m := range members {
			seen += m.seen.Load()
		}
		if seen == 3*each {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d wake-ups were seen", seen, 3*each)
		}
	}
}

// TestTimesAreKept: a member that asks for a time is called then, and never
// stops being called.
func TestTimesAreKept(t *testing.T) {
	if err := Supported(); err != nil {
		t.Skip(err)
	}
	for _, lookers := range []int{0, 1} {
		team, err := NewTeam(Options{Workers: 1, Lookers: lookers, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		m := &counter{every: 300_000}
		team.Seat(0, m).Wake()
		team.Start()
		for end := time.Now().Add(30 * time.Second); m.calls.Load() < 50; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%d calls", m.calls.Load())
			}
		}
		team.Stop()
		team.Close()
		if looked := team.Looked(); lookers == 0 && looked > 0 {
			t.Errorf("looked for %v though it may not", looked)
		}
	}
}
