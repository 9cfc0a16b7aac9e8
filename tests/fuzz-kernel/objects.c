// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Cgroups with programs, sockets with filters, and probes that come and go. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>

#include "fuzz.h"

/* --- Cgroups --- */

#define CGROUPS	8
#define LINKS	8

static void replace(long *at, long fd)
{
	if (*at > 0)
		close(*at);
	*at = fd;
}

static void attach(int cgroup, int prog, int detach, uint32_t flags)
{
	union bpf_attr attr = {
		.target_fd = cgroup, .attach_bpf_fd = prog,
		.attach_type = BPF_CGROUP_INET_EGRESS, .attach_flags = flags,
	};

	sys_bpf(detach ? BPF_PROG_DETACH : BPF_PROG_ATTACH, &attr);
}

void cgroups_step(struct rng *rng)
{
	static long links[LINKS], progs[4];
	uint32_t nr = rng_below(rng, CGROUPS);
	long *prog = &progs[rng_below(rng, ARRAY_SIZE(progs))];
	char path[64];
	int fd;

	/* half of them are below others */
	snprintf(path, sizeof(path), nr & 1 ? "/sys/fs/cgroup/fuzz%u/sub" : "/sys/fs/cgroup/fuzz%u",
		 nr & ~1U);
	if (rng_one_in(rng, 4))
		mkdir(path, 0755);
	if (rng_one_in(rng, 8))
		rmdir(path);
	if (*prog <= 0 || rng_one_in(rng, 16))
		replace(prog, prog_load(BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS, 1));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (rng_one_in(rng, 2))
		attach(fd, *prog, rng_below(rng, 2), rng_below(rng, 4));
	else if (rng_one_in(rng, 2))
		replace(&links[rng_below(rng, LINKS)], -1);
	else
		replace(&links[rng_below(rng, LINKS)],
			link_create(*prog, fd, BPF_CGROUP_INET_EGRESS, 0));
	close(fd);
}

/* --- Sockets --- */

#define SOCKETS	24

static const struct {
	int family, type, protocol;
} kinds[] = {
	{ AF_INET, SOCK_DGRAM, 0 }, { AF_INET6, SOCK_DGRAM, 0 }, { AF_INET, SOCK_STREAM, 0 },
	{ AF_INET, SOCK_RAW, IPPROTO_ICMP }, { AF_PACKET, SOCK_RAW, 0 }, { AF_UNIX, SOCK_DGRAM, 0 },
	{ AF_UNIX, SOCK_STREAM, 0 }, { AF_NETLINK, SOCK_RAW, NETLINK_ROUTE },
	{ AF_VSOCK, SOCK_STREAM, 0 }, { AF_ALG, SOCK_SEQPACKET, 0 },
};

static void attach_classic(int fd)
{
	struct sock_filter insns[] = { BPF_STMT(BPF_RET | BPF_K, -1) };
	struct sock_fprog filter = { ARRAY_SIZE(insns), insns };

	setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter));
}

static void attach_ebpf(struct rng *rng, int fd)
{
	static long prog;

	if (prog <= 0 || rng_one_in(rng, 64))
		replace(&prog, prog_load(BPF_PROG_TYPE_SOCKET_FILTER, 0, 1));
	setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &prog, sizeof(int));
}

/* A connection to a listener has its filter, and outlives it. */
static long connection(int listener)
{
	struct sockaddr_in address = {};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (!listen(listener, 4) && !getsockname(listener, (void *)&address, &size))
		connect(fd, (void *)&address, size);
	return fd;
}

static void change_socket(struct rng *rng, long *socket)
{
	static const int yes = 1;

	switch (rng_below(rng, 16)) {
	case 0 ... 5:
		attach_classic(*socket);
		break;
	case 6 ... 9:
		attach_ebpf(rng, *socket);
		break;
	case 10 ... 11:
		setsockopt(*socket, SOL_SOCKET, SO_DETACH_FILTER, &yes, sizeof(yes));
		break;
	case 12:
		setsockopt(*socket, SOL_SOCKET, SO_LOCK_FILTER, &yes, sizeof(yes));
		break;
	case 13:
		replace(socket, connection(*socket));
		break;
	default:
		replace(socket, accept4(*socket, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC));
	}
}

void sockets_step(struct rng *rng)
{
	static long sockets[SOCKETS];
	long *at = &sockets[rng_below(rng, SOCKETS)];
	uint32_t kind = rng_below(rng, ARRAY_SIZE(kinds));

	if (*at <= 0 || rng_one_in(rng, 8))
		replace(at, socket(kinds[kind].family,
				   kinds[kind].type | SOCK_NONBLOCK | SOCK_CLOEXEC,
				   kinds[kind].protocol));
	else
		change_socket(rng, at);
	/* those that are open stay where they were made */
	if (rng_one_in(rng, 4096))
		unshare(CLONE_NEWNET);
}

/* --- Probes --- */

void probes_step(struct rng *rng)
{
	static long events[8], links[8];
	uint32_t nr = rng_below(rng, ARRAY_SIZE(events));
	struct perf_event_attr attr = {
		.size = sizeof(attr), .type = 6 + rng_below(rng, 2), /* kprobe and uprobe */
		.kprobe_func = (uintptr_t)"do_nanosleep",
	};
	static long prog;

	if (prog <= 0)
		prog = prog_load(BPF_PROG_TYPE_KPROBE, 0, 0);
	if (attr.type == 7) {
		attr.uprobe_path = (uintptr_t)"/proc/self/exe";
		attr.probe_offset = 4096;
	}
	if (rng_one_in(rng, 2)) {
		replace(&links[nr], -1);
		replace(&events[nr], -1);
		return;
	}
	replace(&events[nr], syscall(__NR_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC));
	replace(&links[nr], link_create(prog, events[nr], BPF_PERF_EVENT, 0));
}
