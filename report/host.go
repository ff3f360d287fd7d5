package report

import (
	"fmt"

	"zbench/results"
)

// Host is an environment that runs share.
type Host struct {
	Letter      string
	Environment results.Environment
	Runs        int
	// LoadLow and LoadHigh bound the load average of a minute, before each run.
	LoadLow, LoadHigh float64
}

// gatherHosts finds the environments and returns each source's letter, "" for
// all where there is one environment only.
func (d *Doc) gatherHosts(sources []Source) []string {
	of := make([]int, len(sources))
	for i, s := range sources {
		of[i] = d.host(s.Run.Environment)
	}
	letters := make([]string, len(sources))
	if len(d.Hosts) > 1 {
		for i, n := range of {
			letters[i] = d.Hosts[n].Letter
		}
	}
	return letters
}

// host finds the environment's place among Hosts, or adds it.
func (d *Doc) host(e results.Environment) int {
	for i := range d.Hosts {
		h := &d.Hosts[i]
		if sameHost(h.Environment, e) {
			h.Runs++
			h.LoadLow, h.LoadHigh = min(h.LoadLow, e.LoadAverage[0]), max(h.LoadHigh, e.LoadAverage[0])
			for name, version := range e.Engines {
				h.Environment.Engines[name] = version
			}
			if h.Environment.Libzmq == noLibzmq {
				h.Environment.Libzmq = e.Libzmq
			}
			return i
		}
	}
	engines := make(map[string]string, len(e.Engines))
	for name, version := range e.Engines {
		engines[name] = version
	}
	h := Host{Letter: letter(len(d.Hosts)), Environment: e, Runs: 1, LoadLow: e.LoadAverage[0], LoadHigh: e.LoadAverage[0]}
	h.Environment.Engines = engines
	d.Hosts = append(d.Hosts, h)
	return len(d.Hosts) - 1
}

// noLibzmq is what a run on other engines has in place of its version.
const noLibzmq = "none"

// sameHost reports whether nothing differs but the load. An engine that only
// one of them used, or libzmq, is no difference; two versions of one are.
func sameHost(a, b results.Environment) bool {
	for name, version := range b.Engines {
		if v, ok := a.Engines[name]; ok && v != version {
			return false
		}
	}
	a.Engines, b.Engines = nil, nil
	a.EngineDefaults, b.EngineDefaults = nil, nil
	if a.Libzmq == noLibzmq || b.Libzmq == noLibzmq {
		a.Libzmq, b.Libzmq = "", ""
	}
	a.LoadAverage, b.LoadAverage = [3]float64{}, [3]float64{}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// letter is A, B, … Z, A1, B1, …
func letter(n int) string {
	s := string(rune('A' + n%26))
	if n >= 26 {
		s += fmt.Sprint(n / 26)
	}
	return s
}
