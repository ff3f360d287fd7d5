package results

import (
	"testing"
	"time"
)

func TestArrivals(t *testing.T) {
	const ms = int64(time.Millisecond)
	m := NewArrivalMeter()
	now := int64(5)
	for i := range 1001 { // every 2 ms, and one gap of 300 ms
		m.Note(now, 10+i%3)
		now += 2 * ms
		if i == 500 {
			now += 298 * ms
		}
	}
	a := SumArrivals([]*ArrivalMeter{m, nil, NewArrivalMeter()})
	if a.Count != 1001 || a.SizeMin != 10 || a.SizeMax != 12 || a.SizeMean < 10.9 || a.SizeMean > 11.1 {
		t.Errorf("%+v", a)
	}
	if want := 1000 / 2.298; *a.MsgsPerS < want-0.01 || *a.MsgsPerS > want+0.01 {
		t.Errorf("rate %g, want %g", *a.MsgsPerS, want)
	}
	if p50 := *a.Gaps.P50NS; p50 < 2*ms || p50 > 2*ms+2*ms/1000 || a.Silences != 1 || a.SilentS != 0.3 || a.LongGapNS != 100*ms {
		t.Errorf("p50 %d, %+v", p50, a)
	}
	m.End(now + 200*ms)
	if a = SumArrivals([]*ArrivalMeter{m}); a.Silences != 2 {
		t.Errorf("%d silences with the one at the end", a.Silences)
	}
}

// TestSilenceOfASlowPublisher: gaps that are usual are no silence.
func TestSilenceOfASlowPublisher(t *testing.T) {
	m := NewArrivalMeter()
	for i := range 30 {
		m.Note(int64(i)*int64(time.Second), 1)
	}
	if a := SumArrivals([]*ArrivalMeter{m}); a.Silences != 0 || a.LongGapNS < int64(10*time.Second) {
		t.Errorf("%+v", a)
	}
	if SumArrivals([]*ArrivalMeter{NewArrivalMeter()}) != nil {
		t.Error("nothing came, and has arrivals")
	}
}

func TestOutageInWords(t *testing.T) {
	back, many, one, three := 6.05, uint64(1013), uint64(1), uint64(3)
	for want, o := range map[string]Outage{
		"down from 4.02 s to 6.05 s: recovery after 2.03 s, 1013 requests lost":                  {4.02, &back, &many, false},
		"down from 4.02 s on: no recovery, 1 request lost":                                       {4.02, nil, &one, false},
		"down from 4.02 s on: no recovery, what it cost is not known here":                       {4.02, nil, nil, false},
		"silent from 4.02 s to 6.05 s, though connected: recovery after 2.03 s, 3 requests lost": {4.02, &back, &three, true},
	} {
		if got := o.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	r := Run{Cell: Cell{Pattern: "req-rep"}, Outages: []Outage{{4.02, &back, &three, false}}, Accounting: Accounting{
		Offered: 10, Sent: 10, Expected: 10, Received: 7, Lost: 3, Timeouts: 2, Late: 1, Unmatched: 1}}
	Judge(&r, Signals{Promise: true})
	var verdicts []Verdict
	for _, reason := range r.Reasons {
		verdicts = append(verdicts, reason.Verdict)
	}
	if len(verdicts) != 3 || verdicts[0] != Corrupted || verdicts[1] != OutOfService || verdicts[2] != Lossy {
		t.Errorf("reasons %v", r.Reasons)
	}
}
