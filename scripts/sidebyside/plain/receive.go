package plain

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"zbench/drivers/load"
)

const (
	readBytes = 256 << 10
	longest   = time.Hour // recorded
	digits    = 3
)

// Figures are what a measuring side found.
type Figures struct {
	Messages     uint64
	RateMsgsPerS float64 // (messages − 1) / (last arrival − first)
	P50NS        int64   // one way of Receive, round trip of Ping
	RecordedAll  bool    // no latency was out of the histogram's range
}

// receiver takes frames out of what was read.
type receiver struct {
	size        int
	count, next uint64
	payload     []byte
	latencies   *hdr.Histogram
	beyond      uint64
	first, last int64 // arrivals, ns
}

// Receive reads count messages of size bytes, checks each one's sequence and
// payload, and records the latency of each.
func Receive(r io.Reader, size int, count uint64) (Figures, error) {
	v := receiver{size: size, count: count, payload: newPayload(size), latencies: hdr.New(1, int64(longest), digits)}
	buf := make([]byte, max(readBytes, 2*(headerSize+size)))
	have := 0
	for v.next < count {
		n, err := r.Read(buf[have:])
		have += n
		used, broken := v.take(buf[:have])
		if broken != nil {
			return Figures{}, broken
		}
		have = copy(buf, buf[used:have])
		if err != nil && v.next < count {
			return Figures{}, fmt.Errorf("receive message %d of %d: %w", v.next, count, err)
		}
	}
	return Figures{
		Messages:     count,
		RateMsgsPerS: float64(count-1) * 1e9 / float64(max(v.last-v.first, 1)),
		P50NS:        v.latencies.ValueAtQuantile(50),
		RecordedAll:  v.beyond == 0,
	}, nil
}

// take handles the whole frames at the front of b and gives their length.
func (v *receiver) take(b []byte) (used int, err error) {
	frame := headerSize + v.size
	now := load.Now()
	for i := 1; len(b)-used >= frame && v.next < v.count; i++ {
		if i%clockEvery == 0 {
			now = load.Now()
		}
		if n := binary.LittleEndian.Uint32(b[used:]); n != uint32(v.size) {
			return used, fmt.Errorf("%w: message %d has %d bytes, not %d", ErrMessage, v.next, n, v.size)
		}
		sent, err := checkBody(b[used+headerSize:used+frame], v.payload, v.next)
		if err != nil {
			return used, err
		}
		if v.next == 0 {
			v.first = now
		}
		if v.latencies.RecordValue(now-sent) != nil {
			v.beyond++
		}
		v.last = now
		v.next++
		used += frame
	}
	return used, nil
}
