package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ErrFigures means that a client's output has no figures.
var ErrFigures = errors.New("no figures of a plain client")

// Figures are what a client measured.
type Figures struct {
	Count    uint64    `json:"count"`
	Response Quantiles `json:"response"` // received − due
	Service  Quantiles `json:"service"`  // received − sent
}

// Quantiles are of the nearest rank, in ns.
type Quantiles struct {
	P50NS  int64 `json:"p50_ns"`
	P90NS  int64 `json:"p90_ns"`
	P99NS  int64 `json:"p99_ns"`
	P995NS int64 `json:"p99_5_ns"`
	P999NS int64 `json:"p99_9_ns"`
	MaxNS  int64 `json:"max_ns"`
}

// newQuantiles sorts v, which has at least one value.
func newQuantiles(v []int64) Quantiles {
	slices.Sort(v)
	at := func(permille int) int64 { return v[(len(v)*permille+999)/1000-1] }
	return Quantiles{at(500), at(900), at(990), at(995), at(999), at(1000)}
}

func (f Figures) write(w io.Writer) error { return json.NewEncoder(w).Encode(f) }

// ReadFigures reads the last line of a client's output.
func ReadFigures(out []byte) (Figures, error) {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	last := lines[len(lines)-1]
	var f Figures
	if err := json.Unmarshal([]byte(last), &f); err != nil {
		return Figures{}, fmt.Errorf("%w: %w: %q", ErrFigures, err, last)
	}
	if f.Count == 0 || f.Service.P50NS <= 0 || f.Service.MaxNS < f.Service.P50NS || f.Response.MaxNS <= 0 {
		return Figures{}, fmt.Errorf("%w: %q", ErrFigures, last)
	}
	return f, nil
}

// recorder keeps every latency of the measured part.
type recorder struct {
	skip              uint64
	response, service []int64
}

func newRecorder(l Load) recorder {
	r := recorder{l.Warmup, make([]int64, l.Count), make([]int64, l.Count)}
	for i := range r.response { // no page fault later
		r.response[i], r.service[i] = -1, -1
	}
	return r
}

func (r *recorder) record(i uint64, due, sent, received int64) {
	if i < r.skip {
		return
	}
	r.response[i-r.skip] = received - due
	r.service[i-r.skip] = received - sent
}

func (r *recorder) figures() Figures {
	return Figures{uint64(len(r.service)), newQuantiles(r.response), newQuantiles(r.service)}
}
