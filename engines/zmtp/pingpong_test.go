package zmtp

import (
	"net"
	"testing"

	"zbench/engines"
)

// BenchmarkPingPong is a round trip of 64 bytes between two processes, plain
// and through sockets.
func BenchmarkPingPong(b *testing.B) {
	b.Run("plain", func(b *testing.B) {
		nc, err := net.Dial("tcp", startPeer(b, "plain-echo", 64)[0])
		if err != nil {
			b.Fatal(err)
		}
		defer nc.Close()
		buf := make([]byte, 64)
		for b.Loop() {
			if _, err := nc.Write(buf); err != nil {
				b.Fatal(err)
			}
			if _, err := nc.Read(buf); err != nil {
				b.Fatal(err)
			}
		}
	})
	for role, k := range map[string]engines.Kind{"echo-rep": engines.REQ, "echo-router": engines.DEALER} {
		b.Run(k.String(), func(b *testing.B) {
			s := openTest(b, New(), k, engines.Options{Use: engines.Turns, Payload: make([]byte, 64)})
			connectTest(b, s, startPeer(b, role, 64)[0])
			ms := make([]*engines.Msg, 1)
			b.ReportAllocs()
			for b.Loop() {
				m, err := s.Alloc(nil, 64)
				if err == nil {
					err = s.Send(m)
				}
				if err == nil {
					err = s.Flush()
				}
				if err == nil {
					_, err = s.Recv(ms)
				}
				if err != nil {
					b.Fatal(err)
				}
				engines.Release(ms)
			}
		})
	}
}
