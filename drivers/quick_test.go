package drivers

import (
	"bytes"
	"testing"
	"time"

	"zbench/engines"
	"zbench/engines/null"
	"zbench/results"
)

// TestLagsReachTheRecorder: that of the send out of the stamp, also where
// messages of one batch are recorded together, and that of the loop's reading.
func TestLagsReachTheRecorder(t *testing.T) {
	cell := NewCell()
	cell.Pattern, cell.Engine, cell.RateMsgsPerS, cell.DurationS = "push-pull", "null", 1000, 1
	if err := Resolve(&cell); err != nil {
		t.Fatal(err)
	}
	e := null.New()
	r, _, err := newRun(Setup{ID: t.Name(), Cell: cell, Load: e, Middle: e, Peer: e})
	if err != nil {
		t.Fatal(err)
	}
	c, err := results.NewCollector(results.Config{
		Scheduled: true, Kind: results.OneWay, Flows: 1, Phases: []results.Phase{{Name: "measured", To: time.Second, Measured: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rec := c.Recorder("peer 1")
	c.Start()
	v := newView(r, rolePeer)
	v.learn()
	var ms []*engines.Msg
	for seq := range uint64(40) {
		body := bytes.Clone(v.bytes[:v.size])
		putStamp(body, stampHead(r.plan.run, flagScheduled), seq, lagCode(1024), 1000, 5000)
		ms = append(ms, &engines.Msg{Frames: [][]byte{body}})
	}
	rec.Begin()
	v.receiveLag = 500
	if n := v.takeUsual(rec, ms[:30], 9000); n != 30 {
		t.Errorf("%d of 30 messages of one batch were taken together", n)
	}
	for _, m := range ms[30:] {
		v.take(rec, m, 9000)
	}
	rec.End()
	o, err := c.Stop(results.Totals{Offered: 40, OfferedMeasured: 40, Now: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	late, own := o.Latency.Lateness, o.Latency.ReceiveLag
	if late == nil || late.Count != 40 || *late.P50NS/8 != (1024+500)/8 || own == nil || *own.MaxNS/4 != 500/4 {
		t.Errorf("lateness %+v, receive lag %+v", late, own)
	}
}
