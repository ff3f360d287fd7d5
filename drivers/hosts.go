package drivers

import (
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
	restore  func() // of Go's runtime, and of the cores' sleep
}

// mostPacers is how many goroutines that wait in the kernel have a slot each.
const mostPacers = 8

// moreSlots gives Go's scheduler a slot for each of n that wait in the kernel,
// beside those for everybody else, unless the user has set how many there are.
func moreSlots(n int) (restore func()) {
	if os.Getenv("GOMAXPROCS") != "" {
		return func() {}
	}
	slots := runtime.GOMAXPROCS(runtime.NumCPU() + n + 1)
	return func() { runtime.GOMAXPROCS(slots) }
}

// mostWorkers of a process.
const mostWorkers = 4

// hosted reports whether a worker plays the sockets of an engine.
func hosted(e engines.Engine) bool {
	h, ok := e.(engines.Hosted)
	return ok && worker.Supported() == nil && h.Hosts() == nil
}

// recruit makes the workers of a run.
func (r *run) recruit() error {
	load, others, threads := 0, 0, 0
	for _, e := range r.ends() {
		engine := r.engine(e.role)
		if !hosted(engine) {
			continue
		}
		threads = max(threads, engine.(engines.Hosted).Threads(e.need.Options))
		if e.role == roleLoad {
			load++
		} else {
			others++
		}
	}
	cores := runtime.NumCPU()
	n := r.hosts.share(load, others, cores, r.Cell)
	shared := n >= cores || r.serving() || onThisHost(r.Cell.Endpoints)
	if (n == 0 || shared) && r.sleepsBetween() {
		release, became := keepAwake()
		r.hosts.awake = became
		defer r.hosts.restoreAlso(release)
	}
	if n == 0 {
		r.hosts.restore = moreSlots(min(r.Cell.Clients, mostPacers))
		return nil
	}
	// Who looks has a core. So have the engine's own threads, and somebody else's
	// peer on this host.
	lookers := cores - n*threads
	if r.external() || r.serving() {
		lookers = min(lookers, cores-1)
	}
	var err error
	r.hosts.team, err = worker.NewTeam(worker.Options{
		Workers: n, Lookers: lookers, Seed: r.Seed,
		Shared: shared,
	})
	if err != nil {
		return err
	}
	r.hosts.restore = tuneRuntime(n)
	return nil
}

// awakeGap is the mean time between messages, in seconds, from which on cores may
// fall asleep in between.
const awakeGap = 200e-6

// sleepsBetween reports whether threads of the run sleep until the next message is due:
// what it takes to wake a core then is no part of what is measured.
func (r *run) sleepsBetween() bool {
	rate := r.Cell.RateMsgsPerS
	return r.Cell.Loop.Scheduled() && rate > 0 && 1/rate >= awakeGap
}

// restoreAlso has one thing more put back at the end.
func (h *hosts) restoreAlso(other func()) {
	first := h.restore
	h.restore = func() {
		if other(); first != nil {
			first()
		}
	}
}

// share decides how many workers play so many sockets of the load side and so
// many others, and returns how many there are in all. One core is for the rest of
// the process. On few cores one worker plays both sides: what goes from one to the
// other then wakes nobody, and each is as late as the other. As fast as it goes
// through the kernel both sides have work all the time, and one each, and those
// that collect as many as there are cores.
func (h *hosts) share(load, others, cores int, c results.Cell) int {
	n := min(max(cores-1, 1), mostWorkers)
	h.loadSide, h.others = min(load, max(1, n/2)), min(others, max(1, n-n/2))
	switch {
	case c.Loop == results.Max && c.Transport != "inproc":
		h.others = min(others, max(h.others, cores))
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

// disband ends the workers' threads; the sockets can be closed then.
func (h *hosts) disband() {
	if h.team != nil {
		h.team.Stop()
	}
}

// free gives back what the workers hold, once all sockets are closed.
func (h *hosts) free() {
	if h.team != nil {
		h.team.Close()
	}
	h.settle()
}

// settle leaves Go's runtime as it was.
func (h *hosts) settle() {
	if h.restore != nil {
		h.restore()
		h.restore = nil
	}
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

// tuneRuntime sees to it that workers run: a thread that comes out of a system
// call needs one of the scheduler's slots, so there is one for each worker beside
// those for everybody else, unless the user has set how many there are. Garbage is
// collected now, and then not before there is a good deal of it: loads on
// workers make next to none.
func tuneRuntime(workers int) (restore func()) {
	slots := moreSlots(workers)
	percent, limit := 0, int64(0)
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		percent = debug.SetGCPercent(-1)
		limit = debug.SetMemoryLimit(int64(m.Sys-m.HeapReleased) + memoryRoom)
	}
	return func() {
		slots()
		if limit != 0 {
			debug.SetGCPercent(percent)
			debug.SetMemoryLimit(limit)
		}
	}
}

// onThisHost reports whether any of the endpoints is an address of this host.
func onThisHost(endpoints []string) bool {
	return slices.ContainsFunc(endpoints, func(endpoint string) bool {
		address, tcp := strings.CutPrefix(endpoint, "tcp://")
		if !tcp {
			return true
		}
		host, _, err := net.SplitHostPort(address)
		if err != nil || host == "localhost" {
			return true
		}
		to := net.ParseIP(host)
		if to == nil {
			return false
		}
		addresses, _ := net.InterfaceAddrs()
		return to.IsLoopback() || slices.ContainsFunc(addresses, func(a net.Addr) bool {
			own, ok := a.(*net.IPNet)
			return ok && own.IP.Equal(to)
		})
	})
}
