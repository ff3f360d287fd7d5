package plain

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"
)

// pair gives the two ends of a connection over loopback.
func pair(t *testing.T, endpoint string) (accepted, dialled net.Conn) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		var err error
		accepted, err = Accept(ctx, endpoint)
		failed <- err
	}()
	dialled, err := Dial(ctx, endpoint)
	if err = errors.Join(err, <-failed); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { accepted.Close(); dialled.Close() })
	return accepted, dialled
}

func endpoints(t *testing.T) map[string]string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return map[string]string{"tcp": "tcp://" + l.Addr().String(), "unix": "ipc://" + filepath.Join(t.TempDir(), "s")}
}

func TestStream(t *testing.T) {
	tests := []struct {
		size  int
		count uint64
	}{{StampSize, 2}, {64, 200_000}, {1 << 10, 20_000}, {16 << 10, 2000}, {300 << 10, 20}}
	for network := range endpoints(t) {
		for _, tt := range tests {
			in, out := pair(t, endpoints(t)[network])
			sent := make(chan error, 1)
			go func() { sent <- Send(out, tt.size, tt.count) }()
			f, err := Receive(in, tt.size, tt.count)
			if err = errors.Join(err, <-sent); err != nil || f.Messages != tt.count || f.RateMsgsPerS <= 0 || f.P50NS <= 0 || !f.RecordedAll {
				t.Errorf("%s, %d of %d bytes: %+v, %v", network, tt.count, tt.size, f, err)
			}
		}
	}
}

func TestPingPong(t *testing.T) {
	for network, endpoint := range endpoints(t) {
		server, client := pair(t, endpoint)
		echoed := make(chan error, 1)
		go func() { echoed <- Echo(server, 64) }()
		f, err := Ping(client, 64, 2000)
		client.Close()
		if err = errors.Join(err, <-echoed); err != nil || f.Messages != 2000 || f.P50NS <= 0 || !f.RecordedAll {
			t.Errorf("%s: %+v, %v", network, f, err)
		}
	}
}

// TestDamage changes one thing in a stream of ten messages.
func TestDamage(t *testing.T) {
	const size, count, frame = 64, 10, headerSize + 64
	tests := []struct {
		name   string
		damage func(b []byte) []byte
		want   error
	}{
		{"none", func(b []byte) []byte { return b }, nil},
		{"a sequence", func(b []byte) []byte { b[3*frame+headerSize+8]++; return b }, ErrMessage},
		{"the mark", func(b []byte) []byte { b[3*frame+headerSize]++; return b }, ErrMessage},
		{"the flow", func(b []byte) []byte { b[3*frame+headerSize+4]++; return b }, ErrMessage},
		{"the last byte of a payload", func(b []byte) []byte { b[4*frame-1]++; return b }, ErrMessage},
		{"a length", func(b []byte) []byte { binary.LittleEndian.PutUint32(b[5*frame:], 1<<31); return b }, ErrMessage},
		{"two swapped", func(b []byte) []byte {
			two := bytes.Clone(b[2*frame : 3*frame])
			copy(b[2*frame:], b[3*frame:4*frame])
			copy(b[3*frame:], two)
			return b
		}, ErrMessage},
		{"one lost", func(b []byte) []byte { return append(b[:2*frame], b[3*frame:]...) }, ErrMessage},
		{"cut short", func(b []byte) []byte { return b[:9*frame+1] }, io.EOF},
	}
	for _, tt := range tests {
		var stream bytes.Buffer
		if err := Send(&stream, size, count); err != nil {
			t.Fatal(err)
		}
		_, err := Receive(bytes.NewReader(tt.damage(stream.Bytes())), size, count)
		if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// FuzzReceive feeds anything, in reads of any size.
func FuzzReceive(f *testing.F) {
	var stream bytes.Buffer
	if err := Send(&stream, 40, 3); err != nil {
		f.Fatal(err)
	}
	f.Add(stream.Bytes(), 7)
	f.Add([]byte{40, 0, 0, 0, 1}, 1)
	f.Fuzz(func(t *testing.T, b []byte, step int) {
		got, err := Receive(&steps{b, max(1, step)}, 40, 3)
		if err == nil && (got.Messages != 3 || len(b) < 3*(headerSize+40)) {
			t.Errorf("%+v of %d bytes", got, len(b))
		}
	})
}

// steps reads so many bytes at a time.
type steps struct {
	b []byte
	n int
}

func (s *steps) Read(p []byte) (int, error) {
	if len(s.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), s.n)], s.b)
	s.b = s.b[n:]
	return n, nil
}

func TestStreamDoesNotAllocate(t *testing.T) {
	var stream bytes.Buffer
	if err := Send(&stream, 64, 1000); err != nil {
		t.Fatal(err)
	}
	few := testing.AllocsPerRun(20, func() { _, _ = Receive(bytes.NewReader(stream.Bytes()), 64, 10) })
	many := testing.AllocsPerRun(20, func() { _, _ = Receive(bytes.NewReader(stream.Bytes()), 64, 1000) })
	if many > few {
		t.Errorf("%v allocations for 1000 messages, %v for 10", many, few)
	}
}

func TestEndpoints(t *testing.T) {
	for _, endpoint := range []string{"", "tcp:/x", "inproc://x"} {
		if _, err := Dial(t.Context(), endpoint); !errors.Is(err, ErrEndpoint) {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Dial(ctx, "tcp://127.0.0.1:1"); err == nil {
		t.Error("connected to nothing")
	}
}
