//go:build libzmq

/* Memory of messages that were received. */
#include "bridge.h"

#include <errno.h>
#include <stdlib.h>

struct zb_in *zb_slab(int n)
{
	struct zb_in *slab = calloc(n, sizeof *slab);
	for (int i = 0; slab != NULL && i < n; i++) {
		struct zb_in *in = &slab[i];
		in->capacity = ZB_PARTS;
		in->spans = in->few_spans;
		in->parts = in->few_parts;
		for (int j = 0; j < ZB_PARTS; j++)
			zmq_msg_init(&in->parts[j]);
	}
	return slab;
}

/* zb_drop gives up the content of a message. */
void zb_drop(struct zb_in *in)
{
	for (uint32_t i = 0; i < in->count; i++) {
		zmq_msg_close(&in->parts[i]);
		zmq_msg_init(&in->parts[i]);
	}
	in->count = 0;
}

/* zb_grow makes room for more frames. The data of small ones moves with them. */
int zb_grow(struct zb_in *in)
{
	uint32_t capacity = 4 * in->capacity;
	zmq_msg_t *parts = malloc(capacity * sizeof *parts);
	struct zb_span *spans = malloc(capacity * sizeof *spans);
	if (parts == NULL || spans == NULL) {
		free(parts);
		free(spans);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < capacity; i++) {
		zmq_msg_init(&parts[i]);
		if (i < in->capacity) {
			zmq_msg_move(&parts[i], &in->parts[i]);
			spans[i].data = zmq_msg_data(&parts[i]);
			spans[i].size = zmq_msg_size(&parts[i]);
		}
	}
	if (in->parts != in->few_parts) {
		free(in->parts);
		free(in->spans);
	}
	in->parts = parts;
	in->spans = spans;
	in->capacity = capacity;
	return 0;
}

void zb_free_slab(struct zb_in *slab, int n)
{
	for (int i = 0; i < n; i++) {
		zb_drop(&slab[i]);
		if (slab[i].parts != slab[i].few_parts) {
			free(slab[i].parts);
			free(slab[i].spans);
		}
	}
	free(slab);
}
