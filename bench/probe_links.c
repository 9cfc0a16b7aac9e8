// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Many links to kprobes.
 *
 * usage: probe_links FUNCTION NUMBER
 *
 * Makes NUMBER of them, all of FUNCTION of the kernel, prints a line for each and
 * keeps them until stdin ends.
 */
#include <sys/resource.h>
#include <linux/filter.h>
#include <linux/perf_event.h>

#include <bpf/bpf.h>

#include "bench.h"

#define KPROBE_TYPE	"/sys/bus/event_source/devices/kprobe/type"

static unsigned int kprobe_type(void)
{
	FILE *file = fopen(KPROBE_TYPE, "re");
	unsigned int type;

	if (!file || fscanf(file, "%u", &type) != 1)
		err(1, "can't read %s", KPROBE_TYPE);
	fclose(file);
	return type;
}

static int load_program(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_KPROBE, "probe", "GPL", insns, 2, NULL);

	if (fd < 0)
		err(1, "can't load a program");
	return fd;
}

/* The link keeps the event. */
static void make_link(int prog, struct perf_event_attr *attr)
{
	int event = syscall(__NR_perf_event_open, attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	if (event < 0)
		err(1, "can't open a perf event");
	if (bpf_link_create(prog, event, BPF_PERF_EVENT, NULL) < 0)
		err(1, "can't make a link");
	close(event);
}

int main(int argc, char **argv)
{
	/* disabled: no samples, and nothing to schedule; the program runs all the same */
	struct perf_event_attr attr = {
		.size		= sizeof(attr),
		.disabled	= 1,
	};
	unsigned int nr;
	int prog;

	if (argc != 3)
		errx(1, "usage: probe_links FUNCTION NUMBER");
	attr.type = kprobe_type();
	attr.kprobe_func = (unsigned long)argv[1];
	nr = parse_count(argv[2]);
	if (setrlimit(RLIMIT_NOFILE, &(struct rlimit){ nr + 100, nr + 100 }))
		err(1, "can't have so many files open");

	for (prog = load_program(); nr; nr--) {
		make_link(prog, &attr);
		puts("made");
	}
	fflush(stdout);
	getchar();
	return 0;
}
