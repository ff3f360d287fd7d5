//go:build zmtpdebug

package zmtp

import (
	"fmt"
	"sync"

	"zbench/engines"
)

// repeats is off: within the process bodies are poisoned where they were made.
const repeats = false

// poison overwrites the body of a released message, so that whoever still
// reads it sees nonsense.
const poison = 0xdb

// guard knows which messages of a burst are with a receiver. A message that
// comes back twice, or that was never given out, is a panic.
type guard struct {
	mu  sync.Mutex
	out [burstMsgs]bool
}

func (g *guard) made(i int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.out[i] = true
}

func (g *guard) freed(b *burst, ms []*engines.Msg) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, m := range ms {
		i := indexOf(b, m)
		if i < 0 || !g.out[i] {
			panic(fmt.Sprintf("zmtp: message released twice (slot %d); give each to Send once or to Release once", i))
		}
		g.out[i] = false
		body := m.Body()
		for k := range body {
			body[k] = poison
		}
		m.Frames = nil
	}
}

func (g *guard) reset() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.out = [burstMsgs]bool{}
}

func indexOf(b *burst, m *engines.Msg) int {
	for i := range b.msgs {
		if &b.msgs[i] == m {
			return i
		}
	}
	return -1
}
