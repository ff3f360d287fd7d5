/* A socket of libzmq that threads may share, with a batch to send and a place
 * for a burst of messages. See doc.go for who may call and why. */
#ifndef BRIDGE_H
#define BRIDGE_H

#include <pthread.h>
#include <stdint.h>
#include <zmq.h>

enum {
	ZB_BURST = 256,       /* messages that one call brings */
	ZB_FRAMES = 2112,     /* frames of a batch */
	ZB_ARENA = 32 * 1024, /* bytes that are staged */
	ZB_PARTS = 2,         /* frames of a message that need no memory of their own */
};

enum { ZB_SEND, ZB_RECV }; /* the halves of a socket */

struct zb_span {
	void *data;
	size_t size;
};

/* zb_in is a message that was received. */
struct zb_in {
	uint32_t count, capacity; /* frames */
	struct zb_span *spans;
	zmq_msg_t *parts;
	struct zb_span few_spans[ZB_PARTS];
	zmq_msg_t few_parts[ZB_PARTS];
};

/* zb_frame is one frame of the batch: bytes to be copied, or a message. */
struct zb_frame {
	void *data;
	size_t size;
	zmq_msg_t *msg; /* instead of data; own or a received message's */
	uint32_t more;
	zmq_msg_t own;
};

struct zb_socket {
	pthread_mutex_t lock; /* guards what follows, but for the halves' own */
	pthread_cond_t gone;  /* nobody waits any more */
	void *zmq;
	int fd;         /* ZMQ_FD */
	int wake[2];    /* eventfds by half */
	int waiting[2]; /* by half */
	int yields[2];  /* by half, since it last got on */
	int closed;
	int vague; /* POLLOUT does not say that the next message can go */

	/* Of a hosted socket, which has no eventfds and whose calls never wait. */
	int hosted;
	int quiet;        /* nothing to receive, and ZMQ_FD tells when there is */
	int threaded;     /* there was a call */
	pthread_t thread; /* then the host's */

	/* The sender's. */
	uint32_t first, count; /* frames of the batch: the next to go, and the end */
	uint32_t left;         /* messages that stay in the batch for want of room */
	uint32_t unsent;       /* messages of the last batch that did not go */
	int last;              /* why its last message did not; 0: it went */
	struct zb_frame *frames;
	char *arena;

	/* The receiver's. */
	struct zb_in *in[ZB_BURST];
};

/* All return a negative errno where they fail, -ETERM once closed. */

enum { ZB_ALONE, ZB_DUPLEX, ZB_HOSTED }; /* who calls: a goroutine, two, a host */

struct zb_socket *zb_open(void *context, int kind, int use, int vague);
int zb_set(struct zb_socket *z, int option, const void *value, size_t size);
int zb_bind(struct zb_socket *z, const char *endpoint, char *bound, size_t size);
int zb_connect(struct zb_socket *z, const char *endpoint);
int zb_close(struct zb_socket *z);
void zb_free(struct zb_socket *z);

void zb_ring(struct zb_socket *z);
int zb_flush(struct zb_socket *z);
int zb_recv(struct zb_socket *z, int most);
int zb_events(struct zb_socket *z);
void *zb_large(struct zb_socket *z, uint32_t frame, size_t size);
void zb_abandon(struct zb_socket *z, uint32_t from, uint32_t to);

struct zb_in *zb_slab(int n);
void zb_drop(struct zb_in *in);
int zb_grow(struct zb_in *in);
void zb_free_slab(struct zb_in *slab, int n);

#endif
