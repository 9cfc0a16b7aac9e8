// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Packet sockets, as sniffers have them.
 *
 * usage: packetsockets NUMBER
 *	opens NUMBER of them, prints the cookie of each and keeps them until stdin ends
 * usage: packetsockets NUMBER churn
 *	opens and closes them, NUMBER at once, again and again, until it is killed
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/filter.h>

#ifndef SO_COOKIE
#define SO_COOKIE	57
#endif

static int open_socket(void)
{
	struct sock_filter insns[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_fprog filter = { 1, insns };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0)
		err(1, "can't open a packet socket");
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) < 0)
		err(1, "can't attach a filter");
	return fd;
}

static void print_cookie(int fd)
{
	unsigned long long cookie;
	socklen_t len = sizeof(cookie);

	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len) < 0)
		err(1, "can't get a cookie");
	printf("%llu\n", cookie);
}

static void churn(int nr)
{
	int *fds = calloc(nr, sizeof(*fds)), i;

	if (!fds)
		err(1, "can't allocate memory");
	for (;;) {
		for (i = 0; i < nr; i++)
			fds[i] = open_socket();
		for (i = 0; i < nr; i++)
			close(fds[i]);
	}
}

int main(int argc, char **argv)
{
	struct rlimit limit = { 65536, 65536 };
	char c;
	int nr;

	nr = argc > 1 ? atoi(argv[1]) : 0;
	if (nr <= 0 || argc > 3 || (argc == 3 && strcmp(argv[2], "churn")))
		errx(1, "usage: packetsockets NUMBER [churn]");
	if (nr > 1000 && setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "can't have so many files open");
	if (argc == 3)
		churn(nr);

	while (nr--)
		print_cookie(open_socket());
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
	return 0;
}
