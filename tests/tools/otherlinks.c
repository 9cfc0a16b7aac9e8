// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Many BPF links that are not to probes.
 *
 * usage: otherlinks NUMBER
 *
 * Makes NUMBER of them, to a raw tracepoint, prints a line for each and keeps them until
 * stdin ends.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/bpf.h>

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(__NR_bpf, command, attr, sizeof(*attr));
}

/* return 0 */
static int load_program(void)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type	= BPF_PROG_TYPE_RAW_TRACEPOINT,
		.insns		= (unsigned long)insns,
		.insn_cnt	= 2,
		.license	= (unsigned long)"GPL",
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0)
		err(1, "can't load a program");
	return fd;
}

int main(int argc, char **argv)
{
	/* one that nothing here goes through */
	union bpf_attr attr = {
		.raw_tracepoint.name = (unsigned long)"module_free",
	};
	rlim_t nr = argc == 2 ? atoi(argv[1]) : 0;

	if (!nr)
		errx(1, "usage: otherlinks NUMBER");
	if (setrlimit(RLIMIT_NOFILE, &(struct rlimit){ nr + 100, nr + 100 }))
		err(1, "can't have so many files open");

	attr.raw_tracepoint.prog_fd = load_program();
	for (; nr; nr--) {
		if (bpf(BPF_RAW_TRACEPOINT_OPEN, &attr) < 0)
			err(1, "can't make a link");
		puts("made");
	}
	fflush(stdout);
	getchar();
	return 0;
}
