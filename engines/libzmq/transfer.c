//go:build libzmq

/* Batches out, bursts in. */
#include "bridge.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/eventfd.h>

/* YIELDS is how often a half lets others run before it sleeps: to sleep in C
 * costs a Go program more than the library, for the scheduler takes notice. */
enum { YIELDS = 8 };

static int events(struct zb_socket *z)
{
	int ready = 0;
	size_t size = sizeof ready;
	while (zmq_getsockopt(z->zmq, ZMQ_EVENTS, &ready, &size) != 0 && errno == EINTR)
		;
	return ready;
}

static int wanted(int half) { return half == ZB_SEND ? ZMQ_POLLOUT : ZMQ_POLLIN; }

/* ring wakes the other half if it waits for what may have happened meanwhile,
 * and returns what can be done; 0: nobody asked. */
static int ring(struct zb_socket *z, int half)
{
	int other = half == ZB_SEND ? ZB_RECV : ZB_SEND;
	if (!z->waiting[other])
		return 0;
	int ready = events(z);
	if (ready & wanted(other))
		eventfd_write(z->wake[other], 1);
	return ready;
}

/* zb_ring wakes both halves where they wait, for a call of neither. */
void zb_ring(struct zb_socket *z)
{
	ring(z, ZB_SEND);
	ring(z, ZB_RECV);
}

/* rest waits until a half may be able to go on. It is called, and returns, with
 * the mutex held; all commands to the socket were processed just before. */
static void rest(struct zb_socket *z, int half)
{
	if (z->yields[half]++ < YIELDS) {
		pthread_mutex_unlock(&z->lock);
		sched_yield();
		pthread_mutex_lock(&z->lock);
		return;
	}
	z->yields[half] = 0;
	int limit_ms = -1;
	if (ring(z, half) & wanted(half))
		/* Asking consumed what ZMQ_FD would have told. Where POLLOUT is
		 * vague trying at once could go on for long. */
		limit_ms = half == ZB_SEND && z->vague ? 1 : 0;
	z->waiting[half] = 1;
	struct pollfd fds[] = { { z->fd, POLLIN, 0 }, { z->wake[half], POLLIN, 0 } };
	pthread_mutex_unlock(&z->lock);
	(void)poll(fds, 2, limit_ms); /* an interruption is no harm: the caller tries again */
	eventfd_t rung;
	if (fds[1].revents)
		(void)eventfd_read(fds[1].fd, &rung);
	pthread_mutex_lock(&z->lock);
	z->waiting[half] = 0;
	if (z->closed)
		pthread_cond_broadcast(&z->gone);
}

/* begin starts a call of the sender or the receiver. */
static void begin(struct zb_socket *z)
{
	pthread_mutex_lock(&z->lock);
	if (!z->hosted)
		return;
	z->quiet = 0;
	z->thread = pthread_self();
	z->threaded = 1;
}

static int put(struct zb_socket *z, struct zb_frame *f)
{
	if (f->msg == NULL) {
		if (zmq_msg_init_size(&f->own, f->size) != 0)
			return -1;
		memcpy(zmq_msg_data(&f->own), f->data, f->size);
		f->msg = &f->own;
	}
	return zmq_msg_send(f->msg, z->zmq, ZMQ_DONTWAIT | (f->more ? ZMQ_SNDMORE : 0));
}

/* zb_abandon gives up frames of the batch. */
void zb_abandon(struct zb_socket *z, uint32_t from, uint32_t to)
{
	for (; from < to; from++) {
		struct zb_frame *f = &z->frames[from];
		if (f->msg == &f->own)
			zmq_msg_close(&f->own);
		f->msg = NULL;
	}
}

/* past is the frame after the message that frame i belongs to. */
static uint32_t past(struct zb_socket *z, uint32_t i)
{
	while (z->frames[i].more)
		i++;
	return i + 1;
}

/* zb_flush sends the batch. A message that cannot be sent is left out and
 * counted, and the first cause returned when the others are sent. Where there
 * is no room it waits; of a hosted socket the rest of the batch stays. */
int zb_flush(struct zb_socket *z)
{
	int failure = 0, asked = 0, full = 0;
	uint32_t i = z->first, counted = 0;
	begin(z);
	z->unsent = 0;
	z->last = 0;
	while (i < z->count && !full) {
		if (z->closed) {
			failure = -ETERM;
			break;
		}
		if (put(z, &z->frames[i]) >= 0) {
			i++;
			asked = 0;
			z->yields[ZB_SEND] = 0;
			continue;
		}
		int cause = errno;
		int inside = i > 0 && z->frames[i - 1].more;
		if (cause == EINTR)
			continue;
		if (cause == EAGAIN && !inside) {
			/* A send that would block has not looked at what the
			 * other threads of the library have to say. */
			if (!asked)
				events(z);
			else if (z->hosted)
				full = 1;
			else
				rest(z, ZB_SEND);
			asked = !asked;
			continue;
		}
		if (cause == EAGAIN)
			cause = EHOSTUNREACH; /* the peer went in the middle of it */
		if (failure == 0)
			failure = -cause;
		uint32_t whole = past(z, i);
		if (whole != counted)
			z->unsent++;
		counted = whole;
		if (whole == z->count)
			z->last = -cause;
		/* libzmq forgets the rest of such a message by itself where
		 * its peer is gone, and wants to be given it. */
		uint32_t end = inside ? i + 1 : whole;
		zb_abandon(z, i, end);
		i = end;
	}
	z->first = full ? i : z->count;
	z->left = 0;
	for (uint32_t j = z->first; j < z->count; j = past(z, j))
		z->left++;
	zb_abandon(z, i, z->first);
	if (i < z->first)
		z->last = -ETERM; /* closed, whatever else was before */
	for (; i < z->first; i = past(z, i))
		z->unsent++;
	if (!z->closed)
		ring(z, ZB_SEND);
	pthread_mutex_unlock(&z->lock);
	return failure;
}

/* zb_large makes a frame that needs no copy, with room for size bytes. */
void *zb_large(struct zb_socket *z, uint32_t frame, size_t size)
{
	struct zb_frame *f = &z->frames[frame];
	if (zmq_msg_init_size(&f->own, size) != 0)
		return NULL;
	f->msg = &f->own;
	return zmq_msg_data(&f->own);
}

static int get(struct zb_socket *z, zmq_msg_t *m, int flags)
{
	int rc;
	do
		rc = zmq_msg_recv(m, z->zmq, flags);
	while (rc < 0 && errno == EINTR);
	return rc;
}

/* take receives one message. Its frames are all there when its first is. */
static int take(struct zb_socket *z, struct zb_in *in)
{
	if (in->count > 1)
		zb_drop(in);
	if (get(z, &in->parts[0], ZMQ_DONTWAIT) < 0)
		return -errno;
	uint32_t n = 0;
	for (;;) {
		in->spans[n].data = zmq_msg_data(&in->parts[n]);
		in->spans[n].size = zmq_msg_size(&in->parts[n]);
		if (!zmq_msg_more(&in->parts[n++]))
			break;
		if (n == in->capacity && zb_grow(in) != 0)
			return -ENOMEM;
		in->count = n + 1; /* to be closed, should it fail here */
		if (get(z, &in->parts[n], ZMQ_DONTWAIT) < 0)
			return errno == EAGAIN ? -EPROTO : -errno; /* EAGAIN is of a first frame */
	}
	in->count = n;
	return 0;
}

/* zb_recv waits for one message, and takes what is there besides. A hosted
 * socket does not wait: -EAGAIN. */
int zb_recv(struct zb_socket *z, int most)
{
	int n = 0, rc = 0;
	begin(z);
	for (;;) {
		if (z->closed) {
			rc = -ETERM;
			break;
		}
		while (n < most && (rc = take(z, z->in[n])) == 0)
			n++;
		if (z->hosted) {
			/* libzmq has heard everything before it says EAGAIN. */
			z->quiet = rc == -EAGAIN;
			break;
		}
		if (n > 0 || rc != -EAGAIN) {
			z->yields[ZB_RECV] = 0;
			ring(z, ZB_RECV);
			break;
		}
		rest(z, ZB_RECV);
	}
	pthread_mutex_unlock(&z->lock);
	return n > 0 ? n : rc;
}

/* zb_events asks a hosted socket what can be done that ZMQ_FD may not tell of
 * any more. */
int zb_events(struct zb_socket *z)
{
	pthread_mutex_lock(&z->lock);
	int ready = z->closed ? ZMQ_POLLIN | ZMQ_POLLOUT : 0;
	if (!z->closed && (z->left > 0 || !z->quiet))
		ready = events(z);
	pthread_mutex_unlock(&z->lock);
	return ready;
}
