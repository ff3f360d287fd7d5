package drivers

import (
	"context"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"zbench/drivers/worker"
	"zbench/engines"
	"zbench/results"
)

// hosts are who plays the machines of a run: workers for engines whose sockets
// can be hosted, goroutines for others.
type hosts struct {
	team     *worker.Team // nil: no engine of the run can be hosted
	loadSide int          // the workers that play the load side are the first
	others   int          // and those of all others the last; one may do both
	awake    results.CoresAwake
	undo     []func() // puts back what was set of Go's runtime and of the cores' sleep
}

// mostPacers is how many goroutines that wait in the kernel have a slot each.
const mostPacers = 8

// slotsSet reports whether the user has set how many slots Go's scheduler has.
func slotsSet() bool { return os.Getenv("GOMAXPROCS") != "" }

// coresToUse is how many cores this process may use, before moreSlots: a container
// may have fewer than the host.
func coresToUse() int {
	if slotsSet() {
		return runtime.NumCPU()
	}
	return min(runtime.NumCPU(), runtime.GOMAXPROCS(0))
}

// moreSlots gives Go's scheduler a slot for each of n that wait in the kernel,
// beside those for everybody else, unless the user has set how many there are.
func moreSlots(cores, n int) (undo func()) {
	if slotsSet() {
		return func() {}
	}
	runtime.GOMAXPROCS(cores + n + 1)
	return runtime.SetDefaultGOMAXPROCS
}

// mostWorkers of a process.
const mostWorkers = 4

// hosted reports whether a worker plays the sockets of an engine.
func hosted(e engines.Engine) bool {
	h, ok := e.(engines.Hosted)
	return ok && worker.Supported() == nil && h.Hosts() == nil
}

// startTeam makes the workers of a run.
func (r *run) startTeam() error {
	load, others, threads, alone := 0, 0, 0, false
	for _, e := range r.ends() {
		engine := r.engine(e.role)
		switch {
		case !hosted(engine):
			alone = true
			continue
		case e.role == roleLoad:
			load++
		default:
			others++
		}
		if r.Cell.Transport != "inproc" {
			threads = max(threads, engine.(engines.Hosted).Threads(e.need.Options))
		}
	}
	h, cores := &r.hosts, coresToUse()
	n := h.share(load, others, cores, r.Cell)
	shared := n >= cores || r.serving() || onThisHost(r.Cell.Endpoints)
	if (alone || shared) && r.sleepsBetween() {
		release, became := keepAwake()
		h.awake = became
		h.undo = append(h.undo, release)
	}
	slots := n
	if alone && r.Cell.Loop.Scheduled() {
		slots += min(r.Cell.Clients, mostPacers)
	}
	if slots > 0 { // else more of them make go-zeromq slower: its threads look for work in vain
		h.undo = append(h.undo, moreSlots(cores, slots))
	}
	if n == 0 {
		return nil
	}
	// Who looks has a core. So have the engine's own threads, and somebody else's
	// peer on this host.
	lookers := cores - threads
	if r.external() || r.serving() {
		lookers = min(lookers, cores-1)
	}
	var err error
	h.team, err = worker.NewTeam(worker.Options{Workers: n, Lookers: lookers, Seed: r.Seed, Shared: shared})
	if err == nil && !alone {
		h.undo = append(h.undo, collectLater())
	}
	return err
}

// awakeGap is the mean time between messages, in seconds, from which on cores may
// fall asleep in between.
const awakeGap = 200e-6

// sleepsBetween reports whether threads of the run sleep until the next message is due:
// what it takes to wake a core then is no part of what is measured.
func (r *run) sleepsBetween() bool {
	rate := r.spec.Peak()
	return !rate.IsZero() && 1/rate.PerSecond() >= awakeGap
}

// share decides how many workers play so many sockets of the load side and so
// many others, and returns how many there are in all. One core is for the rest of
// the process. On few cores one worker plays both sides: what goes from one to the
// other then wakes nobody, and each is as late as the other. As fast as it goes
// both sides have work all the time, and one each; through the kernel those that
// collect have as many as there are cores.
func (h *hosts) share(load, others, cores int, c results.Cell) int {
	n := min(max(cores-1, 1), mostWorkers)
	h.loadSide, h.others = min(load, max(1, n/2)), min(others, max(1, n-n/2))
	switch {
	case c.Loop == results.Max && others > 0:
		if c.Transport != "inproc" {
			h.others = min(others, max(h.others, cores))
		}
	case load == 0 || others == 0:
		h.loadSide, h.others = min(load, n), min(others, n)
	case n == 1:
		return 1
	}
	return h.loadSide + h.others
}

// loadWorker is the worker that plays a client.
func (h *hosts) loadWorker(client int) int { return client % h.loadSide }

// seat gives a machine of that role a place, nil where goroutines play it.
func (r *run) seat(e end, m *member) *worker.Seat {
	h := &r.hosts
	if h.team == nil || !hosted(r.engine(e.role)) {
		return nil
	}
	if e.role == roleLoad {
		return h.team.Seat(h.loadWorker(e.index), m)
	}
	return h.team.Seat(h.team.Workers()-1-e.index%h.others, m)
}

// stopTeam ends the workers' threads; the sockets can be closed then.
func (h *hosts) stopTeam() {
	if h.team != nil {
		h.team.Stop()
	}
}

// free gives back what the workers hold, once all sockets are closed.
func (h *hosts) free() {
	if h.team != nil {
		h.team.Close()
	}
	h.restore()
}

// restore leaves Go's runtime and the cores as they were.
func (h *hosts) restore() {
	for _, undo := range slices.Backward(h.undo) {
		undo()
	}
	h.undo = nil
}

// looked is for how long workers have looked in vain.
func (h *hosts) looked() time.Duration {
	if h.team == nil {
		return 0
	}
	return h.team.Looked()
}

// memoryRoom is by how much the heap may grow before garbage is collected while
// a run measures that should make none.
const memoryRoom = 1 << 30

// collectLater collects garbage now, and then not before there is a good deal of
// it, unless the user has set when: loads on workers make next to none.
func collectLater() (undo func()) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	percent := debug.SetGCPercent(-1)
	limit := debug.SetMemoryLimit(int64(m.Sys-m.HeapReleased) + memoryRoom)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// lookupTimeout is how long it may take to find whose host a name is.
const lookupTimeout = time.Second

// onThisHost reports whether any of the endpoints is an address of this host.
func onThisHost(endpoints []string) bool {
	return slices.ContainsFunc(endpoints, func(endpoint string) bool {
		address, tcp := strings.CutPrefix(endpoint, "tcp://")
		if !tcp {
			return true
		}
		host, _, err := net.SplitHostPort(address)
		if err != nil || host == "*" {
			return true
		}
		ctx, cancel := context.WithTimeout(context.Background(), lookupTimeout)
		defer cancel()
		found, _ := net.DefaultResolver.LookupIPAddr(ctx, host) // a name that has none is another's
		addresses, _ := net.InterfaceAddrs()
		return slices.ContainsFunc(found, func(to net.IPAddr) bool {
			return to.IP.IsLoopback() || to.IP.IsUnspecified() || slices.ContainsFunc(addresses, func(a net.Addr) bool {
				own, ok := a.(*net.IPNet)
				return ok && own.IP.Equal(to.IP)
			})
		})
	})
}
