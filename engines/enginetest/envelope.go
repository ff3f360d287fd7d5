package enginetest

import (
	"fmt"
	"testing"

	"zbench/engines"
)

// testEnvelope checks what REQ, REP, ROUTER and DEALER add and take away.
func testEnvelope(t *testing.T, s *suite) {
	t.Run("REQ to ROUTER", func(t *testing.T) { requestAtRouter(t, s) })
	t.Run("REP makes its own reply", func(t *testing.T) { ownReply(t, s) })
	t.Run("REP to DEALER with a long envelope", func(t *testing.T) { longEnvelope(t, s) })
	for _, clients := range []int{1, 3} {
		for _, echoes := range []bool{true, false} {
			t.Run(fmt.Sprintf("proxy, %d clients, echo %v", clients, echoes), func(t *testing.T) { proxied(t, s, clients, echoes) })
		}
	}
}

// requestAtRouter looks at the delimiter, and answers with a message that the
// ROUTER allocated.
func requestAtRouter(t *testing.T, s *suite) {
	req, router, ok := s.pair(t, s.need(engines.REQ), s.need(engines.ROUTER))
	if !ok {
		return
	}
	for i := range 3 {
		send(t, req, []byte("question"))
		frames := take(t, router)
		if len(frames) != 3 || len(frames[1]) != 0 || string(frames[2]) != "question" {
			t.Fatalf("a ROUTER received %s, want identity, empty delimiter and body", brief(frames))
		}
		reply := fmt.Appendf(nil, "answer %d", i)
		send(t, router, frames[0], nil, reply)
		expect(t, "reply", take(t, req), [][]byte{reply})
	}
}

// ownReply releases the request before the reply is allocated.
func ownReply(t *testing.T, s *suite) {
	req, rep, ok := s.pair(t, s.need(engines.REQ, twoParts), s.need(engines.REP, twoParts))
	if !ok {
		return
	}
	for i := range 5 {
		question := text("part", fmt.Sprint("question ", i))
		send(t, req, question...)
		expect(t, "request", take(t, rep), question)
		reply := text("reply", fmt.Sprint("answer ", i))
		send(t, rep, reply...)
		expect(t, "reply", take(t, req), reply)
	}
}

func twoParts(n *engines.Need) { n.Frames, n.MinFrame = 2, 1 }

// longEnvelope is a request that came through brokers: REP has to put all of
// the envelope back.
func longEnvelope(t *testing.T, s *suite) {
	dealer, rep, ok := s.pair(t, s.need(engines.DEALER, twoParts), s.need(engines.REP, twoParts))
	if !ok {
		return
	}
	envelope := text("hop one", "hop two", "")
	for i := range 3 {
		content := text("a", fmt.Sprint("question ", i))
		send(t, dealer, append(append([][]byte{}, envelope...), content...)...)
		m := recv(t, rep)
		expect(t, "request", m.Frames, content)
		echo(t, rep, m)
		expect(t, "reply", take(t, dealer), append(append([][]byte{}, envelope...), content...))
	}
}

// proxied passes requests through a ROUTER|DEALER proxy to a REP.
func proxied(t *testing.T, s *suite, clients int, echoes bool) {
	duplex := func(n *engines.Need) { n.Options.Use, n.Frames, n.MinFrame = engines.Duplex, 2, 1 }
	req, rep := s.need(engines.REQ, twoParts), s.need(engines.REP, twoParts)
	front := s.need(engines.ROUTER, duplex, func(n *engines.Need) { n.Binds, n.Peers = 1, clients })
	back := s.need(engines.DEALER, duplex)
	rep.Binds = 1
	if !s.supported(t, req, rep, front, back) {
		return
	}
	service := s.open(t, rep)
	backend := s.open(t, back)
	connect(t, backend, bind(t, service, s.endpoint(t)))
	frontend := s.open(t, front)
	bound := bind(t, frontend, s.endpoint(t))
	start(func() error { return forward(frontend, backend) })
	start(func() error { return forward(backend, frontend) })
	start(func() error { return serve(service, echoes) })

	var done []<-chan error
	for c := range clients {
		client := s.open(t, req)
		connect(t, client, bound)
		done = append(done, start(func() error {
			for i := range 50 {
				question := text(fmt.Sprint("client ", c), fmt.Sprint("question ", i))
				if err := push(client, question[:1], question[1]); err != nil {
					return err
				}
				m, err := pull(client)
				if err != nil {
					return err
				}
				if len(m.Frames) != 2 || string(m.Frames[0]) != string(question[0]) || string(m.Frames[1]) != string(question[1]) {
					return fmt.Errorf("the answer to %s is %s", brief(question), brief(m.Frames))
				}
				engines.Release([]*engines.Msg{m})
			}
			return nil
		}))
	}
	for c := range done {
		await(t, fmt.Sprint("client ", c), done[c])
	}
}

// forward passes everything on until a socket closes.
func forward(from, to engines.Socket) error {
	ms := make([]*engines.Msg, 8)
	for {
		n, err := from.Recv(ms)
		if err != nil {
			return err
		}
		for _, m := range ms[:n] {
			if err := to.Send(m); err != nil {
				return err
			}
		}
		if err := to.Flush(); err != nil {
			return err
		}
	}
}

// serve answers with the request, or with a new message of the same content.
func serve(socket engines.Socket, echoes bool) error {
	for {
		m, err := pull(socket)
		if err != nil {
			return err
		}
		if echoes {
			if err = socket.Send(m); err == nil {
				err = socket.Flush()
			}
		} else {
			frames := clone(m.Frames)
			engines.Release([]*engines.Msg{m})
			err = push(socket, frames[:len(frames)-1], frames[len(frames)-1])
		}
		if err != nil {
			return err
		}
	}
}
