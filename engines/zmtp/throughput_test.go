package zmtp

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"sync/atomic"
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
				sendRound(b, s, nil, size)
				var a [1]byte
				if _, err := ack.Read(a[:]); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// BenchmarkInproc is push-pull within the process.
func BenchmarkInproc(b *testing.B) {
	for _, size := range []int{64, 16384} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			e := New()
			from := openTest(b, e, engines.PUSH, engines.Options{Use: engines.SendOnly, Payload: make([]byte, size)})
			to := openTest(b, e, engines.PULL, engines.Options{Use: engines.RecvOnly})
			ep, err := from.Bind("inproc://throughput")
			if err != nil {
				b.Fatal(err)
			}
			connectTest(b, to, ep)
			done := make(chan error, 1)
			rounds(b, size, func() {
				go func() { done <- drainRound(to) }()
				sendRound(b, from, nil, size)
				if err := <-done; err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// drainRound receives a round's messages in order.
func drainRound(s engines.Receiver) error {
	ms := make([]*engines.Msg, 256)
	for next := uint64(0); next < expected; {
		n, err := s.Recv(ms)
		if err != nil {
			return err
		}
		for _, m := range ms[:n] {
			if got := binary.LittleEndian.Uint64(m.Body()); got != next {
				return fmt.Errorf("got %d, want %d", got, next)
			}
			next++
		}
		engines.Release(ms[:n])
	}
	return nil
}

func sendRound(b *testing.B, s engines.Sender, env [][]byte, size int) {
	for i := range uint64(expected) {
		m, err := s.Alloc(env, size)
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
}

// BenchmarkFanOut publishes to eight subscribers of this process over tcp and
// reports what was delivered; some may be dropped.
func BenchmarkFanOut(b *testing.B) {
	const subscribers, size = 8, 64
	e := New()
	from := openTest(b, e, engines.XPUB, engines.Options{Use: engines.Turns, SendHWM: 100_000, Payload: make([]byte, size)})
	ep := bindTest(b, from)
	var got atomic.Int64
	for range subscribers {
		to := openTest(b, e, engines.SUB, engines.Options{Use: engines.RecvOnly, Subscribe: [][]byte{[]byte("t")}})
		connectTest(b, to, ep)
		go func() {
			ms := make([]*engines.Msg, 256)
			for {
				n, err := to.Recv(ms)
				if err != nil {
					return
				}
				engines.Release(ms[:n])
				got.Add(int64(n))
			}
		}()
	}
	expectTest(b, from, "\x01t")
	until(b, "all connected", func() bool { return connections(from) == subscribers })
	env := [][]byte{[]byte("topic")}
	for b.Loop() {
		sendRound(b, from, env, size)
	}
	b.ReportMetric(float64(got.Load())/b.Elapsed().Seconds()/1e6, "Mdelivered/s")
	b.ReportMetric(float64(got.Load())/float64(b.N)/expected/subscribers, "delivered/sent")
}
