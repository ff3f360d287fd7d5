/* Connections over tcp, up to the end of the handshake. */
#include "wire.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 4096 };

static struct sockaddr_in address(const char *endpoint)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	char host[64];
	int port;
	if (sscanf(endpoint, "tcp://%63[0-9.]:%d", host, &port) != 2 || inet_pton(AF_INET, host, &a.sin_addr) != 1 || port < 0 || port > 65535)
		refuse("endpoint: write tcp://127.0.0.1:PORT");
	a.sin_port = htons((uint16_t)port);
	return a;
}

/* listen_at says where, once others can connect. */
int listen_at(const char *endpoint)
{
	struct sockaddr_in a = address(endpoint);
	socklen_t size = sizeof a;
	int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
	must(fd >= 0, "socket");
	must(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0, "SO_REUSEADDR");
	must(bind(fd, (struct sockaddr *)&a, sizeof a) == 0, endpoint);
	must(listen(fd, BACKLOG) == 0, "listen");
	must(getsockname(fd, (struct sockaddr *)&a, &size) == 0, "getsockname");
	printf("ready tcp://%s:%d\n", inet_ntoa(a.sin_addr), ntohs(a.sin_port));
	fflush(stdout);
	return fd;
}

/* dial tries for a while: the service may not be there yet. */
static int dial(const char *endpoint)
{
	struct sockaddr_in a = address(endpoint);
	for (int64_t end = now_ns() + PATIENCE_S * 1000000000LL;; sleep_until(now_ns() + 5000000)) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		must(fd >= 0, "socket");
		if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
			return fd;
		must(now_ns() < end, endpoint);
		close(fd);
	}
}

/* open_connection connects and shakes hands. A read or a write fails when it
 * takes PATIENCE_S. */
int open_connection(const struct job *j)
{
	unsigned char b[512];
	int one = 1, fd = dial(j->endpoint);
	struct timeval limit = { PATIENCE_S, 0 };
	must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0, "TCP_NODELAY");
	must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0, "SO_RCVTIMEO");
	must(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0, "SO_SNDTIMEO");
	must(send_all(fd, b, hello(b, j->kind)), "send the greeting");
	for (size_t have = 0, used = 0; used == 0; used = greeted(b, have)) {
		ssize_t n = recv(fd, b + have, sizeof b - have, 0);
		must(n > 0, "receive the greeting");
		have += (size_t)n;
	}
	return fd; /* nothing follows READY until a message is sent */
}

/* send_all is 0 where the connection has gone. */
int send_all(int fd, const unsigned char *b, size_t n)
{
	while (n > 0) {
		ssize_t k = send(fd, b, n, MSG_NOSIGNAL);
		if (k <= 0)
			return 0;
		b += k;
		n -= (size_t)k;
	}
	return 1;
}
