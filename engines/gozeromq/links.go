package gozeromq

import (
	"strconv"
	"sync"

	"github.com/go-zeromq/zmq4"
)

// The property by which an inproc end names itself, as it is set and as it
// arrives.
const (
	offeredLink  = "link"
	propertyLink = "X-Link"
)

// links finds the other end of an inproc connection by the name that it gave
// itself in the handshake.
type links struct {
	mu   sync.Mutex
	last uint64
	ends map[string]end
}

// end is one end of an inproc connection and the socket that has it.
type end struct {
	conn *zmq4.Conn
	s    *socket
}

// offer names an end and puts the name among its properties.
func (l *links) offer(conn *zmq4.Conn, s *socket) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	name := strconv.FormatUint(l.last, 36)
	l.ends[name] = end{conn, s}
	conn.Meta[offeredLink] = name
	return name
}

// find returns nothing where the other end is closed or no engine's.
func (l *links) find(name string) end {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ends[name]
}

func (l *links) forget(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.ends, name)
}
