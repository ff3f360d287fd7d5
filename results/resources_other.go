//go:build !linux

package results

import (
	"os"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// resetPeak has no means here.
func resetPeak() {}

// systemUsage reads what this system tells of a process; the rest stays 0. The
// resident memory is that of the moment, not a peak.
func systemUsage() (u usage) {
	p, err := process.NewProcess(int32(os.Getpid()))
	if err != nil {
		return u
	}
	if t, err := p.Times(); err == nil {
		u.cpu = time.Duration((t.User + t.System) * float64(time.Second))
	}
	if n, err := p.NumCtxSwitches(); err == nil {
		u.voluntary, u.involuntary = uint64(n.Voluntary), uint64(n.Involuntary)
	}
	if m, err := p.MemoryInfo(); err == nil {
		u.maxRSSBytes = m.RSS
	}
	return u
}

// residentBytes is the resident memory of now; 0 where it cannot be read.
func residentBytes() uint64 {
	p, err := process.NewProcess(int32(os.Getpid()))
	if err != nil {
		return 0
	}
	m, err := p.MemoryInfo()
	if err != nil {
		return 0
	}
	return m.RSS
}
