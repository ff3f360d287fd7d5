package wire

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// ZMTP 3.0 (RFC 23/ZMTP): flags of a frame, and the sizes that matter here.
const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4

	greetingSize = 64
	headerSize   = 2   // of a short frame
	frameMost    = 257 // a short frame with its header
	messageMost  = headerSize + headerSize + BodySize
	restMost     = 2 * frameMost // a message that is not all there
)

// nextMessage gives the length of the first message of b, all of its frames,
// or of a command. 0: not all of it is there.
func nextMessage(b []byte) (size int, command bool, err error) {
	for {
		rest := b[size:]
		if len(rest) > 0 && rest[0]&flagLong != 0 {
			return 0, false, fmt.Errorf("%w: a frame of more than 255 bytes", ErrPeer)
		}
		if len(rest) < headerSize || len(rest) < headerSize+int(rest[1]) {
			return 0, false, nil
		}
		size += headerSize + int(rest[1])
		if rest[0]&flagMore == 0 {
			return size, rest[0]&flagCommand != 0, nil
		}
	}
}

// hello is greeting and READY, which with NULL wait for nothing.
func hello(kind string) []byte {
	b := make([]byte, greetingSize, 2*greetingSize)
	b[0], b[9], b[10] = 0xff, 0x7f, 3
	copy(b[12:], "NULL")
	ready := "\x05READY\x0bSocket-Type\x00\x00\x00" + string(rune(len(kind))) + kind
	return append(append(b, flagCommand, byte(len(ready))), ready...)
}

// greeted gives the length of the other side's greeting and READY. 0: not all
// of it is there.
func greeted(b []byte) (int, error) {
	if len(b) < greetingSize {
		return 0, nil
	}
	if b[0] != 0xff || b[9]&1 == 0 || b[10] < 3 || string(b[12:17]) != "NULL\x00" {
		return 0, fmt.Errorf("%w: not ZMTP 3 with the mechanism NULL", ErrPeer)
	}
	size, command, err := nextMessage(b[greetingSize:])
	if err != nil || size == 0 {
		return 0, err
	}
	if !command || !bytes.HasPrefix(b[greetingSize+headerSize:], []byte("\x05READY")) {
		return 0, fmt.Errorf("%w: no READY", ErrPeer)
	}
	return greetingSize + size, nil
}

// appendMessage writes one message: a REQ's has the empty delimiter.
func appendMessage(b []byte, kind string, sequence uint64) []byte {
	if kind == "REQ" {
		b = append(b, flagMore, 0)
	}
	b = append(b, 0, BodySize)
	b = binary.LittleEndian.AppendUint64(b, sequence)
	return append(b, make([]byte, BodySize-8)...)
}

// isMessage reports whether b is that message: an echo sends back what came,
// delimiter and all.
func isMessage(b []byte, kind string, sequence uint64) bool {
	var want [messageMost]byte
	return bytes.Equal(b, appendMessage(want[:0], kind, sequence))
}
