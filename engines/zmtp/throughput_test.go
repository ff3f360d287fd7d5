package zmtp

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"testing"

	"zbench/engines"
)

// BenchmarkPlainStream is the limit: frames of a two-byte header, stamped and
// checked, between two processes without ZeroMQ.
func BenchmarkPlainStream(b *testing.B) {
	for _, size := range []int{64, 1024, 16384} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			nc, err := net.Dial("tcp", startPeer(b, "plain-sink", size)[0])
			if err != nil {
				b.Fatal(err)
			}
			defer nc.Close()
			buf := make([]byte, max(64<<10, 4*size))
			rec := size + 2
			rounds(b, size, func() {
				at := 0
				for i := range uint64(expected) {
					if at+rec > len(buf) {
						if _, err := nc.Write(buf[:at]); err != nil {
							b.Fatal(err)
						}
						at = 0
					}
					buf[at], buf[at+1] = 0, 64
					binary.LittleEndian.PutUint64(buf[at+2:], i)
					at += rec
				}
				if _, err := nc.Write(buf[:at]); err != nil {
					b.Fatal(err)
				}
				var ack [1]byte
				if _, err := nc.Read(ack[:]); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// rounds runs send once per iteration and reports messages per second.
func rounds(b *testing.B, size int, send func()) {
	send() // warm up
	b.SetBytes(int64(size) * expected)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		send()
	}
	b.ReportMetric(float64(b.N)*expected/b.Elapsed().Seconds()/1e6, "Mmsg/s")
}

// BenchmarkPushPull is the same through sockets.
func BenchmarkPushPull(b *testing.B) {
	for _, size := range []int{64, 1024, 16384} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			peer := startPeer(b, "sink", size)
			ack, err := net.Dial("tcp", peer[1])
			if err != nil {
				b.Fatal(err)
			}
			defer ack.Close()
			s, err := New().Open(context.Background(), engines.PUSH, engines.Options{Use: engines.SendOnly, Payload: make([]byte, size)})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			if err := s.Connect(peer[0]); err != nil {
				b.Fatal(err)
			}
			rounds(b, size, func() {
				for i := range uint64(expected) {
					m, err := s.Alloc(nil, size)
					if err != nil {
						b.Fatal(err)
					}
					binary.LittleEndian.PutUint64(m.Body(), i)
					if err := s.Send(m); err != nil {
						b.Fatal(err)
					}
				}
				if err := s.Flush(); err != nil {
					b.Fatal(err)
				}
				var a [1]byte
				if _, err := ack.Read(a[:]); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}
