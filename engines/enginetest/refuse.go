package enginetest

import (
	"testing"
	"time"

	"zbench/engines"
)

// testRefusals asks for what no engine has.
func testRefusals(t *testing.T, s *suite) {
	for name, n := range map[string]engines.Need{
		"no kind":       s.need(0),
		"unknown kind":  s.need(200),
		"no transport":  s.need(engines.PUSH, func(n *engines.Need) { n.Transport = "" }),
		"udp":           s.need(engines.PUSH, func(n *engines.Need) { n.Transport = "udp" }),
		"PAIR of three": s.need(engines.PAIR, func(n *engines.Need) { n.Peers = 2 }),
		"long identity": s.need(engines.DEALER, func(n *engines.Need) { n.Options.Identity = make([]byte, 256) }),
		"zero identity": s.need(engines.DEALER, func(n *engines.Need) { n.Options.Identity = []byte{0, 'x'} }),
	} {
		t.Run(name, func(t *testing.T) {
			if s.supported(t, n) {
				t.Error("Supports takes it")
			}
		})
	}
}

// testOptions sets one option at a time: refused, or a message gets through.
func testOptions(t *testing.T, s *suite) {
	for name, set := range map[string]func(*engines.Options){
		"SendHWM":          func(o *engines.Options) { o.SendHWM = 10 },
		"RecvHWM":          func(o *engines.Options) { o.RecvHWM = 10 },
		"SendBuf":          func(o *engines.Options) { o.SendBuf = 64 << 10 },
		"RecvBuf":          func(o *engines.Options) { o.RecvBuf = 64 << 10 },
		"BatchBytes":       func(o *engines.Options) { o.BatchBytes = 8 << 10 },
		"MaxMessageBytes":  func(o *engines.Options) { o.MaxMessageBytes = 1 << 20 },
		"Delay":            func(o *engines.Options) { o.Delay = true },
		"Linger":           func(o *engines.Options) { o.Linger = 50 * time.Millisecond },
		"HandshakeTimeout": func(o *engines.Options) { o.HandshakeTimeout = 5 * time.Second },
		"Reconnect": func(o *engines.Options) {
			o.ReconnectMin, o.ReconnectMax = 10*time.Millisecond, 100*time.Millisecond
		},
		"Heartbeat": func(o *engines.Options) {
			o.HeartbeatInterval, o.HeartbeatTimeout, o.HeartbeatTTL = time.Second, 5*time.Second, 5*time.Second
		},
		"I/O threads": func(o *engines.Options) { o.IOThreads = 2 },
		"CURVE": func(o *engines.Options) {
			o.Security.Curve = engines.Curve{
				PublicKey: "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
				SecretKey: "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs",
			}
		},
		"PLAIN": func(o *engines.Options) { o.Security = engines.Security{Username: "user", Password: "secret"} },
	} {
		t.Run(name, func(t *testing.T) {
			k := talk{load: engines.PUSH, peer: engines.PULL, oneWay: true}
			load, peer := k.needs(s, func(n *engines.Need) { set(&n.Options) })
			if curve := &load.Options.Security.Curve; curve.PublicKey != "" {
				curve.ServerKey = curve.PublicKey // the one that connects knows whom it wants
			}
			if load, peer, ok := s.pair(t, load, peer); ok {
				k.exchange(t, load, peer, text("through"))
			}
		})
	}
}
