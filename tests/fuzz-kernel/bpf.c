// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpf(2) */
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fuzz.h"

long sys_bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

int prog_load(uint32_t type, uint32_t attach_type, int result)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = result },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = type,
		.expected_attach_type = attach_type,
		.insns = (uintptr_t)insns,
		.insn_cnt = ARRAY_SIZE(insns),
		.license = (uintptr_t)"GPL",
	};

	return sys_bpf(BPF_PROG_LOAD, &attr);
}

long link_create(int prog, int target, uint32_t attach_type, uint32_t flags)
{
	union bpf_attr attr = {
		.link_create = {
			.prog_fd = prog, .target_fd = target, .attach_type = attach_type,
			.flags = flags,
		},
	};

	return sys_bpf(BPF_LINK_CREATE, &attr);
}
