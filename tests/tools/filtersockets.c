// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Sockets of several families with filters.
 *
 * usage: filtersockets NAME...
 *	opens one of each, prints "open" and keeps them until it is killed
 */
#include <arpa/inet.h>
#include <err.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/netlink.h>

#define PORT	1234

static void check(int ret, const char *what)
{
	if (ret < 0)
		err(1, "can't %s", what);
}

static void attach_classic(int fd)
{
	struct sock_filter insns[] = { BPF_STMT(BPF_RET | BPF_K, -1) };
	struct sock_fprog filter = { 1, insns };

	check(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)),
	      "attach a classic filter");
}

static void attach_ebpf(int fd)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (unsigned long)insns,
		.insn_cnt = 2,
		.license = (unsigned long)"GPL",
	};
	int prog = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));

	check(prog, "load a program");
	check(setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &prog, sizeof(prog)),
	      "attach an eBPF filter");
}

static int bound(int family, int type, int protocol, const void *addr, socklen_t len)
{
	int fd = socket(family, type, protocol);

	check(fd, "open a socket");
	check(bind(fd, addr, len), "bind");
	return fd;
}

static int inet(int type, int protocol, in_addr_t addr)
{
	const struct sockaddr_in in = {
		.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(addr),
	};

	return bound(AF_INET, type, protocol, &in, sizeof(in));
}

static void open_icmp(void)
{
	attach_classic(inet(SOCK_RAW, IPPROTO_ICMP, INADDR_LOOPBACK));
}

static void open_udp(void)
{
	int fd = inet(SOCK_DGRAM, 0, INADDR_LOOPBACK);

	check(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3), "bind to lo");
	attach_ebpf(fd);
}

static void open_udp6(void)
{
	const struct sockaddr_in6 in = {
		.sin6_family = AF_INET6, .sin6_port = htons(PORT),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};

	attach_classic(bound(AF_INET6, SOCK_DGRAM, 0, &in, sizeof(in)));
}

static void open_tcp(void)
{
	attach_classic(inet(SOCK_STREAM, 0, INADDR_ANY));
}

/* The listener is closed, a connection stays. */
static void open_clone(void)
{
	const struct sockaddr_in in = {
		.sin_family = AF_INET, .sin_port = htons(PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int listener = inet(SOCK_STREAM, 0, INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	attach_classic(listener);
	check(listen(listener, 1), "listen");
	check(connect(fd, (const void *)&in, sizeof(in)), "connect");
	check(accept(listener, NULL, NULL), "accept");
	close(listener);
}

static void open_unix(void)
{
	static const char name[] = "\0filtersockets";
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	memcpy(un.sun_path, name, sizeof(name));
	attach_classic(bound(AF_UNIX, SOCK_DGRAM, 0, &un,
			     offsetof(struct sockaddr_un, sun_path) + sizeof(name) - 1));
}

static void open_netlink(void)
{
	const struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_pid = getpid() };

	attach_classic(bound(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, &nl, sizeof(nl)));
}

static const struct {
	const char *name;
	void (*open)(void);
} kinds[] = {
	{ "icmp", open_icmp }, { "udp", open_udp }, { "udp6", open_udp6 }, { "tcp", open_tcp },
	{ "clone", open_clone }, { "unix", open_unix }, { "netlink", open_netlink },
};

static void open_kind(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!strcmp(kinds[i].name, name)) {
			kinds[i].open();
			return;
		}
	}
	errx(1, "no kind of socket '%s'", name);
}

int main(int argc, char **argv)
{
	while (*++argv)
		open_kind(*argv);
	puts("open");
	fflush(stdout);
	pause();
	return 0;
}
