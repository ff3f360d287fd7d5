package gozeromq

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"zbench/engines"
)

func TestSupports(t *testing.T) {
	option := func(k engines.Kind, o engines.Options) engines.Need {
		return engines.Need{Kind: k, Transport: "tcp", Options: o}
	}
	for name, c := range map[string]struct {
		need engines.Need
		why  string // part of the refusal, none if taken
	}{
		"two PULLs behind a PUSH":      {engines.Need{Kind: engines.PUSH, Transport: "tcp", Peers: 2}, "--force"},
		"two peers of a DEALER":        {engines.Need{Kind: engines.DEALER, Transport: "ipc", Peers: 2}, "duplicates"},
		"two peers of a PAIR":          {engines.Need{Kind: engines.PAIR, Transport: "ipc", Peers: 2}, "duplicates"},
		"one peer of a PUSH":           {engines.Need{Kind: engines.PUSH, Transport: "tcp", Peers: 1}, ""},
		"many peers of a PULL":         {engines.Need{Kind: engines.PULL, Transport: "tcp", Peers: 9}, ""},
		"many subscribers":             {engines.Need{Kind: engines.PUB, Transport: "tcp", Peers: 9}, ""},
		"many routers":                 {engines.Need{Kind: engines.REQ, Transport: "tcp", Peers: 9}, ""},
		"256 bytes inproc":             {engines.Need{Kind: engines.PULL, Transport: "inproc", MaxFrame: 256}, "255"},
		"255 bytes inproc":             {engines.Need{Kind: engines.PULL, Transport: "inproc", MaxFrame: 255}, ""},
		"256 bytes tcp":                {engines.Need{Kind: engines.PULL, Transport: "tcp", MaxFrame: 256}, ""},
		"long identity inproc":         {engines.Need{Kind: engines.DEALER, Transport: "inproc", Options: engines.Options{Identity: make1(maxInprocIdentity + 1)}}, "identity"},
		"long identity tcp":            {option(engines.DEALER, engines.Options{Identity: make1(255)}), ""},
		"too long an identity":         {option(engines.DEALER, engines.Options{Identity: make1(256)}), "identity"},
		"identity from zero":           {option(engines.DEALER, engines.Options{Identity: []byte{0, 1}}), "identity"},
		"long topic inproc":            {engines.Need{Kind: engines.SUB, Transport: "inproc", Options: engines.Options{Subscribe: [][]byte{make1(255)}}}, "topics"},
		"REP and empty bodies":         {engines.Need{Kind: engines.REP, Transport: "tcp", Frames: 1}, "empty"},
		"REP, nothing known":           {engines.Need{Kind: engines.REP, Transport: "tcp"}, ""},
		"REP and bodies of 1 B":        {engines.Need{Kind: engines.REP, Transport: "tcp", Frames: 2, MinFrame: 1}, ""},
		"REQ and empty bodies":         {engines.Need{Kind: engines.REQ, Transport: "tcp", Frames: 1}, ""},
		"two binds":                    {engines.Need{Kind: engines.PULL, Transport: "tcp", Binds: 2}, "orphans"},
		"XPUB that hands up":           {engines.Need{Kind: engines.XPUB, Transport: "tcp", Subscriptions: true}, "subscribe upstream by itself"},
		"XSUB that passes on":          {engines.Need{Kind: engines.XSUB, Transport: "tcp", Subscriptions: true}, "subscribe upstream by itself"},
		"XSUB that subscribes":         {option(engines.XSUB, engines.Options{Subscribe: [][]byte{nil}}), ""},
		"PUB with HWM":                 {option(engines.PUB, engines.Options{SendHWM: 10}), ""},
		"XPUB with HWM":                {option(engines.XPUB, engines.Options{SendHWM: 10}), "only PUB"},
		"PUSH with HWM":                {option(engines.PUSH, engines.Options{SendHWM: 10}), "only PUB"},
		"PULL with HWM":                {option(engines.PULL, engines.Options{RecvHWM: 10}), "receive HWM"},
		"SUB with HWM":                 {option(engines.SUB, engines.Options{RecvHWM: 10}), "receive HWM"},
		"send buffer":                  {option(engines.PUSH, engines.Options{SendBuf: 1}), "SO_SNDBUF"},
		"receive buffer":               {option(engines.PULL, engines.Options{RecvBuf: 1}), "SO_RCVBUF"},
		"batching":                     {option(engines.PUSH, engines.Options{BatchBytes: 1}), "batch"},
		"largest message":              {option(engines.PULL, engines.Options{MaxMessageBytes: 1}), "cannot be told a limit"},
		"Nagle":                        {option(engines.PUSH, engines.Options{Delay: true}), "Nagle"},
		"linger":                       {option(engines.PUSH, engines.Options{Linger: time.Second}), "linger"},
		"first back-off":               {option(engines.PUSH, engines.Options{ReconnectMin: 1}), "back-off"},
		"last back-off":                {option(engines.PUSH, engines.Options{ReconnectMax: 1}), "back-off"},
		"heartbeat":                    {option(engines.PUSH, engines.Options{HeartbeatInterval: 1}), "heartbeat"},
		"heartbeat timeout":            {option(engines.PUSH, engines.Options{HeartbeatTimeout: 1}), "heartbeat"},
		"heartbeat TTL":                {option(engines.PUSH, engines.Options{HeartbeatTTL: 1}), "heartbeat"},
		"handshake timeout":            {option(engines.PUSH, engines.Options{HandshakeTimeout: 1}), ""},
		"PLAIN":                        {option(engines.PUSH, engines.Options{Security: engines.Security{Username: "u"}}), "PLAIN"},
		"no kind":                      {engines.Need{Transport: "tcp"}, "kind"},
		"unknown transport":            {engines.Need{Kind: engines.PUSH, Transport: "udp"}, "transport"},
		"plain PUSH over abstract IPC": {engines.Need{Kind: engines.PUSH, Transport: "ipc", Frames: 3}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := New().Supports(c.need)
			switch {
			case c.why == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.why != "" && (!errors.Is(err, engines.ErrUnsupported) || !strings.Contains(err.Error(), c.why)):
				t.Errorf("error %v, want ErrUnsupported that speaks of %q", err, c.why)
			}
		})
	}
}

func make1(n int) []byte { return bytes.Repeat([]byte{1}, n) }

func TestOpenRefuses(t *testing.T) {
	e := New()
	if _, err := e.Open(t.Context(), 0, engines.Options{}); !errors.Is(err, engines.ErrUnsupported) {
		t.Errorf("a socket of no kind: %v", err)
	}
	o := engines.Options{Security: engines.Security{Username: "u"}}
	if _, err := e.Open(t.Context(), engines.PULL, o); !errors.Is(err, engines.ErrUnsupported) {
		t.Errorf("PLAIN was left out: %v", err)
	}
}

func TestIdentification(t *testing.T) {
	if got := New().Name(); got != "go-zeromq" {
		t.Errorf("name %q", got)
	}
	if got := New().Version(); !strings.HasPrefix(got, "v0.") {
		t.Errorf("version %q", got)
	}
}

// The longest identity that Supports takes over inproc has to pass.
func TestLongestInprocIdentity(t *testing.T) {
	id := bytes.Repeat([]byte("i"), maxInprocIdentity)
	router, dealer := duo(t, "inproc", engines.ROUTER, engines.DEALER, engines.Options{Identity: id}, engines.Options{Identity: id})
	mustSend(t, dealer, "x")
	want(t, recv(t, router), string(id), "x")
	mustSend(t, router, string(id), "y")
	want(t, recv(t, dealer), "y")
}
