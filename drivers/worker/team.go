package worker

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Team is the workers of one run.
type Team struct {
	workers    []*worker
	awake      atomic.Int32 // workers that are not asleep
	cores      int32        // that workers may occupy by looking
	contention contention
}

// Options say how a team's workers use the cores.
type Options struct {
	Workers int
	Lookers int    // at most so many at a time look for what comes instead of sleeping
	Shared  bool   // programs of others, such as the service, need the cores too
	Seed    uint64 // says when canaries expire
}

// NewTeam makes the workers. The error is Unsupported on systems where there are
// none.
func NewTeam(o Options) (*Team, error) {
	t := &Team{cores: int32(o.Lookers)}
	for i := range o.Workers {
		p, err := newPoller()
		if err != nil {
			t.Close()
			return nil, fmt.Errorf("worker %d: %w", i+1, err)
		}
		w := &worker{team: t, poller: p, looking: Looking{Shared: o.Shared}, done: make(chan struct{})}
		w.bound.canary = canary{timer: p.setTimer, random: rand.New(rand.NewPCG(o.Seed, uint64(i)))}
		t.workers = append(t.workers, w)
	}
	return t, nil
}

// Workers is how many there are.
func (t *Team) Workers() int { return len(t.workers) }

// Seat gives a member a place at worker i, before Start.
func (t *Team) Seat(i int, m Member) *Seat {
	return &Seat{worker: t.workers[i], member: m}
}

// Start has every worker run on a thread of its own. All members are attended
// to once they are woken.
func (t *Team) Start() {
	for _, w := range t.workers {
		w.start()
	}
}

// Stop ends the threads and returns when all have. Sockets may be closed then.
func (t *Team) Stop() {
	for _, w := range t.workers {
		w.stop()
	}
}

// Close frees what the workers hold, once nobody watches anything any more.
func (t *Team) Close() {
	for _, w := range t.workers {
		w.poller.close()
	}
}

// Looked is for how long the workers have looked in vain, all together.
func (t *Team) Looked() (d time.Duration) {
	for _, w := range t.workers {
		d += time.Duration(w.looked.Load())
	}
	return d
}

// mayLook reports whether a worker may occupy its core at that clock reading: not
// where another one, which could run, would lack one.
func (t *Team) mayLook(now int64) bool { return t.awake.Load() <= t.cores && !t.contention.is(now) }
