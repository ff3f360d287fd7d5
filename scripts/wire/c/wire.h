/* What the roles share. A failure ends the process with its cause. */
#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>
#include <stdint.h>

enum {
	BODY = 64,           /* bytes of a message's body */
	MESSAGE_MOST = 68,   /* with the delimiter and its own header */
	READ_MOST = 1 << 16, /* bytes taken by one read */
	FRAME_MOST = 257,    /* bytes of a short frame with its header */
	PATIENCE_S = 10,     /* how long nothing may move */
};

/* job is what the command line asks of a role. */
struct job {
	const char *endpoint, *kind;
	/* load */
	uint64_t rate, count, warmup; /* messages a second; measured; before those */
	int clients, open, fifo;
	/* echo */
	int64_t delay_ns, tail_ns; /* for each message; for one in `every` besides */
	uint64_t every;
	int spin; /* delays are busy waits, else sleeps */
};

void load_lockstep(const struct job *j);
void load_many(const struct job *j);
void echo(const struct job *j);

/* time.c */
int64_t now_ns(void); /* CLOCK_MONOTONIC */
int64_t due_ns(int64_t start, uint64_t i, uint64_t rate);
void exact_sleeps(void);
void sleep_until(int64_t ns);
void wait_until(int64_t ns);

/* zmtp.c */
struct frame {
	int more, command;
	size_t size; /* of the body */
	const unsigned char *body;
};
size_t next_frame(const unsigned char *b, size_t n, struct frame *f);
size_t next_message(const unsigned char *b, size_t n, int *command);
size_t hello(unsigned char *out, const char *kind);
size_t greeted(const unsigned char *b, size_t n);
size_t put_message(unsigned char *out, const char *kind, uint64_t sequence);
int is_message(const unsigned char *b, size_t n, const char *kind, uint64_t sequence);

/* socket.c */
int listen_at(const char *endpoint);
int open_connection(const struct job *j);
int send_all(int fd, const unsigned char *b, size_t n);

/* report.c */
struct report {
	uint64_t skip, n;
	int64_t *response, *service;
};
struct report new_report(const struct job *j);
void record(struct report *r, uint64_t i, int64_t due, int64_t sent, int64_t received);
void print_report(struct report *r);

/* wire.c */
void must(int ok, const char *what);
void refuse(const char *what);

#endif
