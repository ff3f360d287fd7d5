/* One connection, one request at a time: wait until it is due, write, and
 * block in a read until the reply is in. */
#include "wire.h"

#include <string.h>
#include <sys/socket.h>

enum { BEGIN_NS = 5000000 }; /* from here to the first message */

/* reply blocks until the whole reply is in. */
static void reply(int fd, const char *kind, uint64_t sequence)
{
	unsigned char b[2 * FRAME_MOST];
	size_t have = 0;
	for (;;) {
		ssize_t n = recv(fd, b + have, sizeof b - have, 0);
		must(n > 0, "receive");
		have += (size_t)n;
		int command;
		size_t used = next_message(b, have, &command);
		if (used > 0 && command) {
			memmove(b, b + used, have -= used);
			used = next_message(b, have, &command);
		}
		if (used == 0)
			continue;
		if (command || used != have || !is_message(b, used, kind, sequence))
			refuse("not the reply to what was sent");
		return;
	}
}

void load_lockstep(const struct job *j)
{
	struct report r = new_report(j);
	int fd = open_connection(j);
	unsigned char out[MESSAGE_MOST];
	int64_t start = now_ns() + BEGIN_NS;
	for (uint64_t i = 0; i < j->warmup + j->count; i++) {
		size_t n = put_message(out, j->kind, i);
		int64_t due = due_ns(start, i, j->rate);
		wait_until(due);
		int64_t sent = now_ns();
		must(send_all(fd, out, n), "send");
		reply(fd, j->kind, i);
		record(&r, i, due, sent, now_ns());
	}
	print_report(&r);
}
