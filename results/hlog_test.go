package results

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// logOf runs 5 s, of which one is warm-up, at 100/s with a latency of 1 ms,
// some below zero and one message lost.
func logOf(t testing.TB) (log []byte, o *Outcome) {
	t.Helper()
	var to bytes.Buffer
	c := newTest(t, Config{Scheduled: true, Log: &to, Phases: []Phase{
		{Name: "warmup", To: time.Second},
		{Name: "measured", From: time.Second, To: 5 * time.Second, Measured: true},
	}})
	r := c.Recorder("peer 1")
	for i := int64(0); i < 500; i++ {
		due := start + i*10_000_000
		if i > 0 && i%100 == 0 {
			c.collect(due, false)
		}
		latency := int64(1_000_000)
		if i%50 == 7 {
			latency = -4000
		}
		r.RecordSend(0, due, due+10, 10)
		if i != 250 {
			r.RecordReceive(0, 0, uint64(i), due, due+10, due+10+latency, -1, -1, 64)
		}
	}
	o = stop(t, c, Totals{Offered: 500, OfferedMeasured: 400, Now: start + 5e9})
	return to.Bytes(), o
}

// TestLogForOthers reads the log as any HdrHistogram tool does.
func TestLogForOthers(t *testing.T) {
	log, o := logOf(t)
	reader := hdr.NewHistogramLogReader(bytes.NewReader(log))
	intervals, totals := map[string]int{}, map[string]int64{}
	for {
		h, err := reader.NextIntervalHistogramWithRange(0, math.MaxFloat64, true)
		if err != nil {
			t.Fatal(err)
		}
		if h == nil {
			break
		}
		if begin := h.StartTimeMs() - wallOfStart.UnixMilli(); begin < 0 || begin > 5000 || begin%1000 != 0 {
			t.Errorf("%s begins %d ms after the start", h.Tag(), begin)
		}
		intervals[h.Tag()]++
		totals[h.Tag()] += h.TotalCount()
	}
	for tag, want := range map[string][2]int64{
		"warmup.response": {1, 98}, "warmup.negative.service": {1, 2}, "warmup.lag": {1, 100},
		"response": {4, 391}, "service": {4, 391}, "negative.response": {4, 8}, "lag": {4, 400},
	} {
		if int64(intervals[tag]) != want[0] || totals[tag] != want[1] {
			t.Errorf("%s: %d intervals with %d values, want %v", tag, intervals[tag], totals[tag], want)
		}
	}
	if got := int64(o.Latency.Response.Count); got != totals["response"]+totals["negative.response"] {
		t.Errorf("the outcome has %d responses", got)
	}
}

// TestLogReread gives back what the run knew, however the last line ends.
func TestLogReread(t *testing.T) {
	log, o := logOf(t)
	whole, err := readLog(bytes.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	var r Run
	whole.fill(&r)
	if len(r.Series) != len(o.Series) || r.Verdict != Interrupted {
		t.Fatalf("%d points, verdict %s", len(r.Series), r.Verdict)
	}
	if r.Accounting != o.Accounting {
		t.Errorf("got  %+v\nwant %+v", r.Accounting, o.Accounting)
	}
	if *r.Latency.Response.P90NS != *o.Latency.Response.P90NS || *r.Latency.Lag.P50NS != 10 {
		t.Errorf("latency differs: %+v", r.Latency.Response)
	}
	near(t, "rate", *r.Throughput.AchievedMsgsPerS, *o.Throughput.AchievedMsgsPerS, 0.5)
	before := len(whole.points)
	for cut := len(log) - 1; cut >= 0; cut -= 97 {
		l, err := readLog(bytes.NewReader(log[:cut]))
		if err != nil {
			t.Fatalf("cut at %d of %d: %v", cut, len(log), err)
		}
		if n := len(l.points); n > before || n < before-1 {
			t.Fatalf("cut at %d: %d points after %d", cut, n, before)
		}
		before = len(l.points)
	}
}

func TestLogDamaged(t *testing.T) {
	log, _ := logOf(t)
	foreign := hdr.New(1, 1000, 2)
	payload, err := foreign.EncodeV2()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"no log":          "hello\n",
		"no tag":          "0.0,1.0,2.0,HISTF\n",
		"no histogram":    "Tag=lag,0.0,1.0,2.0,HISTF\n",
		"other histogram": "Tag=lag,0.0,1.0,2.0," + string(payload) + "\n",
		"no closing":      "#[zbench {]\n",
		"broken line":     strings.Replace(string(log), "HISTF", "HIS%F", 1),
		"endless line":    "#" + strings.Repeat("x", longestLine+1<<17) + "\n",
	} {
		if _, err := readLog(strings.NewReader(text)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type fullDisk struct{ room int }

var errFull = errors.New("no room")

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.room -= len(p); d.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// TestLogFull loses the log, not the outcome.
func TestLogFull(t *testing.T) {
	c := newTest(t, Config{Log: &fullDisk{room: 3000}})
	r := c.Recorder("peer 1")
	for i := int64(0); i < 1000; i++ {
		now := start + i*10_000_000
		r.RecordSend(0, now, now, -1)
		r.RecordReceive(0, 0, uint64(i), now, now, now+i, -1, -1, 64)
		if i%100 == 99 {
			c.collect(now, false)
		}
	}
	o, err := c.Stop(Totals{Now: start + 10e9})
	if !errors.Is(err, ErrLog) || !errors.Is(err, errFull) {
		t.Errorf("error %v", err)
	}
	if o == nil || o.Accounting.Received != 1000 {
		t.Errorf("outcome %+v", o)
	}
}

func FuzzReadLog(f *testing.F) {
	log, _ := logOf(f)
	f.Add(log)
	f.Add(log[:len(log)/2])
	f.Add([]byte("Tag=lag,0.0,1.0,2.0,HISTF\n#[zbench {}]\n"))
	f.Add([]byte("#[zbench {\"point\":{\"t_s\":1}}]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := readLog(bytes.NewReader(text))
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%v", err)
			}
			return
		}
		var r Run
		l.fill(&r)
		if len(r.Series) != len(l.points) || r.Verdict != Interrupted {
			t.Errorf("%d points became %d", len(l.points), len(r.Series))
		}
	})
}
