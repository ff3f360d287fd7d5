package enginetest

import (
	"encoding/binary"
	"fmt"
	"testing"

	"zbench/engines"
)

// testMultipart sends messages of one to seven parts through every pair of
// kinds, there and, where both speak, back; first with the load side
// connecting, then with the peer.
func testMultipart(t *testing.T, s *suite) {
	contents := [][][]byte{
		text("one body"),
		text("topic", "body"),
		text("first", "middle", "last"),
		text("1", "two", "three", "four", "five", "six", "seven"),
		text("again one"),
	}
	for _, k := range talks() {
		for _, loadConnects := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s load connects %v", k, loadConnects), func(t *testing.T) {
				loadNeed, peerNeed := k.needs(s, func(n *engines.Need) { n.Frames, n.MinFrame = 7, 1 })
				var load, peer engines.Socket
				var ok bool
				if loadConnects {
					load, peer, ok = s.pair(t, loadNeed, peerNeed)
				} else {
					peer, load, ok = s.pair(t, peerNeed, loadNeed)
				}
				if !ok {
					return
				}
				k.join(t, load, "", peer)
				for _, content := range contents {
					k.exchange(t, load, peer, content)
				}
			})
		}
	}
	t.Run("empty parts", func(t *testing.T) { emptyParts(t, s) })
}

// emptyParts sends parts of no bytes where no envelope can be taken for them.
func emptyParts(t *testing.T, s *suite) {
	for _, k := range talks() {
		t.Run(k.String(), func(t *testing.T) {
			loadNeed, peerNeed := k.needs(s, func(n *engines.Need) { n.Frames, n.MinFrame = 3, 0 })
			load, peer, ok := s.pair(t, loadNeed, peerNeed)
			if !ok {
				return
			}
			k.join(t, load, "", peer)
			for _, content := range [][][]byte{text(""), text("", ""), text("a", "", ""), text("", "", "z"), text("", "b", "")} {
				k.exchange(t, load, peer, content)
			}
		})
	}
}

// testSizes sends bodies of all sizes that the engine takes, each after the
// other, and one pass of growing leading parts.
func testSizes(t *testing.T, s *suite) {
	sizes := []int{0, 1, 31, 32, 255, 256, 4096, 65537, 1 << 20}
	for _, k := range talks() {
		t.Run(k.String(), func(t *testing.T) {
			var taken []int
			for _, size := range sizes {
				load, peer := k.needs(s, func(n *engines.Need) { n.MinFrame, n.MaxFrame = size, size })
				peer.Binds = 1
				if s.supported(t, load, peer) {
					taken = append(taken, size)
				}
			}
			if len(taken) == 0 {
				return
			}
			loadNeed, peerNeed := k.needs(s, func(n *engines.Need) {
				n.MinFrame, n.MaxFrame, n.Frames = taken[0], taken[len(taken)-1], 2
			})
			load, peer, ok := s.pair(t, loadNeed, peerNeed)
			if !ok {
				return
			}
			k.join(t, load, "", peer)
			for i, size := range append(taken, taken...) {
				k.exchange(t, load, peer, [][]byte{pattern(i, size)})
				k.exchange(t, load, peer, [][]byte{pattern(i, size), pattern(i+1, taken[len(taken)/2])})
			}
		})
	}
}

// pattern is a body that tells messages and positions apart: it begins with
// seq, and repeats after a prime number of bytes.
func pattern(seq, size int) []byte {
	body := make([]byte, size)
	n := min(size, 509)
	for i := range n {
		body[i] = byte(i*7 + i>>8*13 + seq)
	}
	for ; n < size; n *= 2 {
		copy(body[n:], body[:n])
	}
	if size >= 8 {
		binary.LittleEndian.PutUint64(body, uint64(seq))
	}
	return body
}

// seqOf is the number in a pattern of at least 8 bytes.
func seqOf(body []byte) int {
	if len(body) < 8 {
		return -1
	}
	return int(binary.LittleEndian.Uint64(body))
}
