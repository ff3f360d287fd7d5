/* Several messages outstanding: over one connection in an open loop, or one on
 * each of several connections, where message k belongs to connection k mod n.
 * One thread sends what is due and takes what has come. Between the two it
 * sleeps in epoll until shortly before the next due time, then looks at clock
 * and sockets in turn. */
#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
	BEGIN_NS = 5000000,
	SPIN_NS = 60000, /* before a due time */
	EVENTS = 64,
	BATCH = 256, /* messages in one write, if so many are late */
};

struct connection {
	int fd;
	uint64_t due, sent, received; /* messages of this connection so far */
	unsigned char rest[2 * FRAME_MOST];
	size_t have; /* bytes of a message that is not all there */
};

struct loader {
	const struct job *j;
	struct report r;
	struct connection *all;
	uint64_t total, next, done; /* messages; the next to fall due; answered */
	int64_t start, moved, *sent; /* moved: when something last did */
	int poll;
};

/* give sends what is due on a connection, and in lockstep no more than one
 * without a reply. */
static void give(struct loader *l, struct connection *c)
{
	unsigned char out[BATCH * MESSAGE_MOST];
	uint64_t n = (uint64_t)l->j->clients, k = (uint64_t)(c - l->all);
	while (c->sent < c->due && (l->j->open || c->sent == c->received)) {
		uint64_t first = c->sent, most = l->j->open ? BATCH : 1;
		size_t size = 0;
		for (; c->sent < c->due && c->sent - first < most; c->sent++)
			size += put_message(out + size, l->j->kind, c->sent * n + k);
		int64_t now = now_ns();
		for (uint64_t i = first; i < c->sent; i++)
			l->sent[i * n + k] = now;
		must(send_all(c->fd, out, size), "send");
	}
}

/* take reads what has come on a connection, without waiting. */
static void take(struct loader *l, struct connection *c)
{
	static unsigned char in[READ_MOST + 2 * FRAME_MOST];
	memcpy(in, c->rest, c->have);
	ssize_t got = recv(c->fd, in + c->have, READ_MOST, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	must(got > 0, "receive");
	int64_t now = now_ns();
	size_t have = c->have + (size_t)got, used = 0, size;
	uint64_t n = (uint64_t)l->j->clients, k = (uint64_t)(c - l->all);
	int command;
	for (; (size = next_message(in + used, have - used, &command)) > 0; used += size) {
		if (command)
			continue;
		uint64_t i = c->received * n + k;
		if (c->received == c->sent || !is_message(in + used, size, l->j->kind, i))
			refuse("not the reply to what was sent");
		record(&l->r, i, due_ns(l->start, i, l->j->rate), l->sent[i], now);
		c->received++;
		l->done++;
	}
	if ((c->have = have - used) > sizeof c->rest)
		refuse("a message of too many frames");
	memcpy(c->rest, in + used, c->have);
	l->moved = now;
	give(l, c); /* what had to wait for this reply */
}

/* look takes what comes until an instant that is near, or sleeps until one
 * that is not. */
static void look(struct loader *l, int64_t until)
{
	struct epoll_event e[EVENTS];
	int64_t rest = until - SPIN_NS - now_ns();
	if (rest <= 0 && l->j->clients == 1) {
		take(l, l->all);
		return;
	}
	struct timespec limit = { rest / 1000000000, rest % 1000000000 };
	if (rest < 0)
		limit = (struct timespec){ 0, 0 };
	long n = syscall(SYS_epoll_pwait2, l->poll, e, EVENTS, &limit, NULL, 0);
	must(n >= 0 || errno == EINTR, "epoll_pwait2");
	for (long i = 0; i < n; i++)
		take(l, e[i].data.ptr);
}

static void open_all(struct loader *l)
{
	l->poll = epoll_create1(0);
	must(l->poll >= 0, "epoll_create1");
	l->all = calloc((size_t)l->j->clients, sizeof *l->all);
	must(l->all != NULL, "calloc");
	for (int k = 0; k < l->j->clients; k++) {
		struct connection *c = l->all + k;
		c->fd = open_connection(l->j);
		struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
		must(epoll_ctl(l->poll, EPOLL_CTL_ADD, c->fd, &e) == 0, "epoll_ctl");
	}
}

void load_many(const struct job *j)
{
	struct loader l = { .j = j, .r = new_report(j), .total = j->warmup + j->count };
	l.sent = malloc(l.total * sizeof *l.sent);
	must(l.sent != NULL, "malloc");
	memset(l.sent, 0, l.total * sizeof *l.sent); /* no page fault later */
	open_all(&l);
	l.start = l.moved = now_ns() + BEGIN_NS;
	while (l.done < l.total) {
		int64_t now = now_ns();
		/* What is due is counted for every connection first, then sent. */
		uint64_t first = l.next;
		while (l.next < l.total && due_ns(l.start, l.next, j->rate) <= now)
			l.all[l.next++ % (uint64_t)j->clients].due++;
		for (uint64_t k = first; k < l.next && k < first + (uint64_t)j->clients; k++)
			give(&l, l.all + k % (uint64_t)j->clients);
		if (now - l.moved > (PATIENCE_S + 1) * 1000000000LL) /* at 1/s there is a second without */
			refuse("no reply");
		look(&l, l.next < l.total ? due_ns(l.start, l.next, j->rate) : now + 100000000);
	}
	print_report(&l.r);
}
