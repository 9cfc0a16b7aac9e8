/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* TCP between network namespaces. */
#ifndef TESTS_TOOLS_TCP_H
#define TESTS_TOOLS_TCP_H

#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/socket.h>

/* Enters network namespace @netns, one that ip knows, for good. Returns a socket of it. */
static inline int tcp_socket(const char *netns)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(2, "can't enter network namespace %s", path);
	close(fd);

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		err(2, "can't open a socket");
	return fd;
}

#endif /* TESTS_TOOLS_TCP_H */
