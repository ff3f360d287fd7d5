package results

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"
)

// sink keeps the compiler from removing what the meter is to see.
var sink []byte

func TestMeter(t *testing.T) {
	m := StartMeter()
	for begin := time.Now(); time.Since(begin) < 20*time.Millisecond; {
		sink = make([]byte, 1<<20)
	}
	runtime.GC()
	r := m.Stop(10)
	if r.Side != "all" || r.CPUNSPerMsg <= 0 || r.AllocsPerMsg <= 0 || r.GCPauseMaxNS <= 0 || r.MaxRSSBytes < 1<<20 {
		t.Errorf("%+v", r)
	}
	if r := m.Stop(0); r.CPUNSPerMsg != 0 || r.AllocsPerMsg != 0 {
		t.Errorf("without messages: %+v", r)
	}
}

func TestLongestPause(t *testing.T) {
	h := func(counts ...uint64) *metrics.Float64Histogram {
		return &metrics.Float64Histogram{Counts: counts, Buckets: []float64{0, 1e-6, 1e-3, 1}[:len(counts)+1]}
	}
	for _, tt := range []struct {
		before, now *metrics.Float64Histogram
		want        int64
	}{
		{h(1, 2, 3), h(1, 2, 3), 0},
		{h(1, 2, 3), h(9, 3, 3), 1_000_000},
		{h(0, 0, 0), h(1, 0, 0), 1000},
		{nil, h(1), 0},
	} {
		if got := longestPause(tt.before, tt.now); got != tt.want {
			t.Errorf("got %d, want %d", got, tt.want)
		}
	}
}

func TestReadEnvironment(t *testing.T) {
	e := ReadEnvironment("v1.2.3", map[string]string{"libzmq": "4.3.5", "null": "1"})
	if e.CPU == "" || e.Cores < 1 || e.Kernel == "" || e.Go == "" || e.Virtualisation == "" || e.Governor == "" {
		t.Errorf("%+v", e)
	}
	if e.Libzmq != "4.3.5" || e.Zbench != "v1.2.3" {
		t.Errorf("%+v", e)
	}
	if _, err := json.Marshal(e); err != nil {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "governor")
	if err := os.WriteFile(file, []byte("performance\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := governor(file); got != "performance" {
		t.Errorf("governor %q", got)
	}
	if got := governor(file + ".none"); got != unknown {
		t.Errorf("governor %q", got)
	}
}
