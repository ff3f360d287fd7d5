//go:build libzmq

/* The life of a socket. */
#include "bridge.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct zb_socket *zb_open(void *context, int kind, int use, int vague)
{
	struct zb_socket *z = calloc(1, sizeof *z);
	if (z == NULL)
		return NULL;
	z->wake[ZB_SEND] = z->wake[ZB_RECV] = -1;
	z->vague = vague;
	z->hosted = use == ZB_HOSTED;
	pthread_mutex_init(&z->lock, NULL);
	pthread_cond_init(&z->gone, NULL);
	size_t size = sizeof z->fd;
	z->zmq = zmq_socket(context, kind);
	if (z->zmq == NULL || zmq_getsockopt(z->zmq, ZMQ_FD, &z->fd, &size) != 0)
		goto fail;
	if (!z->hosted)
		z->wake[ZB_RECV] = z->wake[ZB_SEND] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (use == ZB_DUPLEX)
		z->wake[ZB_RECV] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	z->frames = calloc(ZB_FRAMES, sizeof *z->frames);
	z->arena = malloc(ZB_ARENA);
	int awake = z->hosted || (z->wake[ZB_SEND] >= 0 && z->wake[ZB_RECV] >= 0);
	if (awake && z->frames != NULL && z->arena != NULL)
		return z;
fail:;
	int cause = errno;
	zb_close(z);
	zb_free(z);
	errno = cause;
	return NULL;
}

int zb_set(struct zb_socket *z, int option, const void *value, size_t size)
{
	pthread_mutex_lock(&z->lock);
	int rc = -ETERM;
	if (!z->closed) {
		rc = zmq_setsockopt(z->zmq, option, value, size) == 0 ? 0 : -errno;
		zb_ring(z);
	}
	pthread_mutex_unlock(&z->lock);
	return rc;
}

int zb_bind(struct zb_socket *z, const char *endpoint, char *bound, size_t size)
{
	pthread_mutex_lock(&z->lock);
	int rc = -ETERM;
	if (!z->closed) {
		do
			rc = zmq_bind(z->zmq, endpoint) == 0 ? 0 : -errno;
		while (rc == -EINTR);
		if (rc == 0 && zmq_getsockopt(z->zmq, ZMQ_LAST_ENDPOINT, bound, &size) != 0)
			rc = -errno;
		zb_ring(z);
	}
	pthread_mutex_unlock(&z->lock);
	return rc;
}

int zb_connect(struct zb_socket *z, const char *endpoint)
{
	pthread_mutex_lock(&z->lock);
	int rc = -ETERM;
	if (!z->closed) {
		do
			rc = zmq_connect(z->zmq, endpoint) == 0 ? 0 : -errno;
		while (rc == -EINTR);
		zb_ring(z);
	}
	pthread_mutex_unlock(&z->lock);
	return rc;
}

/* zb_close returns whether the caller is the host's thread, which must not wait
 * for the end of the context. */
int zb_close(struct zb_socket *z)
{
	pthread_mutex_lock(&z->lock);
	int host = z->threaded && pthread_equal(z->thread, pthread_self());
	if (!z->closed) {
		z->closed = 1;
		for (int half = ZB_SEND; half <= ZB_RECV; half++)
			if (z->wake[half] >= 0)
				eventfd_write(z->wake[half], 1);
		if (z->zmq != NULL)
			zmq_close(z->zmq);
		z->zmq = NULL;
		while (z->waiting[ZB_SEND] || z->waiting[ZB_RECV])
			pthread_cond_wait(&z->gone, &z->lock);
		if (z->wake[ZB_SEND] >= 0)
			close(z->wake[ZB_SEND]);
		if (z->wake[ZB_RECV] >= 0 && z->wake[ZB_RECV] != z->wake[ZB_SEND])
			close(z->wake[ZB_RECV]);
	}
	pthread_mutex_unlock(&z->lock);
	return host;
}

/* zb_free is for a closed socket that nobody uses. */
void zb_free(struct zb_socket *z)
{
	if (z->frames != NULL)
		zb_abandon(z, 0, ZB_FRAMES);
	free(z->frames);
	free(z->arena);
	pthread_cond_destroy(&z->gone);
	pthread_mutex_destroy(&z->lock);
	free(z);
}
