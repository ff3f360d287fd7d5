//go:build !linux

package zmtp

import (
	"errors"
	"fmt"
	"net"

	"zbench/engines"
)

// hostable says why no socket can be hosted.
func hostable() error {
	return fmt.Errorf("descriptors of connections are waited for on Linux alone: %w", errors.ErrUnsupported)
}

// maxVec is how many pieces one write gathers.
const maxVec = 64

// rawIO reads and writes a connection by the portable means of net. One
// goroutine may read while another one writes.
type rawIO struct {
	nc    net.Conn
	fd    int
	hasty bool // reads do not wait
	short bool
	wv    [maxVec][]byte
	wn    int
	left  net.Buffers
}

func (c *rawIO) init(nc net.Conn, hosted bool) error {
	c.nc = nc
	if hosted {
		return hostable()
	}
	return nil
}

// with is for owned descriptors, of which there are none.
func (c *rawIO) with(func(fd int) error) error { return hostable() }

// close ends the connection.
func (c *rawIO) close(engines.Host) { _ = c.nc.Close() }

// read waits for bytes and puts them into a, or where that is empty into b.
// There is no portable read that does not wait: in haste nothing is there.
func (c *rawIO) read(a, b []byte) (int, error) {
	if c.hasty {
		return 0, errNothingYet
	}
	if len(a) > 0 {
		return c.nc.Read(a)
	}
	return c.nc.Read(b)
}

// gather takes the next piece of a write; it reports false when no more fit.
func (c *rawIO) gather(p []byte) bool {
	c.wv[c.wn] = p
	c.wn++
	return c.wn < maxVec
}

// tryWrite writes nothing: without a write that does not wait everything is
// left to the goroutine that may.
func (c *rawIO) tryWrite() (int, error) {
	c.wn = 0
	return 0, nil
}

// write writes the gathered pieces.
func (c *rawIO) write() (int, error) {
	c.left = c.wv[:c.wn]
	c.wn = 0
	n, err := c.left.WriteTo(c.nc)
	return int(n), err
}

// hungUp reports whether the peer has closed its side; there is no portable
// way to know before reading.
func (c *rawIO) hungUp() bool { return false }
