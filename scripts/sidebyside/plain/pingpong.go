package plain

import (
	"errors"
	"fmt"
	"io"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"zbench/drivers/load"
)

// Ping sends count messages of size bytes, each when the one before has come
// back, and records the time of every round trip.
func Ping(rw io.ReadWriter, size int, count uint64) (Figures, error) {
	out, in := newFrames(1, size), make([]byte, headerSize+size)
	payload := newPayload(size)
	latencies := hdr.New(1, int64(longest), digits)
	beyond := uint64(0)
	began, now := load.Now(), int64(0)
	for seq := range count {
		putStamp(out[headerSize:], seq, load.Now())
		if _, err := rw.Write(out); err != nil {
			return Figures{}, fmt.Errorf("send message %d: %w", seq, err)
		}
		if _, err := io.ReadFull(rw, in); err != nil {
			return Figures{}, fmt.Errorf("receive message %d: %w", seq, err)
		}
		now = load.Now()
		sent, err := checkBody(in[headerSize:], payload, seq)
		if err != nil {
			return Figures{}, err
		}
		if latencies.RecordValue(now-sent) != nil {
			beyond++
		}
	}
	return Figures{
		Messages:     count,
		RateMsgsPerS: float64(count) * 1e9 / float64(max(now-began, 1)),
		P50NS:        latencies.ValueAtQuantile(50),
		RecordedAll:  beyond == 0,
	}, nil
}

// Echo sends every message of size bytes back until the stream ends.
func Echo(rw io.ReadWriter, size int) error {
	buf := make([]byte, headerSize+size)
	for {
		if _, err := io.ReadFull(rw, buf); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("echo: %w", err)
		}
		if _, err := rw.Write(buf); err != nil {
			return fmt.Errorf("echo: %w", err)
		}
	}
}
