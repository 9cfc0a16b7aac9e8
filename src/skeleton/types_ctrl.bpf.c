// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The types of keys and values, for kernels that have no BTF of them. Nothing but
 * the BTF of this file is used.
 */
#include <linux/bpf_ctrl.h>

struct {
	bpf_ctrl_type_t			type;
	bpf_ctrl_ifindex_t		ifindex;
	bpf_ctrl_link_id_t		link_id;
	struct bpf_ctrl_cgroup_key	cgroup_key;
	struct bpf_ctrl_info		info;
	struct bpf_ctrl_xdp_stats	xdp_stats;
	struct bpf_ctrl_xdp_attr	xdp_attr;
	struct bpf_ctrl_kprobe		kprobe;
	struct bpf_ctrl_cgroup		cgroup;
} types;
