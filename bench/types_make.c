// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Make many objects, then run a command while they exist.
 *
 * usage: types_make sockets NUMBER COMMAND [ARG]...
 *	packet sockets
 * usage: types_make links FIRST NUMBER DIRECTORY FILE
 *	links to uprobes in FILE, which nobody has mapped, with the numbers from
 *	FIRST to below NUMBER; they are pinned in DIRECTORY of bpffs and so stay
 */
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <linux/filter.h>
#include <linux/perf_event.h>

#include <bpf/bpf.h>

#include "bench.h"

#define UPROBE_TYPE	"/sys/bus/event_source/devices/uprobe/type"

static void raise_limit(void)
{
	struct rlimit limit = { 1 << 17, 1 << 17 };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "can't have so many files open");
}

static void make_sockets(unsigned int nr)
{
	raise_limit();
	while (nr--)
		if (socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) < 0)
			err(1, "can't open a packet socket");
}

static int run_command(char **argv)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		err(1, "can't fork");
	if (!pid) {
		/* the sockets are those of the parent */
		execvp(*argv, argv);
		err(1, "can't run %s", *argv);
	}
	if (waitpid(pid, &status, 0) != pid)
		err(1, "can't wait for %s", *argv);
	return status ? 1 : 0;
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

static unsigned int uprobe_type(void)
{
	FILE *file = fopen(UPROBE_TYPE, "r");
	unsigned int type;

	if (!file || fscanf(file, "%u", &type) != 1)
		err(1, "can't read %s", UPROBE_TYPE);
	fclose(file);
	return type;
}

static void make_link(int prog, struct perf_event_attr *attr, const char *pin)
{
	int event, link;

	event = syscall(__NR_perf_event_open, attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (event < 0)
		err(1, "can't open a perf event");
	link = bpf_link_create(prog, event, BPF_PERF_EVENT, NULL);
	if (link < 0 || bpf_obj_pin(link, pin))
		err(1, "can't make %s", pin);
	close(link);
	close(event);
}

static void make_links(unsigned int first, unsigned int nr, const char *dir,
		       const char *file)
{
	struct perf_event_attr attr = {
		.size		= sizeof(attr),
		.type		= uprobe_type(),
		.uprobe_path	= (unsigned long)file,
	};
	int prog = load_program();
	char pin[256];

	for (; first < nr; first++) {
		attr.probe_offset = first * 16;
		snprintf(pin, sizeof(pin), "%s/%u", dir, first);
		make_link(prog, &attr, pin);
	}
}

int main(int argc, char **argv)
{
	if (argc >= 4 && !strcmp(argv[1], "sockets")) {
		make_sockets(parse_count(argv[2]));
		return run_command(argv + 3);
	}
	if (argc == 6 && !strcmp(argv[1], "links")) {
		make_links(atoi(argv[2]), parse_count(argv[3]), argv[4], argv[5]);
		return 0;
	}
	errx(1, "usage: types_make { sockets NUMBER COMMAND... | links FIRST NUMBER DIRECTORY FILE }");
}
