// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A security module that refuses control maps, and all other maps it lets be.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct bpf_map {
	enum bpf_map_type map_type;
} __attribute__((preserve_access_index));

SEC("lsm/bpf_map_create")
int BPF_PROG(refuse_control_maps, struct bpf_map *map)
{
	return map->map_type == BPF_MAP_TYPE_CONTROL ? -EACCES : 0;
}

char LICENSE[] SEC("license") = "GPL";
