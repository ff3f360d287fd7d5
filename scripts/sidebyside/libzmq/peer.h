/* What the roles on libzmq share. A failure ends the process with its cause. */
#ifndef PEER_H
#define PEER_H

#include <stdint.h>
#include <string.h>
#include <zmq.h>

/* job is what the command line asks of a role. */
struct job {
	const char *endpoint;
	size_t size;    /* bytes of a body, at least 8 */
	uint64_t count; /* messages, or round trips */
	int width;      /* subscribers, or the window */
};

void push(const struct job *j);
void pull(const struct job *j);
void push_pull_inproc(const struct job *j);
void publish(const struct job *j);
void subscribe(const struct job *j);
void deal(const struct job *j);
void route(const struct job *j);
void request(const struct job *j);
void reply(const struct job *j);

int64_t now_ns(void); /* CLOCK_MONOTONIC */
void must(int ok, const char *what);
void *open_context(void);
void *open_bound(void *context, int kind, const char *endpoint);
void *open_connected(void *context, int kind, const char *endpoint);
void close_all(void *socket, void *context);
void say_rate(uint64_t messages, int64_t from_ns, int64_t to_ns);
void wrong_message(const zmq_msg_t *m, size_t size, uint64_t want);

/* send_body makes a message as libzmq's own throughput test does, and writes
 * the sequence into its first eight bytes. */
static inline void send_body(void *socket, size_t size, uint64_t sequence)
{
	zmq_msg_t m;
	must(zmq_msg_init_size(&m, size) == 0, "zmq_msg_init_size");
	memcpy(zmq_msg_data(&m), &sequence, sizeof sequence);
	must(zmq_msg_send(&m, socket, 0) >= 0, "zmq_msg_send");
}

/* check_body compares size and sequence. */
static inline void check_body(zmq_msg_t *m, size_t size, uint64_t want)
{
	uint64_t sequence;
	if (zmq_msg_size(m) == size) {
		memcpy(&sequence, zmq_msg_data(m), sizeof sequence);
		if (sequence == want)
			return;
	}
	wrong_message(m, size, want);
}

static inline void receive_body(void *socket, zmq_msg_t *m, size_t size, uint64_t want)
{
	must(zmq_msg_recv(m, socket, 0) >= 0, "zmq_msg_recv");
	check_body(m, size, want);
}

#endif
