package gozeromq

import (
	"net"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"

	"zbench/engines"
)

// Other implementations send heartbeats (RFC 37, PING), and the library hands
// them up as messages.
func TestRecvSkipsCommands(t *testing.T) {
	pull := open(t, New(), engines.PULL, engines.Options{})
	c, err := net.Dial("tcp", strings.TrimPrefix(bind(t, pull, "tcp://127.0.0.1:0"), "tcp://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	push, err := zmq4.Open(c, null.Security(), zmq4.Push, nil, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"a", "b"} {
		if err := push.SendCmd(zmq4.CmdPing, []byte{0, 10}); err != nil {
			t.Fatal(err)
		}
		if err := push.SendMsg(zmq4.NewMsgString(body)); err != nil {
			t.Fatal(err)
		}
		want(t, recv(t, pull), body)
	}
}

func TestREQSkipsCommands(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	replied := make(chan error, 1)
	go func() {
		replied <- func() error {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			rep, err := zmq4.Open(c, null.Security(), zmq4.Rep, nil, true, nil)
			if err != nil {
				return err
			}
			if _, err := rep.RecvMsg(); err != nil {
				return err
			}
			if err := rep.SendCmd(zmq4.CmdPing, []byte{0, 10}); err != nil {
				return err
			}
			return rep.SendMsg(zmq4.NewMsgFrom(nil, []byte("reply")))
		}()
	}()
	req := open(t, New(), engines.REQ, engines.Options{})
	connect(t, req, "tcp://"+l.Addr().String())
	mustSend(t, req, "q")
	want(t, recv(t, req), "reply")
	if err := <-replied; err != nil {
		t.Error(err)
	}
}
