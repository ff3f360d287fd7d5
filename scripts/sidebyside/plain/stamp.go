// Package plain is ZeroMQ left out: length-prefixed frames on a stream socket,
// stamped by the sender, checked and recorded by the receiver. What it reaches
// is the limit for anything in Go that does the same work with a protocol on
// top.
package plain

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// StampSize is the number of bytes that a stamp takes at the front of a body.
const StampSize = 32

// ErrMessage means that what came is not what was sent next.
var ErrMessage = errors.New("not the message that was sent")

const (
	headerSize = 4 // the length of the body, little-endian
	runMark    = 0x5a5a5a5a
	flowMark   = 1
	marks      = uint64(flowMark)<<32 | runMark
)

// putStamp writes four little-endian words: run and flow, sequence, and due
// and sent in ns. Nothing is scheduled here, so due is sent.
func putStamp(body []byte, seq uint64, sent int64) {
	_ = body[StampSize-1]
	binary.LittleEndian.PutUint64(body, marks)
	binary.LittleEndian.PutUint64(body[8:], seq)
	binary.LittleEndian.PutUint64(body[16:], uint64(sent))
	binary.LittleEndian.PutUint64(body[24:], uint64(sent))
}

// checkBody compares run, flow, sequence and payload, and gives the sent time.
func checkBody(body, payload []byte, seq uint64) (sent int64, err error) {
	if binary.LittleEndian.Uint64(body) != marks ||
		binary.LittleEndian.Uint64(body[8:]) != seq ||
		!bytes.Equal(body[StampSize:], payload) {
		return 0, wrongBody(body, seq)
	}
	return int64(binary.LittleEndian.Uint64(body[24:])), nil
}

func wrongBody(body []byte, seq uint64) error {
	return fmt.Errorf("%w: message %d has mark %#x and sequence %d, or another payload",
		ErrMessage, seq, binary.LittleEndian.Uint64(body), binary.LittleEndian.Uint64(body[8:]))
}

// newFrames makes n frames of that body size, complete but for the stamps.
func newFrames(n, size int) []byte {
	payload := newPayload(size)
	b := make([]byte, 0, n*(headerSize+size))
	for range n {
		b = binary.LittleEndian.AppendUint32(b, uint32(size))
		b = append(b, make([]byte, StampSize)...)
		b = append(b, payload...)
	}
	return b
}

// newPayload is what a body of that size holds behind its stamp.
func newPayload(size int) []byte {
	b := make([]byte, size-StampSize)
	for i := range b {
		b[i] = byte(i*131 + i>>8)
	}
	return b
}
