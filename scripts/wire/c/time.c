/* When messages are due, and waiting for that. */
#include "wire.h"

#include <sys/prctl.h>
#include <time.h>

/* A sleep ends so long before the instant; the rest is spun. */
static const int64_t SPIN_NS = 60000;

int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* due_ns: message i is due at start + i seconds / rate, never by added intervals. */
int64_t due_ns(int64_t start, uint64_t i, uint64_t rate)
{
	return start + (int64_t)((unsigned __int128)i * 1000000000 / rate);
}

/* exact_sleeps: the kernel may not delay a timer to bundle it with others. */
void exact_sleeps(void) { must(prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL) == 0, "prctl"); }

void sleep_until(int64_t ns)
{
	struct timespec t = { ns / 1000000000, ns % 1000000000 };
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) != 0)
		;
}

void wait_until(int64_t ns)
{
	if (ns - now_ns() > SPIN_NS)
		sleep_until(ns - SPIN_NS);
	while (now_ns() < ns)
		;
}
