/* A DEALER keeps WIDTH messages in flight; a ROUTER sends each one back. */
#include "peer.h"

void deal(const struct job *j)
{
	void *context = open_context();
	void *s = open_connected(context, ZMQ_DEALER, j->endpoint);
	zmq_msg_t m;
	must(zmq_msg_init(&m) == 0, "zmq_msg_init");
	uint64_t sent = 0, received = 0, window = j->width;
	int64_t from = 0;
	while (received < j->count) {
		while (sent < j->count && sent - received < window)
			send_body(s, j->size, sent++);
		receive_body(s, &m, j->size, received++);
		if (received == 1)
			from = now_ns();
		/* What else is there is taken before more is sent: both ways
		 * then go in bursts. */
		while (received < sent && zmq_msg_recv(&m, s, ZMQ_DONTWAIT) >= 0)
			check_body(&m, j->size, received++);
	}
	say_rate(j->count, from, now_ns());
	zmq_msg_close(&m);
	close_all(s, context);
}

void route(const struct job *j)
{
	void *context = open_context();
	void *s = open_bound(context, ZMQ_ROUTER, j->endpoint);
	zmq_msg_t identity, body;
	must(zmq_msg_init(&identity) == 0 && zmq_msg_init(&body) == 0, "zmq_msg_init");
	for (uint64_t i = 0; i < j->count; i++) {
		must(zmq_msg_recv(&identity, s, 0) >= 0, "identity");
		receive_body(s, &body, j->size, i);
		must(zmq_msg_send(&identity, s, ZMQ_SNDMORE) >= 0, "identity");
		must(zmq_msg_send(&body, s, 0) >= 0, "body");
	}
	close_all(s, context);
}
