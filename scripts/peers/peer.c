/* A peer on libzmq.
 *
 *   cc -O2 -o peer peer.c -lzmq -lpthread
 *   peer echo|sink|source|ask KIND bind|connect ENDPOINT [--option value ...]
 *
 * It prints "ready ENDPOINT" with the endpoint it has bound or connected, and
 * ends when its standard input does. Its words and options are those of
 * Peer.java; the Python scripts of this folder say what each role does.
 */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

enum { HANG_MS = 30000, LINGER_MS = 5000, MAX_FRAMES = 64, MAX_TOPICS = 16, LARGE = 70000 };

static const char *const kinds[] = {"PAIR",   "PUB",  "SUB",  "REQ",  "REP", "DEALER",
                                    "ROUTER", "PULL", "PUSH", "XPUB", "XSUB"};

struct options {
	const char *identity, *subscribe[MAX_TOPICS], *topics[MAX_TOPICS];
	int subscriptions, ntopics, count, wait, every_ms, delimiter, heartbeat_ms;
};

/* message is frames that zmq_msg_close has to see. */
struct message {
	zmq_msg_t frame[MAX_FRAMES];
	int n;
};

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, zmq_strerror(zmq_errno()));
	exit(1);
}

static void *end_with_stdin(void *unused)
{
	char buf[256];
	while (read(0, buf, sizeof buf) > 0)
		;
	_exit(0);
	return unused;
}

static void set(void *s, int option, int value)
{
	if (zmq_setsockopt(s, option, &value, sizeof value) != 0)
		die("zmq_setsockopt");
}

/* receive is 0 where nothing came in time. */
static int receive(void *s, struct message *m)
{
	m->n = 0;
	do {
		if (m->n == MAX_FRAMES) {
			fprintf(stderr, "a message of more than %d frames\n", MAX_FRAMES);
			exit(1);
		}
		zmq_msg_init(&m->frame[m->n]);
		if (zmq_msg_recv(&m->frame[m->n], s, 0) < 0)
			return 0;
	} while (zmq_msg_more(&m->frame[m->n++]));
	return 1;
}

static void release(struct message *m)
{
	while (m->n > 0)
		zmq_msg_close(&m->frame[--m->n]);
}

static void show(struct message *m)
{
	fputs("got", stdout);
	for (int i = 0; i < m->n; i++) {
		const unsigned char *b = zmq_msg_data(&m->frame[i]);
		size_t n = zmq_msg_size(&m->frame[i]);
		fputs(n == 0 ? " -" : " ", stdout);
		for (size_t j = 0; j < n; j++)
			printf("%02x", b[j]);
	}
	putchar('\n');
	release(m);
}

static void put(void *s, const void *data, size_t size, int more)
{
	if (zmq_send(s, data, size, more ? ZMQ_SNDMORE : 0) < 0)
		die("zmq_send");
}

static void echo(void *s)
{
	struct message m;
	while (receive(s, &m)) {
		for (int i = 0; i < m.n; i++)
			if (zmq_msg_send(&m.frame[i], s, i + 1 < m.n ? ZMQ_SNDMORE : 0) < 0)
				die("zmq_msg_send");
	}
}

static void sink(void *s)
{
	struct message m;
	while (receive(s, &m))
		show(&m);
}

static void source(void *s, int kind, const struct options *o)
{
	char number[16];
	struct message m;
	for (int i = 0; kind == ZMQ_XPUB && i < o->wait; i++)
		if (receive(s, &m))
			show(&m);
	if (kind != ZMQ_XPUB && o->wait > 0)
		usleep(500000); /* a PUB cannot tell */
	for (int i = 0; i < o->count; i++) {
		const char *topic = o->topics[i % o->ntopics];
		put(s, topic, strlen(topic), 1);
		put(s, number, (size_t)snprintf(number, sizeof number, "%d", i), 0);
		if (o->every_ms > 0)
			usleep((useconds_t)o->every_ms * 1000);
	}
	puts("done");
	if (kind == ZMQ_XPUB)
		sink(s);
	sleep(HANG_MS / 1000);
}

/* ask_once says what went wrong, NULL if nothing did. */
static const char *ask_once(void *s, int i, int delimiter)
{
	static char large[LARGE];
	char number[16];
	memset(large, 'x', sizeof large);
	snprintf(number, sizeof number, "%d", i);
	const char *data[] = {"", number, "", large};
	size_t size[] = {0, strlen(number), 0, LARGE};
	int first = delimiter ? 0 : 1, last = 1 + i % 3;
	for (int f = first; f <= last; f++)
		put(s, data[f], size[f], f < last);
	struct message m;
	if (!receive(s, &m))
		return "nothing came back";
	int same = m.n == last - first + 1;
	for (int f = 0; same && f < m.n; f++)
		same = zmq_msg_size(&m.frame[f]) == size[first + f] &&
		       memcmp(zmq_msg_data(&m.frame[f]), data[first + f], size[first + f]) == 0;
	release(&m);
	return same ? NULL : "came back changed";
}

static void ask(void *s, const struct options *o)
{
	for (int i = 0; i < o->count; i++) {
		const char *wrong = ask_once(s, i, o->delimiter);
		if (wrong != NULL) {
			puts(wrong);
			return;
		}
	}
	puts("done");
}

static struct options parse(int argc, char **argv)
{
	struct options o = {.count = 1, .topics = {"a"}, .ntopics = 1};
	for (int i = 5; i < argc; i++) {
		const char *name = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
		if (strcmp(name, "--delimiter") == 0) {
			o.delimiter = 1;
			continue;
		}
		i++;
		if (strcmp(name, "--identity") == 0)
			o.identity = value;
		else if (strcmp(name, "--subscribe") == 0 && o.subscriptions < MAX_TOPICS)
			o.subscribe[o.subscriptions++] = value;
		else if (strcmp(name, "--count") == 0)
			o.count = atoi(value);
		else if (strcmp(name, "--wait") == 0)
			o.wait = atoi(value);
		else if (strcmp(name, "--every") == 0)
			o.every_ms = atoi(value);
		else if (strcmp(name, "--heartbeat") == 0)
			o.heartbeat_ms = atoi(value);
		else if (strcmp(name, "--topics") == 0) {
			o.ntopics = 0;
			for (char *t = strtok(argv[i], ","); t != NULL && o.ntopics < MAX_TOPICS; t = strtok(NULL, ","))
				o.topics[o.ntopics++] = t;
		} else {
			fprintf(stderr, "no option %s\n", name);
			exit(2);
		}
	}
	return o;
}

static void *open_socket(int kind, int bind, const char *endpoint, const struct options *o)
{
	void *s = zmq_socket(zmq_ctx_new(), kind);
	if (s == NULL)
		die("zmq_socket");
	set(s, ZMQ_LINGER, LINGER_MS);
	set(s, ZMQ_RCVTIMEO, HANG_MS);
	set(s, ZMQ_SNDTIMEO, HANG_MS);
	if (o->heartbeat_ms > 0) {
		set(s, ZMQ_HEARTBEAT_IVL, o->heartbeat_ms);
		set(s, ZMQ_HEARTBEAT_TIMEOUT, 1000); /* generous to a busy machine */
		set(s, ZMQ_HEARTBEAT_TTL, 1000);
	}
	if (o->identity != NULL)
		zmq_setsockopt(s, ZMQ_ROUTING_ID, o->identity, strlen(o->identity));
	for (int i = 0; kind == ZMQ_SUB && i < o->subscriptions; i++)
		zmq_setsockopt(s, ZMQ_SUBSCRIBE, o->subscribe[i], strlen(o->subscribe[i]));
	if ((bind ? zmq_bind(s, endpoint) : zmq_connect(s, endpoint)) != 0)
		die(endpoint);
	char bound[256];
	size_t n = sizeof bound;
	if (bind && zmq_getsockopt(s, ZMQ_LAST_ENDPOINT, bound, &n) == 0)
		endpoint = bound;
	printf("ready %s\n", endpoint);
	for (int i = 0; kind == ZMQ_XSUB && i < o->subscriptions; i++) {
		char frame[256];
		int len = snprintf(frame, sizeof frame, "\1%s", o->subscribe[i]);
		put(s, frame, (size_t)len, 0);
	}
	return s;
}

int main(int argc, char **argv)
{
	int kind = -1;
	for (int i = 0; argc > 4 && i < (int)(sizeof kinds / sizeof *kinds); i++)
		if (strcmp(argv[2], kinds[i]) == 0)
			kind = i; /* their order is that of libzmq's numbers */
	if (kind < 0) {
		fprintf(stderr, "usage: %s echo|sink|source|ask KIND bind|connect ENDPOINT [--option value ...]\n", argv[0]);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	pthread_t reader;
	pthread_create(&reader, NULL, end_with_stdin, NULL);
	struct options o = parse(argc, argv);
	void *s = open_socket(kind, strcmp(argv[3], "bind") == 0, argv[4], &o);
	if (strcmp(argv[1], "echo") == 0)
		echo(s);
	else if (strcmp(argv[1], "sink") == 0)
		sink(s);
	else if (strcmp(argv[1], "source") == 0)
		source(s, kind, &o);
	else if (strcmp(argv[1], "ask") == 0)
		ask(s, &o);
	return 0;
}
