/* REQ to REP: the time of every round trip. */
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

void request(const struct job *j)
{
	int64_t *took = malloc(j->count * sizeof *took);
	must(took != NULL, "malloc");
	void *context = open_context();
	void *s = open_connected(context, ZMQ_REQ, j->endpoint);
	zmq_msg_t m;
	must(zmq_msg_init(&m) == 0, "zmq_msg_init");
	for (uint64_t i = 0; i < j->count; i++) {
		int64_t before = now_ns();
		send_body(s, j->size, i);
		receive_body(s, &m, j->size, i);
		took[i] = now_ns() - before;
	}
	qsort(took, j->count, sizeof *took, by_size);
	printf("messages=%llu p50_ns=%lld\n", (unsigned long long)j->count, (long long)took[j->count / 2]);
	free(took);
	zmq_msg_close(&m);
	close_all(s, context);
}

void reply(const struct job *j)
{
	void *context = open_context();
	void *s = open_bound(context, ZMQ_REP, j->endpoint);
	zmq_msg_t m;
	must(zmq_msg_init(&m) == 0, "zmq_msg_init");
	for (uint64_t i = 0; i < j->count; i++) {
		receive_body(s, &m, j->size, i);
		must(zmq_msg_send(&m, s, 0) >= 0, "zmq_msg_send");
	}
	zmq_msg_close(&m);
	close_all(s, context);
}
