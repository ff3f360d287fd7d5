//go:build libzmq

package pebbe

import (
	"errors"
	"testing"
	"time"

	"zbench/engines"
)

func TestSupports(t *testing.T) {
	const key = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
	pair := engines.Curve{PublicKey: key, SecretKey: key}
	client := pair
	client.ServerKey = key
	for name, c := range map[string]struct {
		edit func(*engines.Need)
		over string // transports that refuse it
	}{
		"nothing set":          {func(n *engines.Need) {}, ""},
		"I/O threads":          {func(n *engines.Need) { n.Options.IOThreads = 4 }, ""},
		"HWM":                  {func(n *engines.Need) { n.Options.SendHWM, n.Options.RecvHWM = 1, 1 }, ""},
		"linger":               {func(n *engines.Need) { n.Options.Linger = time.Second }, ""},
		"delay":                {func(n *engines.Need) { n.Options.Delay = true }, "tcp ipc inproc"},
		"batch":                {func(n *engines.Need) { n.Options.BatchBytes = 1 }, "tcp ipc inproc"},
		"no drop of PUSH":      {func(n *engines.Need) { n.Options.NoDrop = true }, "tcp ipc inproc"},
		"no drop of PUB":       {func(n *engines.Need) { n.Kind, n.Options.NoDrop = engines.PUB, true }, ""},
		"buffers":              {func(n *engines.Need) { n.Options.SendBuf = 1 << 16 }, "ipc inproc"},
		"message limit":        {func(n *engines.Need) { n.Options.MaxMessageBytes = 1 << 16 }, "inproc"},
		"limit below messages": {func(n *engines.Need) { n.Options.MaxMessageBytes, n.MaxFrame = 10, 11 }, "tcp ipc inproc"},
		"heartbeat":            {func(n *engines.Need) { n.Options.HeartbeatInterval = time.Second }, "inproc"},
		"fine TTL":             {func(n *engines.Need) { n.Options.HeartbeatTTL = 150 * time.Millisecond }, "tcp ipc inproc"},
		"fine time":            {func(n *engines.Need) { n.Options.Linger = time.Microsecond }, "tcp ipc inproc"},
		"negative":             {func(n *engines.Need) { n.Options.SendHWM = -1 }, "tcp ipc inproc"},
		"PLAIN":                {func(n *engines.Need) { n.Options.Security = engines.Security{Username: "u", Password: "p"} }, "inproc"},
		"CURVE client":         {func(n *engines.Need) { n.Options.Security.Curve = client }, "inproc"},
		"CURVE without key":    {func(n *engines.Need) { n.Options.Security.Curve = pair }, "tcp ipc inproc"},
		"CURVE server":         {func(n *engines.Need) { n.Options.Security.Curve, n.Binds = pair, 1 }, "inproc"},
		"CURVE client binds":   {func(n *engines.Need) { n.Options.Security.Curve, n.Binds = client, 1 }, "tcp ipc inproc"},
	} {
		refused := ""
		for _, transport := range engines.Transports() {
			n := engines.Need{Kind: engines.PUSH, Transport: transport, Frames: 1, Peers: 1, MinFrame: 1, MaxFrame: 8}
			c.edit(&n)
			err := New().Supports(n)
			if err == nil {
				continue
			}
			if !errors.Is(err, engines.ErrUnsupported) {
				t.Errorf("%s over %s: %v does not wrap ErrUnsupported", name, transport, err)
			}
			if refused != "" {
				refused += " "
			}
			refused += transport
		}
		if refused != c.over {
			t.Errorf("%s is refused over %q, want %q", name, refused, c.over)
		}
	}
}
