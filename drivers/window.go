package drivers

import (
	"sync/atomic"

	"zbench/results"
)

// window bounds how many messages of a client are in flight, in the loop that
// sends one for each reply.
type window struct {
	windowed bool
	size     uint64
	granted  atomic.Uint64 // replies, and places of messages that none is expected for any more
}

func (w *window) init(r *run) {
	w.windowed, w.size = r.Cell.Loop == results.Window, uint64(r.Cell.Window)
}

// room is how many more messages may be sent, where so many were. There may be
// more replies than messages, where a peer answers twice.
func (w *window) room(sent uint64) uint64 {
	if limit := w.granted.Load() + w.size; limit > sent {
		return limit - sent
	}
	return 0
}

// grant adds n places. Any goroutine may call it.
func (c *client) grant(n int) {
	c.granted.Add(uint64(n))
	if c.windowed {
		c.host.Wake()
	}
}
