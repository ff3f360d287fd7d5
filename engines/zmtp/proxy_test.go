package zmtp

import (
	"io"
	"net"
	"strings"
	"testing"
)

// proxy carries connections to a port and can break them.
type proxy struct {
	l      net.Listener
	target string
	conns  chan net.Conn
}

func startProxy(t *testing.T, endpoint string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{l, strings.TrimPrefix(endpoint, "tcp://"), make(chan net.Conn, 100)}
	t.Cleanup(func() {
		_ = l.Close()
		p.reset()
	})
	go p.run()
	return p
}

func (p *proxy) run() {
	for {
		a, err := p.l.Accept()
		if err != nil {
			return
		}
		b, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = a.Close()
			continue
		}
		p.conns <- a
		p.conns <- b
		go func() { _, _ = io.Copy(a, b) }()
		go func() { _, _ = io.Copy(b, a) }()
	}
}

// reset breaks every connection of now, with RST.
func (p *proxy) reset() {
	for {
		select {
		case c := <-p.conns:
			_ = c.(*net.TCPConn).SetLinger(0)
			_ = c.Close()
		default:
			return
		}
	}
}

func (p *proxy) endpoint() string { return "tcp://" + p.l.Addr().String() }
