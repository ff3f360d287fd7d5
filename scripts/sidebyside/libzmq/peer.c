/* One side of a pattern on libzmq:
 *
 *     peer ROLE ENDPOINT SIZE COUNT WIDTH
 *     peer version
 *
 * The measuring side prints one line of key=value fields. */
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct {
	const char *name;
	void (*play)(const struct job *j);
} roles[] = {
	{ "push", push },       { "pull", pull },       { "push-pull-inproc", push_pull_inproc },
	{ "publish", publish }, { "subscribe", subscribe },
	{ "deal", deal },       { "route", route },
	{ "request", request }, { "reply", reply },
};

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "version") == 0) {
		int major, minor, patch;
		zmq_version(&major, &minor, &patch);
		printf("%d.%d.%d\n", major, minor, patch);
		return 0;
	}
	if (argc == 6) {
		struct job j = { argv[2], strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10), atoi(argv[5]) };
		for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
			if (strcmp(argv[1], roles[i].name) != 0)
				continue;
			must(j.size >= 8 && j.count >= 2 && j.width >= 1, "SIZE at least 8, COUNT 2, WIDTH 1");
			roles[i].play(&j);
			return 0;
		}
	}
	fprintf(stderr, "usage: peer ROLE ENDPOINT SIZE COUNT WIDTH\n");
	return 2;
}

int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "libzmq: %s: %s\n", what, zmq_strerror(zmq_errno()));
	exit(1);
}

void wrong_message(const zmq_msg_t *m, size_t size, uint64_t want)
{
	fprintf(stderr, "libzmq: not the message of %zu bytes with sequence %llu: %zu bytes came\n", size,
		(unsigned long long)want, zmq_msg_size(m));
	exit(1);
}

void *open_context(void)
{
	void *context = zmq_ctx_new();
	must(context != NULL, "zmq_ctx_new");
	return context;
}

void *open_bound(void *context, int kind, const char *endpoint)
{
	void *s = zmq_socket(context, kind);
	must(s != NULL, "zmq_socket");
	must(zmq_bind(s, endpoint) == 0, endpoint);
	return s;
}

void *open_connected(void *context, int kind, const char *endpoint)
{
	void *s = zmq_socket(context, kind);
	must(s != NULL, "zmq_socket");
	must(zmq_connect(s, endpoint) == 0, endpoint);
	return s;
}

/* close_all waits until what was sent is on its way: the linger is endless. */
void close_all(void *socket, void *context)
{
	must(zmq_close(socket) == 0, "zmq_close");
	must(zmq_ctx_term(context) == 0, "zmq_ctx_term");
}

/* say_rate: n messages have n - 1 intervals between the first and the last. */
void say_rate(uint64_t messages, int64_t from_ns, int64_t to_ns)
{
	printf("messages=%llu rate_msgs_per_s=%.3f\n", (unsigned long long)messages,
	       (double)(messages - 1) * 1e9 / (double)(to_ns - from_ns));
}
