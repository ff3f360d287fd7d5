// Package libzmq is the ZeroMQ core library in C, behind the contract of
// package engines: a thin layer of our own, so that what is measured is the
// library and not a binding. It is built with the tag libzmq and needs cgo, a C
// compiler and the library's headers (Debian: libzmq3-dev). Without the tag the
// package is empty.
//
// # What a message costs
//
// Alloc gives memory of a staging area in C, Send only counts, and a batch goes
// out in one call: on Flush, and from Send once it has 64 messages (the send
// HWM where that is less) or 16 KiB. Recv brings what is there, up to 256
// messages, in one call. Nothing is allocated in Go, and a message that was
// received is sent on without a copy.
//
// A batch has no deadline. Drivers call Flush before every wait, and Recv of a
// socket used in Turns flushes by itself; who neither fills a batch nor calls
// Flush keeps messages back. The batch's other messages go out where
// one cannot. Send reports what became of its own message alone: of a ROUTER's
// message without a route it may be nil, and the next Flush, or Recv in Turns,
// says by engines.ErrNoRoute how many messages did not go.
//
// # Options it sets
//
// DEALER, PUSH and PAIR have ZMQ_IMMEDIATE: they send to connections that
// stand, and not to those that may come. What such a connection has brought and
// nobody has received yet goes with it when it ends. REQ is without: its reply
// may be the last thing that a peer sends. A ROUTER has ZMQ_ROUTER_MANDATORY.
// Every socket lingers for a second where nothing else is asked for.
//
// # Threads
//
// A socket of libzmq may be used by one thread at a time, and may change
// threads only across a full memory barrier. Goroutines change threads as the
// scheduler likes, a Duplex socket has two of them, and Close comes from
// anywhere. So:
//
//   - Every socket has a mutex of POSIX threads, in C, and no function of
//     libzmq is called on the socket without it. It excludes, and its lock and
//     unlock are the barrier. A call takes and gives it back on one thread, for
//     a goroutine keeps its thread during a call into C.
//   - Under the mutex no call blocks: all have ZMQ_DONTWAIT.
//   - Who has to wait gives the mutex back and polls two descriptors: the
//     socket's ZMQ_FD, and an eventfd of its own. ZMQ_FD tells of events once,
//     and whoever calls the library next consumes that; so before a call
//     returns or sleeps it asks for ZMQ_EVENTS if the other half is waiting,
//     and wakes it by its eventfd where it can go on. Bind, Connect and options
//     are of neither half and do so for both.
//   - Close marks the socket, rings both eventfds and closes the socket, all
//     under the mutex, and returns when nobody waits any more. zmq_ctx_term
//     interrupts nobody: it is called when the last socket of a context is
//     closed, and then waits until everything is sent or the linger is over.
//
// # Hosted sockets
//
// With Options.Host one thread calls the socket, and no call waits. There are
// no eventfds and no polls: the host waits for ZMQ_FD, the one descriptor a
// socket has besides its connections.
//
//   - Recv is one call into C that takes what is there, at first 4 messages and
//     twice as many each time that was not all. A REQ or REP whose turn
//     it is to send has nothing to receive: ErrWait, not an error.
//   - Messages that find no room stay in the batch, in order, and Flush returns
//     ErrWait until the batch is empty; only then does it tell of messages
//     without a route. Alloc, and Send of a received message, return ErrWait
//     while the batch is full.
//   - Every call may consume what ZMQ_FD would have told, so Unsettled asks for
//     ZMQ_EVENTS. It need not after a Recv that found nothing more, for libzmq
//     has then heard everything. Bind, Connect and the end of the context of
//     Open wake the host.
//   - A ROUTER has POLLOUT while any peer has room, a publisher always. If such a
//     socket turns a message away twice, the host sleeps all the same. ZMQ_FD
//     tells of room, and a wake-up after 1 ms makes up for room that came during
//     the last question.
//   - Close on the host's thread leaves the end of the context, which may take
//     as long as the linger, to a goroutine. The mutex stays, uncontended: the
//     end of the context of Open closes from elsewhere.
//
// The memory that C and Go share is freed when the garbage collector finds that
// nobody can reach the socket, or the messages received, any more.
package libzmq
