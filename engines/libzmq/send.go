//go:build libzmq

package libzmq

// #cgo noescape zb_flush
// #cgo nocallback zb_flush
// #include "bridge.h"
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"zbench/engines"
)

// What a batch may hold before it goes out.
const (
	batchMessages = 64
	batchBytes    = 16 << 10
	batchFrames   = C.ZB_FRAMES - maxParts
)

// stagedBytes is the longest frame that is copied; longer ones are written into
// memory of the library at once.
const stagedBytes = 4096

var errFrames = errors.New("a message has 1 to 1056 frames, an envelope counted")

// outbox is the sender's half: a batch in memory of C. What a hosted socket
// could not pass on stays at its place, and what is sent meanwhile comes behind
// it; the memory is used anew once all of it has gone.
type outbox struct {
	payload  []byte
	most     int // messages of a batch
	frames   []C.struct_zb_frame
	arena    []byte
	messages int // in the batch
	first    int // frame that goes next
	count    int // the end of the batch's frames
	used     int // bytes of arena that they have
	staged   int // frames behind those, of a message not sent yet
	mark     int // bytes of arena, those included

	allocated engines.Msg // what Alloc gave
	large     bool        // staged frames have memory of the library
	borrowed  []*message  // in the batch, to be given back

	unsent int   // messages that Send took and that did not go, since Flush said so
	cause  error // of the first of them
}

func (o *outbox) init(z *C.struct_zb_socket, options engines.Options) {
	o.payload = options.Payload
	o.most = batchMessages
	if options.SendHWM > 0 {
		o.most = min(o.most, options.SendHWM)
	}
	o.frames = unsafe.Slice(z.frames, C.ZB_FRAMES)
	o.arena = unsafe.Slice((*byte)(unsafe.Pointer(z.arena)), C.ZB_ARENA)
}

// Alloc implements engines.Sender.
func (s *socket) Alloc(env [][]byte, size int) (*engines.Msg, error) {
	if err := s.maySend(len(env) + 1); err != nil {
		return nil, err
	}
	o := &s.out
	s.abandon()
	if err := s.room(); err != nil {
		return nil, err
	}
	frames := o.allocated.Frames[:0]
	for _, frame := range env {
		place, err := s.stage(len(frame))
		if err != nil {
			return nil, err
		}
		copy(place, frame)
		frames = append(frames, place)
	}
	body, err := s.stage(size)
	if err != nil {
		return nil, err
	}
	copy(body, o.payload)
	o.allocated.Frames = append(frames, body)
	return &o.allocated, nil
}

func (s *socket) maySend(frames int) error {
	switch {
	case s.closed.Load():
		return s.fail("send", engines.ErrClosed)
	case !s.kind.CanSend():
		return s.fail("send", fmt.Errorf("it does not send: %w", engines.ErrUnsupported))
	case frames < 1 || frames > maxParts:
		return s.fail("send", errFrames)
	}
	return nil
}

// stage gives memory for one more frame of the message that is made.
func (s *socket) stage(size int) ([]byte, error) {
	o := &s.out
	i := o.count + o.staged
	f := &o.frames[i]
	f.more = 1
	if at := o.mark; size <= stagedBytes && at+size <= len(o.arena) {
		place := o.arena[at : at+size : at+size]
		f.data, f.size, f.msg = unsafe.Pointer(unsafe.SliceData(place)), C.size_t(size), nil
		o.mark = at + (size+7)&^7
		o.staged++
		return place, nil
	}
	place := C.zb_large(s.z, C.uint32_t(i), C.size_t(size))
	if place == nil {
		return nil, s.fail("send", fmt.Errorf("no memory for a frame of %d bytes", size))
	}
	o.large = true
	o.staged++
	return unsafe.Slice((*byte)(place), size), nil
}

// abandon forgets a message that was not sent.
func (s *socket) abandon() {
	o := &s.out
	if o.large {
		C.zb_abandon(s.z, C.uint32_t(o.count), C.uint32_t(o.count+o.staged))
		o.large = false
	}
	o.staged, o.mark = 0, o.used
	if o.messages == 0 {
		o.rewind()
	}
}

// rewind starts an empty batch at the beginning of its memory.
func (o *outbox) rewind() {
	o.first, o.count, o.used, o.mark = 0, 0, 0, 0
}

// room makes room for one more message, which only a hosted socket may lack:
// others wait until the whole batch has gone.
func (s *socket) room() error {
	if !s.out.full() {
		return nil
	}
	if s.pass(); s.out.full() {
		return engines.ErrWait
	}
	return nil
}

// Send implements engines.Sender.
func (s *socket) Send(m *engines.Msg) error {
	o := &s.out
	if m == &o.allocated && o.staged > 0 {
		if s.closed.Load() {
			return s.fail("send", engines.ErrClosed)
		}
		return s.commit()
	}
	if err := s.maySend(len(m.Frames)); err != nil {
		return err
	}
	s.abandon()
	if err := s.room(); err != nil {
		return err
	}
	if own, ok := m.Ref.(*message); ok && own.intact() {
		return s.lend(own)
	}
	for _, frame := range m.Frames {
		place, err := s.stage(len(frame))
		if err != nil {
			return err
		}
		copy(place, frame)
	}
	if err := s.commit(); err != nil {
		return err
	}
	if m.Owner != nil {
		m.Owner.Free([]*engines.Msg{m})
	}
	return nil
}

// lend puts a message that the library received into the batch as it is.
func (s *socket) lend(m *message) error {
	o := &s.out
	parts := unsafe.Slice(m.in.parts, int(m.in.count))
	for i, frame := range m.Frames {
		f := &o.frames[o.count+i]
		f.msg, f.more = &parts[i], 1
		o.mark += len(frame) // as a measure: nothing is copied
	}
	o.staged = int(m.in.count)
	if err := s.commit(); err != nil {
		return err
	}
	o.borrowed = append(o.borrowed, m)
	if o.messages == 0 { // it went
		s.giveBack()
	}
	return nil
}

// seal makes what is staged a message of the batch.
func (s *socket) seal() {
	o := &s.out
	o.count += o.staged
	o.frames[o.count-1].more = 0
	o.staged, o.used, o.large = 0, o.mark, false
	o.messages++
}

// full reports whether the batch has to go out.
func (o *outbox) full() bool {
	return o.messages >= o.most || o.messages > 0 && (o.used >= batchBytes || o.count >= batchFrames)
}

// commit is seal, and pass once the batch is full. The error is of the message
// that was sealed, and no other's.
func (s *socket) commit() error {
	o := &s.out
	s.seal()
	if !o.full() {
		return nil
	}
	if last := s.pass(); last != 0 {
		if o.unsent--; o.unsent == 0 {
			o.cause = nil
		}
		return s.fail("send", failure(last))
	}
	return nil
}

// pass sends the batch. Where there is no room it waits, but for a hosted socket,
// whose messages then stay. It returns why the last message did not go and notes
// how many did not, for Flush.
func (s *socket) pass() C.int {
	o := &s.out
	s.z.first, s.z.count = C.uint32_t(o.first), C.uint32_t(o.count)
	rc := C.zb_flush(s.z)
	last, unsent := s.z.last, int(s.z.unsent)
	first, left := int(s.z.first), int(s.z.left)
	runtime.KeepAlive(s)
	if s.host != nil && first > o.first {
		s.host.doubted = false
	}
	if o.first, o.messages = first, left; left == 0 {
		s.giveBack()
		if o.staged == 0 {
			o.rewind()
		}
	}
	if rc != 0 {
		o.unsent += unsent
		if o.cause == nil {
			o.cause = failure(rc)
		}
	}
	return last
}

// Flush implements engines.Sender: the batch goes out, and if that has to wait
// for room, so does Flush, or returns engines.ErrWait. Another error tells, once
// the batch is empty, of all messages that Send has taken since the one before
// and that did not go.
func (s *socket) Flush() error {
	o := &s.out
	if o.messages > 0 {
		s.pass()
	}
	if o.messages > 0 {
		return engines.ErrWait
	}
	if o.unsent == 0 {
		return nil
	}
	err := s.fail("send", &engines.Unsent{Messages: o.unsent, Cause: o.cause})
	o.unsent, o.cause = 0, nil
	return err
}

// giveBack returns the messages that the batch had borrowed, those of a pool
// together.
func (s *socket) giveBack() {
	ms := s.out.borrowed
	for len(ms) > 0 {
		n := 1
		for n < len(ms) && ms[n].pool == ms[0].pool {
			n++
		}
		ms[0].pool.put(ms[:n])
		ms = ms[n:]
	}
	clear(s.out.borrowed)
	s.out.borrowed = s.out.borrowed[:0]
}
