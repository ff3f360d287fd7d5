package plain

import (
	"fmt"
	"io"

	"zbench/drivers/load"
)

const (
	// batchBytes is what one write takes at most, unless a single frame is
	// larger: one tcp segment of Linux's loopback, 65,535 bytes less 52 of
	// headers. Writes a little longer, which leave a small segment each, moved
	// bodies of 1 KiB and more at less than half the rate; much longer ones were
	// no faster.
	batchBytes = 65_483
	// clockEvery is how many messages one clock reading may serve.
	clockEvery = 16
)

// Send writes count messages of size bytes, many to a write. The payload is
// laid out once: the limit copies nothing that it need not.
func Send(w io.Writer, size int, count uint64) error {
	frame := headerSize + size
	batch := max(1, batchBytes/frame)
	buf := newFrames(batch, size)
	now := int64(0)
	for seq := uint64(0); seq < count; {
		n := int(min(uint64(batch), count-seq))
		for i := range n {
			if i%clockEvery == 0 {
				now = load.Now()
			}
			putStamp(buf[i*frame+headerSize:], seq, now)
			seq++
		}
		if _, err := w.Write(buf[:n*frame]); err != nil {
			return fmt.Errorf("send up to message %d: %w", seq, err)
		}
	}
	return nil
}
