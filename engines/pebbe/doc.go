// Package pebbe puts github.com/pebbe/zmq4, the Go binding of libzmq, behind
// the engine contract: it measures what a Go program on libzmq gets. It needs
// cgo and libzmq's headers, so the engine itself is built with the tag libzmq
// only.
//
// The library is used as its documentation has it: SendBytes for every part of
// a message, RecvMessageBytes for a message, with what they copy and allocate.
// No message is gathered with another; libzmq does that behind its queues.
//
// A socket of libzmq belongs to one thread at a time, and passing it on takes a
// full memory barrier. Here every use of a socket, Close included, holds the
// socket's mutex: its lock and unlock are the barrier, whatever thread the
// goroutine is on.
//
// A socket that one goroutine uses (SendOnly, RecvOnly, Turns) blocks in the
// library's calls, as programs do, but for 100 ms at a time (ZMQ_RCVTIMEO,
// ZMQ_SNDTIMEO): so long may Close have to wait for the mutex.
//
// Where one goroutine sends while another receives (Duplex), no call blocks
// (DONTWAIT) and the two take turns. Who has to wait leaves the mutex and polls
// two descriptors, which is no use of the socket: the one that libzmq signals
// (ZMQ_FD), and a pipe of its own, the bell. Close rings the bells, waits until
// nobody polls, and closes. ZMQ_FD is quiet again once anybody has processed
// what was signalled, so a goroutine that used the socket while the other one
// waited asks for ZMQ_EVENTS, and rings where the other's are among them. The
// same question comes before a wait, for a send processes signals now and then
// only.
//
// A hosted socket (Options.Host) never blocks either, and has no bell: the host
// waits for ZMQ_FD, and Unsettled asks for ZMQ_EVENTS before it sleeps. Send
// returns ErrWait where the library says EAGAIN; Recv does so too where it is a
// REQ's or REP's turn to send. POLLOUT of a ROUTER or publisher does not say
// that its next message can go: where one is turned away twice the host sleeps
// all the same, ZMQ_FD tells of room, and a wake-up after 1 ms makes up for room
// that came during the last question. Close on the host's thread waits neither
// for listeners nor for the context.
//
// What differs from the library's own behaviour:
//
//   - Linger is 1 s where it is not set; libzmq's is without end, and a peer
//     that is gone would hold the context for ever.
//   - Close returns when nothing listens any more. The last socket of a context
//     also waits for the context's end, the linger and half a second at most.
//     Sockets of an Engine that ask for as many I/O threads share a context.
//   - Bind refuses an ipc path at which somebody listens; libzmq takes it over.
//   - A ROUTER is mandatory: an unknown identity is ErrNoRoute, a full queue
//     blocks. Alloc never waits; Send does.
//   - PLAIN has its one pair checked by a handler in each context (RFC 27).
//
// A connecting socket has a queue before its connection stands, and keeps it
// while it reconnects, as libzmq has it; what lies in it counts as sent.
package pebbe
