//go:build libzmq

package pebbe

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pebbe/zmq4"

	"zbench/engines"
)

const (
	wait    = 10 * time.Second       // for what has to happen
	silence = 300 * time.Millisecond // of what must not
)

func open(t *testing.T, e engines.Engine, k engines.Kind, sec engines.Security) engines.Socket {
	t.Helper()
	s, err := e.Open(context.Background(), k, engines.Options{Security: sec, Linger: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// passes reports whether a message gets from one socket to the other.
func passes(t *testing.T, server, client engines.Security) bool {
	t.Helper()
	e := New()
	pull, push := open(t, e, engines.PULL, server), open(t, e, engines.PUSH, client)
	bound, err := pull.Bind("tcp://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := push.Connect(bound); err != nil {
		t.Fatal(err)
	}
	if err := push.Send(&engines.Msg{Frames: text("secret")}); err != nil {
		t.Fatal(err)
	}
	got := make(chan error, 1)
	go func() {
		_, err := pull.Recv(make([]*engines.Msg, 1))
		got <- err
	}()
	select {
	case err := <-got:
		if err != nil {
			t.Fatal(err)
		}
		return true
	case <-time.After(silence):
		return false
	}
}

func TestPlainAdmitsOnePair(t *testing.T) {
	server := engines.Security{Username: "user", Password: "secret"}
	for name, c := range map[string]struct {
		client engines.Security
		want   bool
	}{
		"right":           {server, true},
		"wrong password":  {engines.Security{Username: "user", Password: "secreT"}, false},
		"wrong name":      {engines.Security{Username: "User", Password: "secret"}, false},
		"no security":     {engines.Security{}, false},
		"longer password": {engines.Security{Username: "user", Password: "secret\x00"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(t, server, c.client); got != c.want {
				t.Errorf("a message gets through: %v, want %v", got, c.want)
			}
		})
	}
}

func curve(t *testing.T) engines.Curve {
	t.Helper()
	public, secret, err := zmq4.NewCurveKeypair()
	if err != nil {
		t.Fatal(err)
	}
	return engines.Curve{PublicKey: public, SecretKey: secret}
}

func TestCurveNeedsTheServersKey(t *testing.T) {
	server, client, other := curve(t), curve(t), curve(t)
	right, wrong := client, client
	right.ServerKey, wrong.ServerKey = server.PublicKey, other.PublicKey
	for name, c := range map[string]struct {
		client engines.Curve
		want   bool
	}{
		"right":       {right, true},
		"wrong":       {wrong, false},
		"no security": {engines.Curve{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(t, engines.Security{Curve: server}, engines.Security{Curve: c.client}); got != c.want {
				t.Errorf("a message gets through: %v, want %v", got, c.want)
			}
		})
	}
}

// Two PLAIN servers in one context, each with its own pair, and CURVE beside
// them, which the same handler is asked about.
func TestSecurityIsTheSocketsOwn(t *testing.T) {
	e := New()
	server, client := curve(t), curve(t)
	client.ServerKey = server.PublicKey
	for _, c := range []struct{ server, client engines.Security }{
		{engines.Security{Username: "a", Password: "1"}, engines.Security{Username: "a", Password: "1"}},
		{engines.Security{Username: "b", Password: "2"}, engines.Security{Username: "b", Password: "2"}},
		{engines.Security{Curve: server}, engines.Security{Curve: client}},
	} {
		pull, push := open(t, e, engines.PULL, c.server), open(t, e, engines.PUSH, c.client)
		bound, err := pull.Bind("tcp://127.0.0.1:0")
		if err == nil {
			err = push.Connect(bound)
		}
		if err == nil {
			err = push.Send(&engines.Msg{Frames: text("secret")})
		}
		if err != nil {
			t.Fatal(err)
		}
		late := time.AfterFunc(wait, func() { pull.Close() })
		if _, err := pull.Recv(make([]*engines.Msg, 1)); err != nil {
			t.Errorf("nothing came within %v: %v", wait, err)
		}
		late.Stop()
	}
}

func TestSecurityIsNeverLeftOut(t *testing.T) {
	keys := curve(t)
	noKey := keys
	noKey.SecretKey = strings.Repeat("~", z85Key)
	for name, sec := range map[string]engines.Security{
		"no username":    {Password: "secret"},
		"no password":    {Username: "user"},
		"long name":      {Username: strings.Repeat("n", 256), Password: "secret"},
		"both":           {Username: "user", Password: "secret", Curve: keys},
		"no secret key":  {Curve: engines.Curve{PublicKey: keys.PublicKey}},
		"no Z85":         {Curve: noKey},
		"bad server key": {Curve: engines.Curve{PublicKey: keys.PublicKey, SecretKey: keys.SecretKey, ServerKey: "short"}},
	} {
		if _, err := New().Open(context.Background(), engines.PUSH, engines.Options{Security: sec}); !errors.Is(err, engines.ErrUnsupported) {
			t.Errorf("%s: Open gives %v, want one that wraps ErrUnsupported", name, err)
		}
		n := engines.Need{Kind: engines.PUSH, Transport: "tcp", Options: engines.Options{Security: sec}}
		if err := New().Supports(n); !errors.Is(err, engines.ErrUnsupported) {
			t.Errorf("%s: Supports gives %v, want one that wraps ErrUnsupported", name, err)
		}
	}
	s := open(t, New(), engines.PUSH, engines.Security{Username: "user", Password: "secret"})
	if err := s.Connect("inproc://name"); !errors.Is(err, engines.ErrUnsupported) {
		t.Errorf("Connect over inproc gives %v, want one that wraps ErrUnsupported", err)
	}
	if _, err := s.Bind("inproc://name"); !errors.Is(err, engines.ErrUnsupported) {
		t.Errorf("Bind over inproc gives %v, want one that wraps ErrUnsupported", err)
	}
}

// text makes frames of strings.
func text(parts ...string) [][]byte {
	frames := make([][]byte, len(parts))
	for i, part := range parts {
		frames[i] = []byte(part)
	}
	return frames
}
