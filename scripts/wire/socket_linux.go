package wire

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

func address(endpoint string) (*unix.SockaddrInet4, error) {
	rest, ok := strings.CutPrefix(endpoint, "tcp://")
	a, err := netip.ParseAddrPort(rest)
	if !ok || err != nil || !a.Addr().Is4() {
		return nil, fmt.Errorf("%w: endpoint %q; write tcp://127.0.0.1:PORT", ErrUsage, endpoint)
	}
	return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}, nil
}

// listen says where, once others can connect.
func listen(endpoint string, stdout io.Writer) (fd int, err error) {
	a, err := address(endpoint)
	if err != nil {
		return 0, err
	}
	if fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
		return 0, os.NewSyscallError("socket", err)
	}
	if err := errors.Join(unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1), unix.Bind(fd, a), unix.Listen(fd, 4096)); err != nil {
		return 0, fmt.Errorf("listen at %s: %w", endpoint, err)
	}
	bound, err := unix.Getsockname(fd)
	if err != nil {
		return 0, os.NewSyscallError("getsockname", err)
	}
	in := bound.(*unix.SockaddrInet4)
	_, err = fmt.Fprintf(stdout, "ready tcp://%v\n", netip.AddrPortFrom(netip.AddrFrom4(in.Addr), uint16(in.Port)))
	return fd, err
}

// dial tries for a while: the service may not be there yet.
func dial(endpoint string) (int, error) {
	a, err := address(endpoint)
	if err != nil {
		return 0, err
	}
	for end := now() + int64(patience); ; time.Sleep(5 * time.Millisecond) {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return 0, os.NewSyscallError("socket", err)
		}
		if err = unix.Connect(fd, a); err == nil {
			return fd, nil
		}
		unix.Close(fd)
		if now() > end {
			return 0, fmt.Errorf("connect to %s: %w", endpoint, err)
		}
	}
}

// open connects and shakes hands. A read or a write fails when it takes longer
// than patience.
func (l Load) open() (int, error) {
	fd, err := dial(l.Endpoint)
	if err != nil {
		return 0, err
	}
	wait := unix.NsecToTimeval(int64(patience))
	if err := errors.Join(unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1),
		unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &wait),
		unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_SNDTIMEO, &wait),
		sendAll(fd, hello(l.Kind))); err != nil {
		return 0, fmt.Errorf("greet %s: %w", l.Endpoint, err)
	}
	var b [restMost]byte
	for have := 0; ; {
		n, err := receive(fd, b[have:])
		if err != nil {
			return 0, fmt.Errorf("greeting of %s: %w", l.Endpoint, err)
		}
		have += n
		// Nothing follows READY until a message is sent.
		if used, err := greeted(b[:have]); err != nil || used > 0 {
			return fd, err
		}
	}
}

// The calls below are raw: there is one goroutine, which has nobody to give its
// P to while it waits, and need not get it back.

// sendAll writes all of b, through a socket that blocks.
func sendAll(fd int, b []byte) error {
	for len(b) > 0 {
		n, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), unix.MSG_NOSIGNAL, 0, 0)
		switch {
		case errno == unix.EINTR:
		case errno != 0:
			return os.NewSyscallError("sendto", errno)
		default:
			b = b[n:]
		}
	}
	return nil
}

// receive blocks until something has come.
func receive(fd int, b []byte) (int, error) {
	for {
		n, err := receiveWith(fd, b, 0)
		if err != unix.EINTR {
			return n, err
		}
	}
}

// receiveNow gives 0 where nothing is there.
func receiveNow(fd int, b []byte) (int, error) {
	n, err := receiveWith(fd, b, unix.MSG_DONTWAIT)
	if err == unix.EAGAIN || err == unix.EINTR {
		return 0, nil
	}
	return n, err
}

func receiveWith(fd int, b []byte, flags uintptr) (int, error) {
	n, _, errno := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), flags, 0, 0)
	switch {
	case errno != 0:
		return 0, errno
	case n == 0:
		return 0, io.EOF
	}
	return int(n), nil
}

// ready waits until some sockets of an epoll instance can be read; 0: none
// could in ns, or a signal came.
func ready(poll int, events []unix.EpollEvent, ns int64) (int, error) {
	limit := unix.NsecToTimespec(ns)
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT2, uintptr(poll), uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)),
		uintptr(unsafe.Pointer(&limit)), 0, 0)
	switch {
	case errno == unix.EINTR:
		return 0, nil
	case errno != 0:
		return 0, os.NewSyscallError("epoll_pwait2", errno)
	}
	return int(n), nil
}
