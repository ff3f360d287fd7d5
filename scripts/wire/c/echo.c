/* A service on one thread that sends every message back, to any number of
 * connections, one message after the other, each after its delay. */
#include "wire.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 64 };

struct client {
	int fd, ready;
	unsigned char rest[2 * FRAME_MOST];
	size_t have; /* bytes of a message that is not all there */
};

/* work takes the time that one message shall take. */
static void work(const struct job *j)
{
	static uint64_t messages;
	int64_t ns = j->delay_ns;
	if (j->every > 0 && ++messages % j->every == 0)
		ns += j->tail_ns;
	if (ns == 0)
		return;
	int64_t end = now_ns() + ns;
	if (!j->spin)
		sleep_until(end);
	while (now_ns() < end)
		;
}

/* answer sends whole messages back and gives the length of what it has done
 * with; those that came together go together, unless they take time. */
static size_t answer(const struct job *j, int fd, const unsigned char *b, size_t n, int *gone)
{
	int alone = j->delay_ns > 0 || j->tail_ns > 0, command;
	size_t sent = 0, used = 0, size;
	for (; (size = next_message(b + used, n - used, &command)) > 0; used += size) {
		if (command) { /* what is before it, and not itself */
			*gone |= !send_all(fd, b + sent, used - sent);
			sent = used + size;
		} else if (alone) {
			work(j);
			*gone |= !send_all(fd, b + used, size);
			sent = used + size;
		}
	}
	if (used > sent)
		*gone |= !send_all(fd, b + sent, used - sent);
	return used;
}

/* serve is 0 where the client has gone. */
static int serve(const struct job *j, struct client *c)
{
	static unsigned char in[READ_MOST + 2 * FRAME_MOST];
	memcpy(in, c->rest, c->have);
	ssize_t got = recv(c->fd, in + c->have, READ_MOST, 0);
	if (got <= 0)
		return 0;
	size_t have = c->have + (size_t)got, used = 0;
	int gone = 0;
	if (!c->ready && (used = greeted(in, have)) > 0)
		c->ready = 1;
	if (c->ready)
		used += answer(j, c->fd, in + used, have - used, &gone);
	if ((c->have = have - used) > sizeof c->rest)
		refuse("a message of too many frames");
	memcpy(c->rest, in + used, c->have);
	return !gone;
}

static void admit(const struct job *j, int poll, int listener)
{
	unsigned char b[256];
	int one = 1;
	struct client *c = calloc(1, sizeof *c);
	must(c != NULL, "calloc");
	must((c->fd = accept(listener, NULL, NULL)) >= 0, "accept");
	must(setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0, "TCP_NODELAY");
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
	must(epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &e) == 0, "epoll_ctl");
	(void)send_all(c->fd, b, hello(b, j->kind)); /* who has gone is seen by the read */
}

void echo(const struct job *j)
{
	int listener = listen_at(j->endpoint), poll = epoll_create1(0);
	struct epoll_event e[EVENTS] = { { .events = EPOLLIN, .data.ptr = NULL } };
	must(poll >= 0 && epoll_ctl(poll, EPOLL_CTL_ADD, listener, e) == 0, "epoll");
	for (;;) {
		int n = epoll_wait(poll, e, EVENTS, -1);
		must(n >= 0 || errno == EINTR, "epoll_wait");
		for (int i = 0; i < n; i++) {
			struct client *c = e[i].data.ptr;
			if (c == NULL)
				admit(j, poll, listener);
			else if (!serve(j, c)) {
				close(c->fd);
				free(c);
			}
		}
	}
}
