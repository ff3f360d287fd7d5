/* A paced client and an echo server on plain sockets, which speak just enough
 * of ZMTP 3.0 to be one side of a ZeroMQ pattern:
 *
 *     wire load endpoint=tcp://127.0.0.1:5555 kind=DEALER|REQ rate=2000 count=10000
 *               [warmup=1000] [clients=1] [loop=lockstep|open] [priority=fifo]
 *     wire echo endpoint=tcp://127.0.0.1:5555 kind=ROUTER|REP
 *               [delay_us=250] [how=sleep|spin] [tail_us=300 every=20]
 *
 * load prints one line of JSON; echo prints "ready ENDPOINT" and goes on. */
#include "wire.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIMIT_S = 1800 }; /* no process is older */

void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
	exit(1);
}

void refuse(const char *what)
{
	fprintf(stderr, "wire: %s\n", what);
	exit(1);
}

static void usage(const char *word)
{
	fprintf(stderr, "wire: %s\nusage: wire load|echo endpoint=tcp://HOST:PORT kind=KIND [name=value ...]\n", word);
	exit(2);
}

static uint64_t number(const char *word, const char *value, uint64_t least, uint64_t most)
{
	char *end;
	errno = 0;
	uint64_t v = strtoull(value, &end, 10);
	if (errno != 0 || end == value || *end != '\0' || *value == '-' || v < least || v > most)
		usage(word);
	return v;
}

static int is(const char *word, const char *name) { return strcmp(word, name) == 0; }

static void parse(struct job *j, char *word)
{
	char *value = strchr(word, '=');
	if (value == NULL)
		usage(word);
	*value++ = '\0';
	if (is(word, "endpoint"))
		j->endpoint = value;
	else if (is(word, "kind"))
		j->kind = value;
	else if (is(word, "rate"))
		j->rate = number(word, value, 1, 10000000);
	else if (is(word, "count"))
		j->count = number(word, value, 1, 100000000);
	else if (is(word, "warmup"))
		j->warmup = number(word, value, 0, 100000000);
	else if (is(word, "clients"))
		j->clients = (int)number(word, value, 1, 10000);
	else if (is(word, "loop"))
		j->open = strcmp(value, "open") == 0;
	else if (is(word, "priority"))
		j->fifo = strcmp(value, "fifo") == 0;
	else if (is(word, "delay_us"))
		j->delay_ns = (int64_t)number(word, value, 0, 10000000) * 1000;
	else if (is(word, "tail_us"))
		j->tail_ns = (int64_t)number(word, value, 0, 10000000) * 1000;
	else if (is(word, "every"))
		j->every = number(word, value, 0, 1000000);
	else if (is(word, "how"))
		j->spin = strcmp(value, "spin") == 0;
	else
		usage(word);
}

int main(int argc, char **argv)
{
	struct job j = { .endpoint = "", .kind = "", .rate = 1000, .count = 1000, .clients = 1 };
	if (argc < 2)
		usage("no role");
	for (int i = 2; i < argc; i++)
		parse(&j, argv[i]);
	signal(SIGPIPE, SIG_IGN);
	alarm(LIMIT_S);
	exact_sleeps();
	if (j.fifo) {
		struct sched_param p = { .sched_priority = 1 };
		must(sched_setscheduler(0, SCHED_FIFO, &p) == 0, "sched_setscheduler");
	}
	int load = strcmp(argv[1], "load") == 0;
	const char *kinds[2][2] = { { "ROUTER", "REP" }, { "DEALER", "REQ" } };
	if (!load && strcmp(argv[1], "echo") != 0)
		usage(argv[1]);
	if (strcmp(j.kind, kinds[load][0]) != 0 && strcmp(j.kind, kinds[load][1]) != 0)
		usage("kind");
	if (!load)
		echo(&j);
	else if (j.open || j.clients > 1)
		load_many(&j);
	else
		load_lockstep(&j);
	return 0;
}
