// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * usage: cgroups DIR NUMBER
 *
 * Make NUMBER cgroups in DIR, a cgroup2 directory, each with one and the same program
 * attached, which lets all packets out.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <linux/bpf.h>

static int sys_bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

static int prog_load(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type	= BPF_PROG_TYPE_CGROUP_SKB,
		.insns		= (uintptr_t)insns,
		.insn_cnt	= sizeof(insns) / sizeof(*insns),
		.license	= (uintptr_t)"GPL",
		.prog_name	= "cgroups",
		.expected_attach_type = BPF_CGROUP_INET_EGRESS,
	};

	return sys_bpf(BPF_PROG_LOAD, &attr);
}

static void make(int dir, const char *name, int prog)
{
	union bpf_attr attr = {
		.attach_bpf_fd	= prog,
		.attach_type	= BPF_CGROUP_INET_EGRESS,
		.attach_flags	= BPF_F_ALLOW_MULTI,
	};
	int fd;

	if (mkdirat(dir, name, 0755))
		err(1, "can't make cgroup '%s'", name);
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		err(1, "can't open cgroup '%s'", name);
	attr.target_fd = fd;
	if (sys_bpf(BPF_PROG_ATTACH, &attr))
		err(1, "can't attach to cgroup '%s'", name);
	close(fd);
}

int main(int argc, char **argv)
{
	unsigned long i, nr;
	char name[24];
	int dir, prog;

	if (argc != 3)
		errx(2, "usage: cgroups DIR NUMBER");
	nr = strtoul(argv[2], NULL, 0);
	dir = open(argv[1], O_RDONLY | O_DIRECTORY);
	if (dir < 0)
		err(1, "can't open '%s'", argv[1]);
	prog = prog_load();
	if (prog < 0)
		err(1, "can't load a program");
	for (i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), "%lu", i);
		make(dir, name, prog);
	}
	return 0;
}
