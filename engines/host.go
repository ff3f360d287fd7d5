package engines

import "errors"

// ErrWait is what a call on a hosted socket returns instead of waiting: nothing
// has come, or there is no room. It comes unwrapped.
var ErrWait = errors.New("the call would have to wait")

// Host is a thread that owns many sockets and waits for all of them, and for
// the next due time, in one system call. A socket that is opened with
// Options.Host is hosted:
//
//   - Alloc, Send, Flush and Recv are called on the host's thread alone. Close may
//     be called from elsewhere, after the last of those calls.
//   - None of them waits. Alloc, Send and Flush return ErrWait where they would
//     have to: no connection stands, or there is no room. A message that Send
//     refused is still the caller's; what Flush could not pass on stays with the
//     socket. Recv returns 0 messages and ErrWait, also of a REQ or REP whose turn
//     it is to send: a host may call a socket without cause.
//   - The socket sees to it that the host hears of what was waited for:
//     something to receive, or room. It gives the host descriptors to wait for,
//     or calls Wake.
//
// The host calls the socket again only then: it hears of what it was told to wait
// for, so a host that waits for a message has asked for one in vain. Each socket has a Host of its own,
// whose methods may be called from any goroutine.
type Host interface {
	// Watch waits for fd until Forget. Soon after this call, and whenever fd
	// becomes readable (edge triggered), the host calls r.Ready on its thread,
	// then the socket. The caller owns fd and forgets it before it is closed.
	Watch(fd int, r Ready) error
	// WatchRoom also waits, with Ready, until fd, which is watched, can be
	// written, or no longer does.
	WatchRoom(fd int, on bool) error
	// Forget ends Watch. A Ready that is under way may still come.
	Forget(fd int)
	// Wake has the host call the socket soon, or once it runs. What is to be found
	// there must have been stored before. It may come late, from a timer of a
	// socket that has closed.
	Wake()
}

// Ready hears of a descriptor. It runs on the host's thread and must not wait;
// it may come without cause.
type Ready interface {
	// Ready says that the descriptor may be readable, or writable where that is
	// waited for. ended: the other side will send no more, or it has failed.
	Ready(ended bool)
}

// Hosted is an Engine whose sockets can be hosted.
type Hosted interface {
	// Hosts is nil where Options.Host may be set on this system, and else says
	// why not.
	Hosts() error
	// Threads is how many threads of its own the engine has for the sockets of
	// one process: while it needs them, a host must not occupy their cores.
	Threads(o Options) int
}

// Unsettled is a hosted Socket whose descriptor tells of an event once, to
// whichever call comes next. Before the host sleeps it asks every socket that it
// has called since the last time.
type Unsettled interface {
	// Unsettled reports whether there is room that an ErrWait has told of, or,
	// where the host is to receive, something to receive, which no descriptor
	// will tell of any more.
	Unsettled(receives bool) bool
}
