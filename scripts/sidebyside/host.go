package main

import (
	"fmt"
	"os"
	"runtime"
	"time"
)

// idleLoad is the load average of a host that does nothing else.
const idleLoad = 0.2

// host is where the comparison takes place.
type host struct {
	StartedAt   time.Time  `json:"started_at"`
	Cores       int        `json:"cores"`
	Go          string     `json:"go"`
	LoadAverage [3]float64 `json:"load_average"` // before; zero where the host does not say
}

func readHost() host {
	h := host{StartedAt: time.Now(), Cores: runtime.NumCPU(), Go: runtime.Version()}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		a := &h.LoadAverage
		_, _ = fmt.Sscan(string(text), &a[0], &a[1], &a[2])
	}
	return h
}

func (h host) busy() bool { return h.LoadAverage[0] > idleLoad }
