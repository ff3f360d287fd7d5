// Package enginetest is the conformance suite of engines: what an engine
// supports has to work, and what its Supports refuses is asserted refused.
//
// ZeroMQ connections come up when they like, so the suite repeats a probe until
// it arrives before it asserts anything. Every wait has a deadline that fails
// the subtest, which is named after transport, property and kinds.
package enginetest

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"zbench/engines"
)

// Run checks e over the transports named, over all of them if none is. It
// returns when all subtests have.
func Run(t *testing.T, e engines.Engine, transports ...string) {
	if len(transports) == 0 {
		transports = engines.Transports()
	}
	t.Run("conformance", func(t *testing.T) {
		t.Run("identification", func(t *testing.T) { testIdentification(t, e) })
		for _, transport := range transports {
			t.Run(transport, func(t *testing.T) {
				t.Parallel()
				s := &suite{engine: e, transport: transport}
				for _, p := range properties() {
					t.Run(p.name, func(t *testing.T) { p.check(t, s) })
				}
			})
		}
	})
}

// suite is one engine over one transport.
type suite struct {
	engine    engines.Engine
	transport string
}

type property struct {
	name  string
	check func(t *testing.T, s *suite)
}

func properties() []property {
	return []property{
		{"refusals", testRefusals},
		{"options", testOptions},
		{"close", testClose},
		{"multipart", testMultipart},
		{"sizes", testSizes},
		{"ownership", testOwnership},
		{"foreign", testForeign},
		{"round robin", testRoundRobin},
		{"fair queue", testFairQueue},
		{"identity", testIdentity},
		{"envelope", testEnvelope},
		{"subscribe", testSubscribe},
		{"forward subscriptions", testForwardSubscriptions},
		{"hwm", testHWM},
		{"endpoints", testEndpoints},
		{"duplex", testDuplex},
		{"hosted", testHosted},
	}
}

func testIdentification(t *testing.T, e engines.Engine) {
	if e.Name() == "" || e.Version() == "" {
		t.Errorf("Name() = %q, Version() = %q; both are wanted for the result", e.Name(), e.Version())
	}
}

// need describes a socket with one peer and one-part messages of 8 to 64 bytes.
func (s *suite) need(k engines.Kind, edits ...func(*engines.Need)) engines.Need {
	n := engines.Need{Kind: k, Transport: s.transport, MinFrame: 8, MaxFrame: 64, Frames: 1, Peers: 1}
	switch {
	case !k.CanRecv():
		n.Options.Use = engines.SendOnly
	case !k.CanSend():
		n.Options.Use = engines.RecvOnly
	default:
		n.Options.Use = engines.Turns
	}
	if k == engines.SUB || k == engines.XSUB {
		n.Options.Subscribe = [][]byte{{}}
	}
	for _, edit := range edits {
		edit(&n)
	}
	return n
}

// supported asks whether the engine takes all these needs. A refusal has to be
// a proper one.
func (s *suite) supported(t *testing.T, needs ...engines.Need) bool {
	t.Helper()
	for _, n := range needs {
		err := s.engine.Supports(n)
		if err == nil {
			continue
		}
		if !errors.Is(err, engines.ErrUnsupported) {
			t.Errorf("Supports(%s) refuses with %q, which does not wrap ErrUnsupported", n.Kind, err)
		}
		if err.Error() == "" {
			t.Errorf("Supports(%s) refuses without saying why", n.Kind)
		}
		t.Logf("refused, as asserted: %v", err)
		return false
	}
	return true
}

// endpoint is one to bind that nobody else has; tcp chooses its port.
func (s *suite) endpoint(t *testing.T) string {
	t.Helper()
	switch s.transport {
	case "tcp":
		return "tcp://127.0.0.1:0"
	case "ipc":
		dir, err := os.MkdirTemp("", "zb") // t.TempDir is too long for a socket's path
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		return "ipc://" + filepath.Join(dir, "s")
	default:
		return s.transport + "://enginetest-" + rand.Text()
	}
}
