// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: stream FROM TO ADDR BYTES
 *
 * Sends BYTES by TCP from network namespace FROM to IPv4 address ADDR of namespace TO.
 * Quiet and successful if they arrive.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/socket.h>

#include "frames.h"
#include "tcp.h"

#define PATIENCE_S	60

static char buf[65536];

/* The child's part, which ends when the parent has enough. */
static void send_stream(int fd, const struct sockaddr_in *addr, unsigned long bytes)
{
	size_t len;
	ssize_t n;

	if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		err(1, "can't connect");
	while (bytes) {
		len = bytes < sizeof(buf) ? bytes : sizeof(buf);
		n = send(fd, buf, len, 0);
		if (n < 0)
			err(1, "can't send");
		bytes -= n;
	}
}

static unsigned long receive_stream(int listener)
{
	unsigned long bytes = 0;
	ssize_t n;
	int fd;

	fd = accept(listener, NULL, NULL);
	if (fd < 0)
		err(1, "can't accept a connection");
	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0)
		bytes += n;
	if (n < 0)
		err(1, "can't receive");
	return bytes;
}

int main(int argc, char **argv)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	unsigned long bytes, received;
	socklen_t len = sizeof(addr);
	int listener, sender;

	if (argc != 5 || !inet_aton(argv[3], &addr.sin_addr))
		errx(2, "usage: stream FROM TO ADDR BYTES");
	bytes = to_number(argv[4], 1, -1UL);

	listener = tcp_socket(argv[2]);
	if (bind(listener, (struct sockaddr *)&addr, sizeof(addr)) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&addr, &len))
		err(2, "can't listen at %s", argv[3]);
	sender = tcp_socket(argv[1]);

	alarm(PATIENCE_S);
	switch (fork()) {
	case -1:
		err(2, "can't fork");
	case 0:
		close(listener);
		alarm(PATIENCE_S);
		send_stream(sender, &addr, bytes);
		return 0;
	}
	close(sender);

	received = receive_stream(listener);
	if (received != bytes)
		errx(1, "%lu bytes arrived, not %lu", received, bytes);
	return 0;
}
