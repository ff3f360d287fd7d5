package drivers

import (
	"slices"

	"zbench/engines"
)

// slowly is a slow consumer: a message is recorded when it turns to it, and takes
// its time then. What has come meanwhile waits in the socket.
type slowly struct {
	*server
	waiting []*engines.Msg // received, and not yet turned to
	busy    int64          // until when it is
	came    int64          // when the newest of those waiting came, as far as is known
}

func (s *slowly) idle() bool { return len(s.waiting) == 0 }

func (s *slowly) queue(ms []*engines.Msg, came int64) {
	s.waiting = append(s.waiting, ms...)
	s.came = came
}

// step turns to what is waiting and returns when it will go on.
func (v *receiver) step(now int64) (next int64, did bool) {
	s := v.slow
	if s == nil || s.idle() {
		return never, false
	}
	rec := v.rec.Load()
	s.origin = v.start.Load()
	done := 0
	defer func() {
		engines.Release(s.waiting[:done])
		s.waiting = slices.Delete(s.waiting, 0, done)
	}()
	for _, m := range s.waiting {
		if at := s.awake(max(now, s.busy)); at > now {
			return at, done > 0
		}
		rec.Begin()
		v.receiveLag = now - s.awake(max(s.busy, s.came))
		_, ok := v.take(rec, m, now)
		rec.End()
		done++
		if ok && s.delay.Mean > 0 {
			s.busy = s.depart(s.arrival(m.Body(), v.plan.run, now))
		}
		if done%batchSize == 0 {
			now = v.clock()
		}
	}
	return never, true
}
