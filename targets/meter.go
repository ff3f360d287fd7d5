package targets

import (
	"fmt"
	"os"
	"sync"
	"time"

	"zbench/results"
)

// usage is what a process has used since it began, and what it holds.
type usage struct {
	cpuNS     uint64
	rssBytes  uint64
	peakBytes uint64 // since forgetPeak
	threads   int
	switches  map[int]switches // by thread
}

type switches struct{ voluntary, involuntary uint64 }

// Meter samples a service once a second: its first process, that one's group
// if it leads one, and what they started.
type Meter struct {
	pid  int
	stop chan struct{}
	done sync.WaitGroup

	from     time.Duration // since the run's start
	began    time.Time
	last     time.Time
	counters map[int]usage // the last reading of every process seen
	fresh    map[int]bool  // processes whose peak is of this measurement
	cpuNS    uint64        // since Begin
	before   uint64        // cpuNS at the last point
	result   results.Resources
}

// NewMeter is a meter of the service with that process. The error wraps
// ErrSystem, or says that there is no such process.
func NewMeter(pid int) (*Meter, error) {
	if err := exists(pid); err != nil {
		return nil, fmt.Errorf("target-pid %d: %w; name a process that runs", pid, cause(err))
	}
	return &Meter{pid: pid}, nil
}

const sampleEvery = time.Second

// Begin starts to measure, so long after the run's start.
func (m *Meter) Begin(at time.Duration) {
	m.from, m.began, m.stop = at, time.Now(), make(chan struct{})
	m.last = m.began
	m.counters, m.fresh = map[int]usage{}, map[int]bool{}
	m.result = results.Resources{Side: "target"}
	for _, pid := range m.members() {
		m.fresh[pid] = forgetPeak(pid)
		if u, ok := read(pid); ok {
			m.counters[pid] = u
		}
	}
	m.done.Go(func() {
		tick := time.NewTicker(sampleEvery)
		defer tick.Stop()
		for {
			select {
			case <-m.stop:
				return
			case <-tick.C:
				m.sample()
			}
		}
	})
}

// End ends what Begin began, for msgs messages; with none the figures per
// message are 0.
func (m *Meter) End(msgs uint64) {
	close(m.stop)
	m.done.Wait()
	m.sample()
	if msgs > 0 {
		m.result.CPUNSPerMsg = float64(m.cpuNS) / float64(msgs)
	}
}

// Resources is what was used from Begin to End; ok is false where it never
// came to that, or nothing of the service was there.
func (m *Meter) Resources() (r results.Resources, ok bool) {
	return m.result, len(m.result.Series) > 0
}

// sample adds what was used since the last time. What a process used after its
// last sample is lost when it ends.
func (m *Meter) sample() {
	now := time.Now()
	p := results.UsagePoint{TS: (m.from + now.Sub(m.began)).Seconds()}
	var peak uint64
	for _, pid := range m.members() {
		u, ok := read(pid)
		if !ok {
			continue
		}
		m.add(m.counters[pid], u)
		if _, known := m.counters[pid]; known && !m.fresh[pid] {
			u.peakBytes = u.rssBytes // the peak may be from before
		}
		m.counters[pid] = u
		p.RSSBytes += u.rssBytes
		p.Threads += u.threads
		peak = max(peak, u.peakBytes)
	}
	if took := now.Sub(m.last); took > 0 {
		p.CPUCores = float64(m.cpuNS-m.before) / float64(took)
	}
	m.last, m.before = now, m.cpuNS
	if p.Threads == 0 {
		return // it is gone
	}
	m.result.MaxRSSBytes = max(m.result.MaxRSSBytes, p.RSSBytes, peak)
	m.result.MaxThreads = max(m.result.MaxThreads, p.Threads)
	m.result.Series = append(m.result.Series, p)
}

func (m *Meter) add(before, now usage) {
	m.cpuNS += now.cpuNS - min(before.cpuNS, now.cpuNS)
	for tid, s := range now.switches {
		b := before.switches[tid]
		m.result.VoluntarySwitches += s.voluntary - min(b.voluntary, s.voluntary)
		m.result.InvoluntarySwitches += s.involuntary - min(b.involuntary, s.involuntary)
	}
}

// members are the processes of the service.
func (m *Meter) members() []int {
	all := processes()
	self := os.Getpid() // it may be a child of what is sampled
	in := map[int]bool{m.pid: true}
	for grown := true; grown; { // a child may stand before its parent
		grown = false
		for _, p := range all {
			if !in[p.pid] && p.pid != self && (p.group == m.pid || in[p.parent]) {
				in[p.pid], grown = true, true
			}
		}
	}
	var pids []int
	for _, p := range all {
		if in[p.pid] {
			pids = append(pids, p.pid)
		}
	}
	return pids
}
