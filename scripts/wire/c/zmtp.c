/* ZMTP 3.0 with the mechanism NULL (RFC 23/ZMTP): greeting, READY, short frames. */
#include "wire.h"

#include <stdio.h>
#include <string.h>

enum { MORE = 1, LONG = 2, COMMAND = 4, GREETING = 64 };

/* next_frame gives the length of the first frame of b with its header; 0: not
 * all of it is there. */
size_t next_frame(const unsigned char *b, size_t n, struct frame *f)
{
	if (n < 2)
		return 0;
	if (b[0] & LONG)
		refuse("a frame of more than 255 bytes");
	*f = (struct frame){ .more = b[0] & MORE, .command = b[0] & COMMAND, .size = b[1], .body = b + 2 };
	return n < 2 + f->size ? 0 : 2 + f->size;
}

/* next_message gives the length of the first message of b, all of its frames,
 * or of a command; 0: not all of it is there. */
size_t next_message(const unsigned char *b, size_t n, int *command)
{
	struct frame f;
	size_t all = 0, one;
	do {
		if ((one = next_frame(b + all, n - all, &f)) == 0)
			return 0;
		all += one;
		*command = f.command;
	} while (f.more);
	return all;
}

/* hello writes the greeting and READY, which with NULL wait for nothing. */
size_t hello(unsigned char *out, const char *kind)
{
	static const char property[] = "\5READY\13Socket-Type\0\0";
	size_t fixed = sizeof property, length = strlen(kind), n = GREETING;
	memset(out, 0, GREETING);
	out[0] = 0xff, out[9] = 0x7f, out[10] = 3;
	memcpy(out + 12, "NULL", 4);
	out[n++] = COMMAND;
	out[n++] = (unsigned char)(fixed + 1 + length);
	memcpy(out + n, property, fixed); /* with the 0 at its end: the length has 4 bytes */
	n += fixed;
	out[n++] = (unsigned char)length;
	memcpy(out + n, kind, length);
	return n + length;
}

/* greeted gives the length of the other side's greeting and READY; 0: not all
 * of it is there. */
size_t greeted(const unsigned char *b, size_t n)
{
	struct frame f;
	if (n < GREETING)
		return 0;
	if (b[0] != 0xff || (b[9] & 1) == 0 || b[10] < 3 || memcmp(b + 12, "NULL\0", 5) != 0)
		refuse("the other side does not speak ZMTP 3 with the mechanism NULL");
	size_t ready = next_frame(b + GREETING, n - GREETING, &f);
	if (ready == 0)
		return 0;
	if (!f.command || f.size < 6 || memcmp(f.body, "\5READY", 6) != 0)
		refuse("the other side does not say READY");
	return GREETING + ready;
}

/* put_message writes one message: a REQ's has the empty delimiter. */
size_t put_message(unsigned char *out, const char *kind, uint64_t sequence)
{
	size_t n = 0;
	if (strcmp(kind, "REQ") == 0) {
		out[n++] = MORE;
		out[n++] = 0;
	}
	out[n++] = 0;
	out[n++] = BODY;
	memset(out + n, 0, BODY);
	memcpy(out + n, &sequence, sizeof sequence);
	return n + BODY;
}

/* is_message: an echo sends back what came, delimiter and all. */
int is_message(const unsigned char *b, size_t n, const char *kind, uint64_t sequence)
{
	unsigned char want[MESSAGE_MOST];
	return n == put_message(want, kind, sequence) && memcmp(b, want, n) == 0;
}
