/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the programs of the benchmark share. They exit at the first error. */
#ifndef BENCH_H
#define BENCH_H

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/bpf_ctrl.h>

static inline unsigned int parse_count(const char *word)
{
	unsigned long count;
	char *end;

	errno = 0;
	count = strtoul(word, &end, 10);
	if (errno || *end || !count || count > INT_MAX)
		errx(1, "expected a number, got: '%s'", word);
	return count;
}

static inline unsigned long long now(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts))
		err(1, "can't read clock %d", clock);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* As bpf_map_create(), without the programs that it loads to probe the kernel. */
static inline int open_control_map(enum bpf_ctrl_type type)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_CONTROL,
		.ctrl_type = type,
		.max_entries = UINT_MAX,
	};
	int fd = syscall(__NR_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));

	if (fd < 0)
		err(1, "can't create a control map of type %u", type);
	return fd;
}

#endif /* BENCH_H */
