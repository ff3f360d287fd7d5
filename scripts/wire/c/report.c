/* The latencies of a run, kept one by one, and their quantiles. */
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>

struct report new_report(const struct job *j)
{
	struct report r = { .skip = j->warmup, .n = j->count };
	r.response = calloc(r.n, sizeof *r.response);
	r.service = calloc(r.n, sizeof *r.service);
	must(r.response != NULL && r.service != NULL, "calloc");
	for (uint64_t i = 0; i < r.n; i++) /* no page fault later */
		r.response[i] = r.service[i] = -1;
	return r;
}

/* record leaves out the warm-up. */
void record(struct report *r, uint64_t i, int64_t due, int64_t sent, int64_t received)
{
	if (i < r->skip)
		return;
	r->response[i - r->skip] = received - due;
	r->service[i - r->skip] = received - sent;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void print_quantiles(const char *name, int64_t *v, uint64_t n)
{
	static const struct {
		const char *name;
		uint64_t permille;
	} wanted[] = { { "p50_ns", 500 }, { "p90_ns", 900 }, { "p99_ns", 990 }, { "p99_5_ns", 995 }, { "p99_9_ns", 999 }, { "max_ns", 1000 } };
	qsort(v, n, sizeof *v, by_size);
	printf(",\"%s\":{", name);
	for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) /* the nearest rank */
		printf("%s\"%s\":%lld", k ? "," : "", wanted[k].name, (long long)v[(n * wanted[k].permille + 999) / 1000 - 1]);
	printf("}");
}

void print_report(struct report *r)
{
	printf("{\"count\":%llu", (unsigned long long)r->n);
	print_quantiles("response", r->response, r->n);
	print_quantiles("service", r->service, r->n);
	printf("}\n");
}
