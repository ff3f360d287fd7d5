/* One publisher to WIDTH subscribers, which are threads of one process. */
#include "peer.h"

#include <pthread.h>
#include <stdlib.h>

/* The publisher is an XPUB: the PUB that hands subscriptions up, so that it
 * knows when all subscribers are there. It blocks at a full queue and loses
 * nothing. */
void publish(const struct job *j)
{
	void *context = open_context();
	void *s = zmq_socket(context, ZMQ_XPUB);
	must(s != NULL, "zmq_socket");
	int on = 1;
	must(zmq_setsockopt(s, ZMQ_XPUB_NODROP, &on, sizeof on) == 0, "ZMQ_XPUB_NODROP");
	must(zmq_setsockopt(s, ZMQ_XPUB_VERBOSE, &on, sizeof on) == 0, "ZMQ_XPUB_VERBOSE");
	must(zmq_bind(s, j->endpoint) == 0, j->endpoint);
	char subscription[8];
	for (int i = 0; i < j->width; i++)
		must(zmq_recv(s, subscription, sizeof subscription, 0) == 1, "subscription");
	for (uint64_t i = 0; i < j->count; i++)
		send_body(s, j->size, i);
	close_all(s, context);
}

struct subscriber {
	const struct job *job;
	void *context;
	pthread_t thread;
	int64_t first_ns, last_ns;
};

static void *receive_all(void *arg)
{
	struct subscriber *sub = arg;
	const struct job *j = sub->job;
	void *s = zmq_socket(sub->context, ZMQ_SUB);
	must(s != NULL, "zmq_socket");
	must(zmq_setsockopt(s, ZMQ_SUBSCRIBE, "", 0) == 0, "ZMQ_SUBSCRIBE");
	must(zmq_connect(s, j->endpoint) == 0, j->endpoint);
	zmq_msg_t m;
	must(zmq_msg_init(&m) == 0, "zmq_msg_init");
	receive_body(s, &m, j->size, 0);
	sub->first_ns = now_ns();
	for (uint64_t i = 1; i < j->count; i++)
		receive_body(s, &m, j->size, i);
	sub->last_ns = now_ns();
	zmq_msg_close(&m);
	must(zmq_close(s) == 0, "zmq_close");
	return NULL;
}

void subscribe(const struct job *j)
{
	void *context = open_context();
	struct subscriber *subs = calloc(j->width, sizeof *subs);
	must(subs != NULL, "calloc");
	for (int i = 0; i < j->width; i++) {
		subs[i].job = j;
		subs[i].context = context;
		must(pthread_create(&subs[i].thread, NULL, receive_all, &subs[i]) == 0, "pthread_create");
	}
	int64_t first = INT64_MAX, last = 0;
	for (int i = 0; i < j->width; i++) {
		pthread_join(subs[i].thread, NULL);
		if (subs[i].first_ns < first)
			first = subs[i].first_ns;
		if (subs[i].last_ns > last)
			last = subs[i].last_ns;
	}
	say_rate(j->count * j->width, first, last);
	free(subs);
	must(zmq_ctx_term(context) == 0, "zmq_ctx_term");
}
