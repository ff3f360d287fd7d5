/* PUSH to PULL, between two processes and between two threads. */
#include "peer.h"

#include <pthread.h>
#include <unistd.h>

static void push_all(void *socket, const struct job *j)
{
	for (uint64_t i = 0; i < j->count; i++)
		send_body(socket, j->size, i);
}

static void pull_all(void *socket, const struct job *j)
{
	zmq_msg_t m;
	must(zmq_msg_init(&m) == 0, "zmq_msg_init");
	receive_body(socket, &m, j->size, 0);
	int64_t from = now_ns();
	for (uint64_t i = 1; i < j->count; i++)
		receive_body(socket, &m, j->size, i);
	say_rate(j->count, from, now_ns());
	zmq_msg_close(&m);
}

/* push goes on until it is ended, when the other side has all. To close at
 * once would lose messages over ipc: a receiver of libzmq that has stopped at
 * its HWM takes the hang-up for an error, and drops what it has not read. */
void push(const struct job *j)
{
	void *s = open_connected(open_context(), ZMQ_PUSH, j->endpoint);
	push_all(s, j);
	pause();
}

void pull(const struct job *j)
{
	void *context = open_context();
	void *s = open_bound(context, ZMQ_PULL, j->endpoint);
	pull_all(s, j);
	close_all(s, context);
}

struct pusher {
	const struct job *job;
	void *context;
};

static void *push_in_thread(void *arg)
{
	struct pusher *p = arg;
	void *s = open_connected(p->context, ZMQ_PUSH, p->job->endpoint);
	push_all(s, p->job);
	must(zmq_close(s) == 0, "zmq_close");
	return NULL;
}

void push_pull_inproc(const struct job *j)
{
	struct pusher p = { j, open_context() };
	void *s = open_bound(p.context, ZMQ_PULL, j->endpoint);
	pthread_t thread;
	must(pthread_create(&thread, NULL, push_in_thread, &p) == 0, "pthread_create");
	pull_all(s, j);
	pthread_join(thread, NULL);
	close_all(s, p.context);
}
