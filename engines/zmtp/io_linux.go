package zmtp

import (
	"cmp"
	"io"
	"net"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"zbench/engines"
)

// hostable is nil where sockets can be hosted.
func hostable() error { return nil }

// maxVec is how many pieces one write gathers.
const maxVec = 64

// rawIO reads and writes a connection without going through net.Conn's
// buffers: reads into two places at once, writes that do not wait. One
// goroutine may read while another one writes.
//
// Of a hosted socket it owns the descriptor: Go's poller has nothing to do with
// it, and neither reads nor writes wait.
type rawIO struct {
	nc net.Conn
	rc syscall.RawConn // nil: hosted

	mu    sync.Mutex // guards fd against being closed in a call
	fd    int        // hosted
	short bool       // the latest read did not fill its memory: nothing is left

	spin   spin // of reads
	rv     [2]syscall.Iovec
	rn     int // pieces in rv
	got    int
	rerr   syscall.Errno
	hasty  bool // reads do not wait
	readFn func(uintptr) bool

	wv      [maxVec]syscall.Iovec
	wn      int // pieces in wv
	put     int
	werr    syscall.Errno
	tryFn   func(uintptr) bool
	writeFn func(uintptr) bool
}

// init takes nc over.
func (c *rawIO) init(nc net.Conn, hosted bool) error {
	rc, err := nc.(syscall.Conn).SyscallConn()
	if err != nil {
		return err
	}
	if c.nc = nc; hosted {
		return c.own(rc)
	}
	c.rc = rc
	c.readFn = func(fd uintptr) bool {
		if c.hasty {
			c.got, c.rerr = vector(syscall.SYS_READV, fd, c.rv[:c.rn])
			return true
		}
		for c.spin.begin(); ; {
			c.got, c.rerr = vector(syscall.SYS_READV, fd, c.rv[:c.rn])
			if c.rerr != syscall.EAGAIN {
				c.spin.found()
				return true
			}
			if !c.spin.again() {
				return false
			}
		}
	}
	c.tryFn = func(fd uintptr) bool {
		c.put, c.werr = vector(syscall.SYS_WRITEV, fd, c.wv[:c.wn])
		return true
	}
	c.writeFn = func(fd uintptr) bool {
		c.put, c.werr = vector(syscall.SYS_WRITEV, fd, c.wv[:c.wn])
		return c.werr != syscall.EAGAIN
	}
	return nil
}

// own takes the descriptor out of Go's poller, which would wake a thread for
// whatever comes: nc closes its own and ours is a copy.
func (c *rawIO) own(rc syscall.RawConn) error {
	var err error
	outer := rc.Control(func(fd uintptr) {
		c.fd, err = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0)
	})
	if err = cmp.Or(outer, err); err != nil {
		return err
	}
	_ = c.nc.Close() // the copy is what counts
	return nil
}

// with does f with the owned descriptor, which nobody closes meanwhile.
func (c *rawIO) with(f func(fd int) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fd < 0 {
		return syscall.EBADF
	}
	return f(c.fd)
}

// close ends the connection, which that host watches, if any.
func (c *rawIO) close(h engines.Host) {
	if c.rc != nil {
		_ = c.nc.Close() // nothing more is expected of it
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fd >= 0 {
		h.Forget(c.fd)
		_ = syscall.Close(c.fd)
		c.fd = -1
	}
}

// owned makes a call on the owned descriptor.
func (c *rawIO) owned(call uintptr, v []syscall.Iovec) (int, syscall.Errno) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fd < 0 {
		return 0, syscall.EBADF
	}
	return vector(call, uintptr(c.fd), v)
}

// vector is readv or writev. The descriptor never blocks, so the scheduler
// need not be told; a single piece takes the cheaper call.
func vector(call, fd uintptr, v []syscall.Iovec) (int, syscall.Errno) {
	for {
		var n uintptr
		var e syscall.Errno
		if len(v) == 1 {
			n, _, e = syscall.RawSyscall(call-syscall.SYS_READV+syscall.SYS_READ, fd, uintptr(unsafe.Pointer(v[0].Base)), uintptr(v[0].Len))
		} else {
			n, _, e = syscall.RawSyscall(call, fd, uintptr(unsafe.Pointer(&v[0])), uintptr(len(v)))
		}
		if e != syscall.EINTR {
			return int(n), e
		}
	}
}

func piece(p []byte) syscall.Iovec {
	v := syscall.Iovec{Base: unsafe.SliceData(p)}
	v.SetLen(len(p))
	return v
}

// read waits for bytes and puts them into a and, once that is full, b.
func (c *rawIO) read(a, b []byte) (int, error) {
	c.rn = 0
	for _, p := range [2][]byte{a, b} {
		if len(p) > 0 {
			c.rv[c.rn] = piece(p)
			c.rn++
		}
	}
	if c.rc == nil {
		c.got, c.rerr = c.owned(syscall.SYS_READV, c.rv[:c.rn])
		c.short = c.rerr != 0 || c.got < len(a)+len(b)
	} else if err := c.rc.Read(c.readFn); err != nil {
		return 0, err
	}
	switch {
	case c.rerr == syscall.EAGAIN:
		return 0, errNothingYet
	case c.rerr != 0:
		return 0, c.rerr
	case c.got == 0:
		return 0, io.EOF
	}
	return c.got, nil
}

// gather takes the next piece of a write; it reports false when no more fit.
func (c *rawIO) gather(p []byte) bool {
	c.wv[c.wn] = piece(p)
	c.wn++
	return c.wn < maxVec
}

// tryWrite writes what the kernel takes of the gathered pieces right now.
func (c *rawIO) tryWrite() (int, error) { return c.flushVec(c.tryFn) }

// write waits until the kernel takes at least a byte of the gathered pieces.
func (c *rawIO) write() (int, error) { return c.flushVec(c.writeFn) }

func (c *rawIO) flushVec(fn func(uintptr) bool) (int, error) {
	var err error
	if c.rc == nil {
		c.put, c.werr = c.owned(syscall.SYS_WRITEV, c.wv[:c.wn])
	} else {
		err = c.rc.Write(fn)
	}
	c.wn = 0
	switch {
	case err != nil:
		return 0, err
	case c.werr == syscall.EAGAIN:
		return 0, nil
	case c.werr != 0:
		return 0, c.werr
	}
	return c.put, nil
}

// What ppoll tells of a connection that its peer has left (poll.h).
const pollGone = 0x2000 | 0x10 | 0x8 // RDHUP, HUP, ERR

// hungUp reports whether the peer has closed its side, also where bytes of it
// are still to be read.
func (c *rawIO) hungUp() bool {
	p := struct {
		fd              int32
		events, revents int16
	}{events: 0x2000}
	var now syscall.Timespec
	ask := func(fd uintptr) {
		p.fd = int32(fd)
		syscall.RawSyscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&p)), 1, uintptr(unsafe.Pointer(&now)), 0, 0, 0)
	}
	if c.rc != nil {
		err := c.rc.Control(ask)
		return err != nil || p.revents&pollGone != 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fd >= 0 {
		ask(uintptr(c.fd))
	}
	return c.fd < 0 || p.revents&pollGone != 0
}
