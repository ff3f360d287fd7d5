//go:build peers

package zmtp

import (
	"errors"
	"testing"
	"time"

	"zbench/engines"
	"zbench/engines/peertest"
)

// These tests want the packages that peertest.Makers names, and the build tag
// peers.

func TestPeers(t *testing.T) {
	peertest.Run(t, New(), peertest.Makers(t)...)
}

func TestPeersPlain(t *testing.T) {
	python := peertest.Python(t)
	meet := func(t *testing.T, password string, weBind bool, transport string) engines.Socket {
		s, _ := peertest.Meeting{
			Engine: New(), Kind: engines.REQ, WeBind: weBind, Transport: transport,
			Options: engines.Options{Use: engines.Turns, Security: engines.Security{Username: "admin", Password: password}},
			Maker:   python, Role: "echo", Theirs: "REP", More: []string{"--username", "admin", "--password", "secret"},
		}.Start(t)
		return s
	}
	python.EveryWay(t, "right", func(t *testing.T, weBind bool, transport string) {
		s := meet(t, "secret", weBind, transport)
		peertest.Put(t, s, "hello")
		peertest.Want(t, s, "hello")
	})
	python.EveryWay(t, "wrong", func(t *testing.T, weBind bool, transport string) {
		s := meet(t, "wrong", weBind, transport)
		until(t, "a failure", func() bool { return s.(Reporter).Stats().LastFailure != nil })
		st := s.(Reporter).Stats()
		if err := st.LastFailure; !weBind && !errors.Is(err, ErrPeerError) && !errors.Is(err, ErrPeerClosed) || weBind && !errors.Is(err, ErrDenied) {
			t.Errorf("failure %v", err)
		}
		if st.Connections != 0 {
			t.Errorf("%d connections", st.Connections)
		}
	})
}

func TestPeersHeartbeat(t *testing.T) {
	for _, m := range []peertest.Maker{peertest.Python(t), peertest.C(t)} {
		m.EveryWay(t, "both", func(t *testing.T, weBind bool, transport string) {
			s, _ := peertest.Meeting{
				Engine: New(), Kind: engines.DEALER, WeBind: weBind, Transport: transport,
				Options: engines.Options{Use: engines.Turns, HeartbeatInterval: 10 * time.Millisecond, HeartbeatTimeout: 5 * time.Second, HeartbeatTTL: 5 * time.Second},
				Maker:   m, Role: "echo", Theirs: "ROUTER", More: []string{"--heartbeat", "100"},
			}.Start(t)
			peertest.Put(t, s, "before")
			peertest.Want(t, s, "before")
			time.Sleep(1500 * time.Millisecond) // longer than the peer waits for a PONG
			peertest.Put(t, s, "after")
			peertest.Want(t, s, "after")
			if st := s.(Reporter).Stats(); st.Connections != 1 {
				t.Errorf("%d connections, failures %v", st.Connections, st.Failures)
			}
		})
	}
}

// A peer that speaks ZMTP 2.0 knows no security, and no heartbeat.
func TestPeersBefore30(t *testing.T) {
	java := peertest.Java(t)
	java.EveryWay(t, "plain", func(t *testing.T, weBind bool, transport string) {
		s, _ := peertest.Meeting{
			Engine: New(), Kind: engines.REQ, WeBind: weBind, Transport: transport,
			Options: engines.Options{Use: engines.Turns, Security: engines.Security{Username: "admin", Password: "secret"}},
			Maker:   java, Role: "echo", Theirs: "REP",
		}.Start(t)
		until(t, "a failure", func() bool { return s.(Reporter).Stats().LastFailure != nil })
		if st := s.(Reporter).Stats(); !errors.Is(st.LastFailure, ErrMechanism) || st.Connections != 0 {
			t.Errorf("%d connections, failure %v", st.Connections, st.LastFailure)
		}
	})
	java.EveryWay(t, "heartbeat", func(t *testing.T, weBind bool, transport string) {
		s, _ := peertest.Meeting{
			Engine: New(), Kind: engines.DEALER, WeBind: weBind, Transport: transport,
			Options: engines.Options{Use: engines.Turns, HeartbeatInterval: 10 * time.Millisecond, HeartbeatTimeout: 20 * time.Millisecond},
			Maker:   java, Role: "echo", Theirs: "ROUTER",
		}.Start(t)
		for range 3 {
			peertest.Put(t, s, "hello")
			peertest.Want(t, s, "hello")
			time.Sleep(200 * time.Millisecond)
		}
		if st := s.(Reporter).Stats(); st.Connections != 1 {
			t.Errorf("%d connections, failures %v", st.Connections, st.Failures)
		}
	})
}
