package enginetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"zbench/engines"
)

// party is a hosted socket that sends numbered messages and checks what comes.
type party struct {
	*member
	progress *progress
	env      [][]byte
	content  func(i int) [][]byte

	total  int // messages to send
	window int // that may be unanswered, 0: any number
	sent   int
	made   *engines.Msg // by Alloc, not taken by Send yet
	waits  int          // calls to send that would have had to wait
	held   bool         // some of what was sent waits in the socket

	hears int // messages to receive
	heard int
	check func(frames [][]byte) error // nil: it does not receive
}

func (p *party) done() bool { return p.sent >= p.total && p.heard >= p.hears && !p.held }

// step receives all that has come and sends all that may go.
func (p *party) step() error {
	for {
		if again, err := p.turn(); err != nil || !again {
			return err
		}
	}
}

// turn is step once; again says that a REQ has its reply and may go on.
func (p *party) turn() (again bool, err error) {
	if p.check != nil && (p.window != 1 || p.sent > p.heard) { // a REQ has nothing to receive before it asks
		if err := p.receive(); err != nil {
			return false, err
		}
	}
	if p.total == 0 {
		return false, nil
	}
	for p.sent < p.total && (p.window == 0 || p.sent-p.heard < p.window) {
		err := p.offer(p.content(p.sent))
		if err == engines.ErrWait {
			p.waits++
			break
		}
		if err != nil {
			return false, fmt.Errorf("message %d: %w", p.sent, err)
		}
		p.sent++
		if p.check == nil {
			p.progress.messages.Add(1)
		}
	}
	if err := p.flush(); err != nil || p.check == nil || p.window != 1 || p.sent == p.heard {
		return false, err
	}
	err = p.receive() // whoever waits has asked in vain
	return p.sent == p.heard && p.sent < p.total, err
}

// offer makes a message, unless the one before is still there, and has it sent.
func (p *party) offer(frames [][]byte) error {
	if p.made == nil {
		last := len(frames) - 1
		m, err := p.socket.Alloc(append(append([][]byte{}, p.env...), frames[:last]...), len(frames[last]))
		if err != nil {
			return err
		}
		copy(m.Body(), frames[last])
		p.made = m
	}
	if err := p.socket.Send(p.made); err != nil {
		return err
	}
	p.made = nil
	return nil
}

func (p *party) flush() error {
	err := p.socket.Flush()
	if p.held = err == engines.ErrWait; p.held {
		p.waits++
		return nil
	}
	return err
}

// say sends a message that has no number, or drops it.
func (p *party) say(frames [][]byte) error {
	if err := p.offer(frames); err != nil && err != engines.ErrWait {
		return err
	}
	return p.flush()
}

// receive checks what has come, until nothing more has.
func (p *party) receive() error {
	return drain(p.socket, func(ms []*engines.Msg) error {
		defer engines.Release(ms)
		for _, m := range ms {
			if err := p.check(m.Frames); err != nil {
				return fmt.Errorf("message %d: %w", p.heard, err)
			}
			p.heard++
			p.progress.messages.Add(1)
		}
		return nil
	})
}

// inOrder is a check that the contents come in order, behind an envelope.
func (p *party) inOrder(env [][]byte) func([][]byte) error {
	return func(frames [][]byte) error {
		return same(frames, append(clone(env), p.content(p.heard)...))
	}
}

// drain hands on what has come until Recv would have to wait.
func drain(socket engines.Receiver, each func([]*engines.Msg) error) error {
	ms := make([]*engines.Msg, 16)
	for {
		n, err := socket.Recv(ms)
		switch {
		case err == engines.ErrWait && n == 0:
			return nil
		case err != nil:
			return fmt.Errorf("recv of %d messages: %w", n, err)
		case n == 0:
			return errors.New("recv brought neither a message nor an error")
		}
		if err := each(ms[:n]); err != nil {
			return err
		}
	}
}

func same(got, want [][]byte) error {
	if !slices.EqualFunc(got, want, bytes.Equal) {
		return fmt.Errorf("it came as %s, want %s", brief(got), brief(want))
	}
	return nil
}

// echoer is a hosted socket that sends back whatever it receives.
type echoer struct {
	*member
	owed []*engines.Msg
}

var errOwed = errors.New("the rest has to wait")

func (e *echoer) step() error {
	if err := e.reply(); err != nil {
		return wait(err)
	}
	err := drain(e.socket, func(ms []*engines.Msg) error {
		e.owed = append(e.owed, ms...)
		return e.reply()
	})
	return wait(err)
}

// wait is nil where room is all that is missing.
func wait(err error) error {
	if err == errOwed {
		return nil
	}
	return err
}

// reply sends what is owed, or as much as there is room for.
func (e *echoer) reply() (owed error) {
	for len(e.owed) > 0 {
		err := e.socket.Send(e.owed[0])
		if err == engines.ErrWait {
			owed = errOwed
			break
		}
		if err != nil {
			return fmt.Errorf("send back: %w", err)
		}
		e.owed = e.owed[1:]
	}
	if err := e.socket.Flush(); err != nil && err != engines.ErrWait {
		return fmt.Errorf("flush: %w", err)
	}
	return owed
}
