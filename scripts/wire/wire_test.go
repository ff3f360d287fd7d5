package wire

import (
	"bytes"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestDue compares with arithmetic that has no limits.
func TestDue(t *testing.T) {
	for _, rate := range []uint64{1, 3, 7, 200, 2000, 99_999, 3_000_000} {
		for _, i := range []uint64{0, 1, 2, 999, 1_000_000, 100_000_000, 1 << 40} {
			want := new(big.Int).Mul(new(big.Int).SetUint64(i), big.NewInt(1e9))
			want.Div(want, new(big.Int).SetUint64(rate))
			if !want.IsInt64() {
				continue
			}
			if got := due(5, i, rate); got != want.Int64()+5 {
				t.Errorf("message %d at %d/s: %d, want %d", i, rate, got-5, want)
			}
		}
	}
}

func TestQuantiles(t *testing.T) {
	v := make([]int64, 1000)
	for i := range v {
		v[i] = int64(1000 - i)
	}
	if got, want := newQuantiles(v), (Quantiles{500, 900, 990, 995, 999, 1000}); got != want {
		t.Errorf("%+v", got)
	}
	if got, want := newQuantiles([]int64{7}), (Quantiles{7, 7, 7, 7, 7, 7}); got != want {
		t.Errorf("%+v", got)
	}
	if got, want := newQuantiles([]int64{2, 1}), (Quantiles{1, 2, 2, 2, 2, 2}); got != want {
		t.Errorf("%+v", got)
	}
}

func TestFigures(t *testing.T) {
	r := newRecorder(Load{Count: 2, Warmup: 1})
	r.record(0, 0, 0, 1e9) // the warm-up
	r.record(1, 100, 110, 130)
	r.record(2, 200, 200, 210)
	var out strings.Builder
	if err := r.figures().write(&out); err != nil {
		t.Fatal(err)
	}
	got, err := ReadFigures([]byte("a word before\n" + out.String()))
	if err != nil || got.Count != 2 || got.Response.P50NS != 10 || got.Response.MaxNS != 30 || got.Service.MaxNS != 20 {
		t.Errorf("%+v, %v", got, err)
	}
	for _, out := range []string{"", "{}", "7", `{"count":0}`, `{"count":3,"service":{"p50_ns":9,"max_ns":8},"response":{"max_ns":9}}`} {
		if _, err := ReadFigures([]byte(out)); !errors.Is(err, ErrFigures) {
			t.Errorf("%q: %v", out, err)
		}
	}
}

func TestOptions(t *testing.T) {
	load := Load{"tcp://127.0.0.1:9", "REQ", 2000, 10, 3, 8, true, true}
	if got, err := parseLoad(load.Args()[1:]); err != nil || got != load {
		t.Errorf("%+v, %v", got, err)
	}
	echo := Echo{"tcp://127.0.0.1:9", "REP", 250 * time.Microsecond, 3 * time.Millisecond, 20, true}
	if got, err := parseEcho(echo.Args()[1:]); err != nil || got != echo {
		t.Errorf("%+v, %v", got, err)
	}
	for _, args := range []string{"", "serve", "load", "load endpoint=x", "load endpoint=x kind=REP", "load endpoint=x kind=REQ rate=0",
		"load endpoint=x kind=REQ more=1", "load endpoint=x kind=REQ loop=closed", "echo endpoint=x kind=REQ", "echo kind=REP",
		"load endpoint=udp://x kind=REQ", "echo endpoint=tcp://localhost:1 kind=REP"} {
		if err := Play(strings.Fields(args), new(bytes.Buffer)); !errors.Is(err, ErrUsage) {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func TestGreeting(t *testing.T) {
	b := hello("ROUTER")
	for n := range b {
		if used, err := greeted(b[:n]); used != 0 || err != nil {
			t.Fatalf("%d of %d bytes: %d, %v", n, len(b), used, err)
		}
	}
	if used, err := greeted(append(b, 0, 1)); used != len(b) || err != nil {
		t.Errorf("%d of %d bytes, %v", used, len(b), err)
	}
	for at, what := range map[int]string{0: "the signature", 10: "the version", 12: "the mechanism", greetingSize: "the command", greetingSize + 4: "READY"} {
		other := slices.Clone(b)
		other[at] = 0
		if _, err := greeted(other); !errors.Is(err, ErrPeer) {
			t.Errorf("another %s: %v", what, err)
		}
	}
}

func TestMessages(t *testing.T) {
	for _, kind := range []string{"REQ", "DEALER"} {
		b := appendMessage(nil, kind, 77)
		for n := range b {
			if size, _, err := nextMessage(b[:n]); size != 0 || err != nil {
				t.Fatalf("%s: %d of %d bytes: %d, %v", kind, n, len(b), size, err)
			}
		}
		size, command, err := nextMessage(append(b, 1, 2, 3))
		if size != len(b) || command || err != nil || len(b) > messageMost {
			t.Errorf("%s: %d of %d bytes, %v, %v", kind, size, len(b), command, err)
		}
		if !isMessage(b, kind, 77) || isMessage(b, kind, 78) || isMessage(b[:len(b)-1], kind, 77) {
			t.Errorf("%s: not told from others", kind)
		}
	}
	if _, command, _ := nextMessage([]byte{flagCommand, 1, 'x'}); !command {
		t.Error("a command is none")
	}
	if _, _, err := nextMessage([]byte{flagLong}); !errors.Is(err, ErrPeer) {
		t.Errorf("a long frame: %v", err)
	}
}

// FuzzMessages feeds what a peer may send.
func FuzzMessages(f *testing.F) {
	f.Add(append(hello("REP"), appendMessage(nil, "REQ", 1)...))
	f.Add([]byte{1, 0, 1, 0, 4, 2, 9, 9})
	f.Fuzz(func(t *testing.T, b []byte) {
		if used, err := greeted(b); used < 0 || used > len(b) || used > 0 && err != nil {
			t.Errorf("greeting: %d of %d, %v", used, len(b), err)
		}
		if size, _, err := nextMessage(b); size < 0 || size > len(b) || size > 0 && err != nil {
			t.Errorf("message: %d of %d, %v", size, len(b), err)
		}
	})
}
