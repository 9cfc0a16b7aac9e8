// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: filterrace SECONDS
 *
 * For so long, at once: sockets of several families get filters, others, and lose them;
 * listeners are closed before or after the connections that have their filters; and a
 * control map looks at all of them, locks some and detaches filters of others.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/bpf_ctrl.h>
#include <linux/filter.h>
#include <linux/netlink.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof(*(array)))

static void attach(int fd)
{
	struct sock_filter insns[] = { BPF_STMT(BPF_RET | BPF_K, -1) };
	struct sock_fprog filter = { 1, insns };

	/* it may have been locked meanwhile */
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) &&
	    errno != EPERM)
		err(1, "can't attach a filter");
}

static void sockets(void)
{
	static const int kinds[][2] = {
		{ AF_INET, SOCK_DGRAM }, { AF_INET6, SOCK_DGRAM }, { AF_UNIX, SOCK_DGRAM },
		{ AF_PACKET, SOCK_RAW }, { AF_NETLINK, SOCK_RAW },
	};
	const int *kind = kinds[rand() % ARRAY_SIZE(kinds)];
	int fd = socket(kind[0], kind[1], 0), ignored = 0;

	if (fd < 0)
		err(1, "can't open a socket of family %d", kind[0]);
	attach(fd);
	if (rand() % 2)
		attach(fd);
	if (rand() % 2)
		setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &ignored, sizeof(ignored));
	close(fd);
}

static int listener(struct sockaddr_in *addr)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(*addr);

	if (fd < 0 || bind(fd, (void *)addr, len) || listen(fd, 1) ||
	    getsockname(fd, (void *)addr, &len))
		err(1, "can't listen");
	return fd;
}

/* Closed without a TIME_WAIT, of which there is not room for so many. */
static void close_soon(int fd)
{
	const struct linger linger = { .l_onoff = 1 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
		err(1, "can't set SO_LINGER");
}

static void connections(void)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int first, second, accepted, fd = listener(&addr);
	int client = socket(AF_INET, SOCK_STREAM, 0);

	attach(fd);
	if (connect(client, (void *)&addr, sizeof(addr)))
		err(1, "can't connect");
	accepted = accept(fd, NULL, NULL);
	if (accepted < 0)
		err(1, "can't accept");
	close_soon(client);
	close_soon(accepted);
	first = rand() % 2 ? fd : accepted;
	second = first == fd ? accepted : fd;
	if (rand() % 2)
		attach(second);
	close(first);
	if (rand() % 2)
		attach(second);
	close(client);
	close(second);
}

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int element(enum bpf_cmd cmd, int map, __u64 *key, void *value)
{
	union bpf_attr attr = {
		.map_fd	= map,
		.key	= (unsigned long)key,
		.value	= (unsigned long)value,
	};

	return bpf(cmd, &attr);
}

static void change(int map, __u64 *key)
{
	struct bpf_ctrl_socket_filter value = {};

	if (rand() % 2) {
		value.command = BPF_CTRL_SOCKET_DETACH;
	} else {
		value.settable = 1;
		value.locked = 1;
	}
	element(BPF_MAP_UPDATE_ELEM, map, key, &value);
}

static void walk(void)
{
	union bpf_attr attr = {
		.map_type	= BPF_MAP_TYPE_CONTROL,
		.map_extra	= BPF_CTRL_SOCKET_FILTER,
	};
	struct bpf_ctrl_socket_filter value;
	int map = bpf(BPF_MAP_CREATE, &attr);
	__u64 key, last = 0;

	if (map < 0)
		err(1, "can't create a control map");
	while (!element(BPF_MAP_GET_NEXT_KEY, map, last ? &last : NULL, &key)) {
		if (key <= last)
			errx(1, "%llu comes after %llu", key, last);
		if (element(BPF_MAP_LOOKUP_ELEM, map, &key, &value) && errno != ENOENT)
			err(1, "can't look up %llu", key);
		if (!(rand() % 4))
			change(map, &key);
		last = key;
	}
	if (errno != ENOENT)
		err(1, "can't walk on from %llu", last);
	close(map);
}

static void (*const doings[])(void) = { sockets, sockets, connections, walk };

static pid_t begin(unsigned int i, unsigned int seconds)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "can't fork");
	if (pid)
		return pid;
	srand(i);
	signal(SIGALRM, _exit);
	alarm(seconds);
	for (;;)
		doings[i]();
}

/* They end by the alarm, and otherwise with an exit status of their own. */
int main(int argc, char **argv)
{
	unsigned int seconds = argc == 2 ? atoi(argv[1]) : 0, i;
	int status, bad = 0;

	if (!seconds)
		errx(2, "usage: filterrace SECONDS");
	for (i = 0; i < ARRAY_SIZE(doings); i++)
		begin(i, seconds);
	while (wait(&status) > 0)
		bad |= status != SIGALRM << 8;
	return bad;
}
