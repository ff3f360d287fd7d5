package drivers

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"zbench/engines"
	"zbench/engines/zmtp"
	"zbench/results"
)

// TestSharedLoadKeepsNoOrder: where zbench listens several services may share
// the load, and the replies of the slow one come after those of the other.
func TestSharedLoadKeepsNoOrder(t *testing.T) {
	at := "ipc://" + filepath.Join(t.TempDir(), "load")
	var done sync.WaitGroup
	defer done.Wait()
	for _, pause := range []time.Duration{0, 20 * time.Millisecond} {
		s, err := zmtp.New().Open(context.Background(), engines.REP, engines.Options{Use: engines.Turns, Linger: time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.Connect(at); err != nil {
			t.Fatal(err)
		}
		done.Go(func() {
			for ms := make([]*engines.Msg, 1); ; {
				n, err := s.Recv(ms)
				if err != nil {
					return
				}
				time.Sleep(pause)
				for _, m := range ms[:n] {
					s.Send(m)
				}
				s.Flush()
			}
		})
	}
	r := runCellOn(t, zmtp.New(), func(c *results.Cell) {
		c.Engine, c.Endpoints, c.Listen = "zmtp", []string{at}, "load"
		c.Pattern, c.Count, c.RateMsgsPerS, c.Peers = "dealer-rep", 60, 100, 2
	})
	if a := r.Accounting; a.Reordered == 0 || a.Lost+a.Unmatched+a.Corrupted != 0 || r.Verdict == results.Corrupted {
		t.Errorf("verdict %s %v, accounting %+v", r.Verdict, r.Reasons, a)
	}
}
