package zmtp

import (
	"encoding/binary"
	"fmt"
)

// Flags of a frame (RFC 37, framing; RFC 15 has the first two at the same
// bits).
const (
	flagMore     = 1
	flagLong     = 2
	flagCommand  = 4
	flagReserved = 0xf8
)

const (
	shortHeader = 2   // flags and one octet of size
	longHeader  = 9   // flags and eight octets of size
	maxShort    = 255 // the largest body of a short frame
	maxInt      = int(^uint(0) >> 1)
)

// header is the start of a frame.
type header struct {
	flags byte
	size  int // of the body
	len   int // of the header itself; 0: more bytes are needed
}

func (h header) more() bool    { return h.flags&flagMore != 0 }
func (h header) command() bool { return h.flags&flagCommand != 0 }

// parseHeader reads the header of the frame at the start of b. Reserved bits,
// a command with MORE, messages' frames over limit bytes and commands over
// maxCommand are errors, found before any memory is spent on them.
func parseHeader(b []byte, limit int) (header, error) {
	if len(b) == 0 {
		return header{}, nil
	}
	f := b[0]
	if f&flagReserved != 0 || f&(flagCommand|flagMore) == flagCommand|flagMore {
		return header{}, fmt.Errorf("%w: flags %#02x", ErrFrame, f)
	}
	if f&flagCommand != 0 {
		limit = maxCommand
	}
	if f&flagLong == 0 {
		if len(b) < shortHeader {
			return header{}, nil
		}
		if int(b[1]) > limit {
			return header{}, fmt.Errorf("%w: a frame of %d bytes, %d may be", ErrTooLarge, b[1], limit)
		}
		return header{flags: f, size: int(b[1]), len: shortHeader}, nil
	}
	if len(b) < longHeader {
		return header{}, nil
	}
	size := binary.BigEndian.Uint64(b[1:])
	if size > uint64(limit) {
		return header{}, fmt.Errorf("%w: a frame of %d bytes, %d may be", ErrTooLarge, size, limit)
	}
	return header{flags: f, size: int(size), len: longHeader}, nil
}

// headerLen is how long the header of a frame of size bytes is.
func headerLen(size int) int {
	if size <= maxShort {
		return shortHeader
	}
	return longHeader
}

// putHeader writes the header of a frame of size bytes to b and returns its
// length.
func putHeader(b []byte, flags byte, size int) int {
	if size <= maxShort {
		b[0], b[1] = flags, byte(size)
		return shortHeader
	}
	b[0] = flags | flagLong
	binary.BigEndian.PutUint64(b[1:longHeader], uint64(size))
	return longHeader
}

// appendFrame appends a whole frame to b.
func appendFrame(b []byte, flags byte, body ...[]byte) []byte {
	size := 0
	for _, p := range body {
		size += len(p)
	}
	var h [longHeader]byte
	b = append(b, h[:putHeader(h[:], flags, size)]...)
	for _, p := range body {
		b = append(b, p...)
	}
	return b
}

// framesLen is the length on the wire of frames.
func framesLen(frames [][]byte) int {
	n := 0
	for _, f := range frames {
		n += headerLen(len(f)) + len(f)
	}
	return n
}
