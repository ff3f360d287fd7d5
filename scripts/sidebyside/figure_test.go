package main

import (
	"errors"
	"strings"
	"testing"

	"zbench/scripts/program"
)

func TestFieldReader(t *testing.T) {
	tests := []struct {
		metric   metric
		out      string
		value    float64
		messages uint64
		ok       bool
	}{
		{rate, "messages=1000 rate_msgs_per_s=2500.5\n", 2500.5, 1000, true},
		{rate, "hello\nmessages=7 rate_msgs_per_s=1e6 p50_ns=12", 1e6, 7, true},
		{roundTrip, "messages=7 rate_msgs_per_s=1e6 p50_ns=12", 12, 7, true},
		{roundTrip, "messages=7 rate_msgs_per_s=1e6", 0, 0, false},
		{rate, "rate_msgs_per_s=1e6", 0, 0, false},
		{rate, "messages=-7 rate_msgs_per_s=1e6", 0, 0, false},
		{rate, "messages=7 rate_msgs_per_s=inf", 0, 0, false},
		{rate, "messages=7 rate_msgs_per_s=NaN", 0, 0, false},
		{rate, "messages=7 rate_msgs_per_s=0", 0, 0, false},
		{rate, "", 0, 0, false},
	}
	for _, tt := range tests {
		got, err := fieldReader(tt.metric)([]byte(tt.out))
		if got.values[tt.metric] != tt.value || got.messages != tt.messages || (err == nil) != tt.ok {
			t.Errorf("%q: %+v, %v", tt.out, got, err)
		}
		if err != nil && !errors.Is(err, errOutput) {
			t.Errorf("%q: %v", tt.out, err)
		}
	}
}

func FuzzFieldReader(f *testing.F) {
	f.Add("messages=1000 rate_msgs_per_s=2500.5\n")
	f.Add("=\n== messages=")
	f.Fuzz(func(t *testing.T, out string) {
		if got, err := fieldReader(rate)([]byte(out)); err == nil && !(got.values[rate] > 0) {
			t.Errorf("%+v", got)
		}
	})
}

func TestDocumentReader(t *testing.T) {
	by := func(metrics ...metric) (c cell) {
		for _, m := range metrics {
			c.measures = append(c.measures, measure{metric: m})
		}
		return c
	}
	cells := map[string]cell{"rate": by(rate), "trip": by(roundTrip), "paced": by(pacedP50, pacedP99)}
	document := func(run string) string { return `{"schema":"zbench/result/1","runs":[` + run + `]}` }
	tests := []struct {
		name, cell, document string
		value                float64
		note                 string
		ok                   bool
	}{
		{"rate", "rate", document(`{"verdict":"valid","throughput":{"achieved_msgs_per_s":5}}`), 5, "", true},
		{"delivered", "rate", document(`{"verdict":"valid","throughput":{"achieved_msgs_per_s":5,"delivered_msgs_per_s":40}}`), 40, "", true},
		{"p50", "trip", document(`{"verdict":"valid","latency":{"service":{"p50_ns":900}}}`), 900, "", true},
		{"p50 and p99", "paced", document(`{"verdict":"valid","latency":{"service":{"p50_ns":900,"p99_ns":950}}}`), 900, "", true},
		{"no p99", "paced", document(`{"verdict":"valid","latency":{"service":{"p50_ns":900,"p99_ns":null}}}`), 0, "", false},
		{"no p50", "trip", document(`{"verdict":"valid","latency":{"service":{"p50_ns":null}}}`), 0, "", false},
		{"no latency", "trip", document(`{"verdict":"valid"}`), 0, "", false},
		{"lossy", "rate", document(`{"verdict":"lossy","reasons":[{"verdict":"lossy","detail":"3 lost"}],"throughput":{"achieved_msgs_per_s":5}}`), 5, "3 lost", true},
		{"corrupted", "rate", document(`{"verdict":"corrupted","throughput":{"achieved_msgs_per_s":5}}`), 0, "", false},
		{"none", "rate", document(""), 0, "", false},
		{"other", "rate", `{"schema":"zbench/result/9","runs":[{}]}`, 0, "", false},
		{"empty", "rate", "", 0, "", false},
	}
	for _, tt := range tests {
		got, err := documentReader(cells[tt.cell])([]byte(tt.document))
		if got.values[cells[tt.cell].measures[0].metric] != tt.value || !strings.Contains(got.note, tt.note) || (got.note == "") != (tt.note == "") || (err == nil) != tt.ok {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
		if err != nil && !errors.Is(err, program.ErrResult) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestReadPaced(t *testing.T) {
	f, err := readPaced([]byte(`{"count":1000,"response":{"max_ns":80},"service":{"p50_ns":20,"p99_ns":70,"max_ns":75}}`))
	if err != nil || f.messages != 1000 || f.values[pacedP50] != 20 || f.values[pacedP99] != 70 {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := readPaced(nil); !errors.Is(err, errOutput) {
		t.Errorf("%v", err)
	}
}
