// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: setmap MAP KEY VALUE [PROG]
 *
 * Sets an element of a pinned devmap (VALUE: ifindex), cpumap (VALUE: queue size)
 * or array of numbers. PROG is the pinned program that runs there, for which
 * bpftool has no syntax.
 */
#include <stdint.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <linux/bpf.h>

#include "frames.h"

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

static int get_pinned(const char *path)
{
	union bpf_attr attr = { .pathname = (uintptr_t)path };
	int fd = bpf(BPF_OBJ_GET, &attr);

	if (fd < 0)
		err(1, "can't open %s", path);
	return fd;
}

int main(int argc, char **argv)
{
	/* a cpumap's value has the same layout; an array takes the first four bytes */
	struct bpf_devmap_val value = {};
	union bpf_attr attr = {};
	__u32 key;

	if (argc < 4 || argc > 5)
		errx(2, "usage: setmap MAP KEY VALUE [PROG]");
	key = to_number(argv[2], 0, UINT32_MAX);
	value.ifindex = to_number(argv[3], 0, UINT32_MAX);
	if (argc == 5)
		value.bpf_prog.fd = get_pinned(argv[4]);

	attr.map_fd = get_pinned(argv[1]);
	attr.key = (uintptr_t)&key;
	attr.value = (uintptr_t)&value;
	if (bpf(BPF_MAP_UPDATE_ELEM, &attr))
		err(1, "can't set element %u of %s", key, argv[1]);
	return 0;
}
