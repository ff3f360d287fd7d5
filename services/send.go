package services

import (
	"fmt"

	"zbench/drivers/load"
	"zbench/engines"
)

// meterEvery is how many messages are counted together where nothing waits. An
// engine's batch is as long at most, so that what it holds is not counted yet.
const meterEvery = 64

// outgoing is what a source keeps while it sends.
type outgoing struct {
	envs        [][][]byte // frames before the body, by topic
	seqs        []uint64   // by topic
	turn        int        // of the topics
	now         int64      // the latest clock reading
	sent, bytes uint64     // not yet counted
	begun       bool       // the first message has left
}

// send is the loop of a source.
func (s *source) send() {
	o := &outgoing{envs: s.envelopes(), seqs: make([]uint64, len(s.stamps))}
	if s.scheduled && !s.attended() {
		return
	}
	start := s.begin()
	end := int64(1<<63 - 1)
	if s.until > 0 {
		end = start + int64(s.until)
	}
	defer s.rest(o)
	for !s.stop.Load() {
		offset, ok := s.arrivals.Next()
		o.now = load.Now()
		due := o.now
		if s.scheduled {
			due = start + int64(offset)
		}
		if !ok || due >= end {
			return
		}
		if due > o.now {
			s.rest(o)
			if o.now, ok = s.pacer.Wait(due); !ok {
				return
			}
		}
		s.offered++
		if err := s.shoot(o, due); err != nil && !s.goOn(err) {
			return
		}
		switch {
		case !o.begun && o.sent > 0:
			o.begun = true // the first one shows that a peer is there
			s.rest(o)
		case o.sent == meterEvery:
			s.tally(o)
		}
	}
}

// shoot sends one message. Where there is no schedule it is due when it goes.
func (s *source) shoot(o *outgoing, due int64) error {
	t := o.turn
	if o.turn++; o.turn == len(s.stamps) {
		o.turn = 0
	}
	length := s.next()
	m, err := s.sock.Alloc(fill(o.envs[t], s.Topics > 0, s.payload[:length]), length)
	if err != nil {
		return err
	}
	o.now = load.Now()
	if s.scheduled {
		_ = s.late.RecordValue(max(1, o.now-due)) // beyond an hour it is not told apart
	} else {
		due = o.now
	}
	s.stamps[t].Put(m.Body(), o.seqs[t], due, o.now)
	if err := s.sock.Send(m); err != nil {
		engines.Release([]*engines.Msg{m})
		return err
	}
	o.seqs[t]++
	o.sent++
	o.bytes += uint64(length * max(1, s.Frames))
	return nil
}

// rest passes on what is buffered, before a wait. What did not leave is not
// counted.
func (s *source) rest(o *outgoing) {
	if err := s.sock.Flush(); err != nil {
		s.goOn(err)
		o.sent, o.bytes = 0, 0
	}
	s.tally(o)
}

func (s *source) tally(o *outgoing) {
	s.count.add(o.sent, o.bytes, o.now)
	o.sent, o.bytes = 0, 0
}

// attended waits where a schedule must not start before a peer is there:
// Alloc blocks until then. What it gives is abandoned.
func (s *source) attended() bool {
	if _, ok := s.sock.(engines.Attended); ok {
		return true
	}
	_, err := s.sock.Alloc(nil, 0)
	return err == nil || s.goOn(err)
}

// envelopes are the frames before the body, by topic.
func (s *source) envelopes() [][][]byte {
	envs := make([][][]byte, len(s.stamps))
	for t := range envs {
		if s.Topics > 0 {
			envs[t] = append(envs[t], fmt.Appendf(nil, "topic-%04d", t))
		}
		envs[t] = append(envs[t], make([][]byte, max(1, s.Frames)-1)...)
	}
	return envs
}

// fill sets the parts before the body to what the body is made of.
func fill(env [][]byte, topic bool, part []byte) [][]byte {
	first := 0
	if topic {
		first = 1
	}
	for i := first; i < len(env); i++ {
		env[i] = part
	}
	return env
}
