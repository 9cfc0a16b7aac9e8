/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the fallback for XDP statistics and its BPF programs share. */
#ifndef __BPFTOOL_XDP_STATS_CTRL_H
#define __BPFTOOL_XDP_STATS_CTRL_H

#include <linux/bpf_ctrl.h>
#include <linux/types.h>

/* More than a kernel has */
#define CTRL_XDP_STATS_MAX_CPUS	8192

/* A device of any network namespace, key of the map of those that the array has not */
struct ctrl_xdp_stats_key {
	bpf_ctrl_ifindex_t	ifindex;
	__u32			netns;		/* inode number */
};

/* Bits of bpf_ctrl_xdp_stats.valid; they count from the first counter. */
#define CTRL_XDP_STATS_BIT(counter)					\
	(1ULL << ((offsetof(struct bpf_ctrl_xdp_stats, counter) -	\
		   offsetof(struct bpf_ctrl_xdp_stats, packets)) /	\
		  sizeof(__u64)))

/*
 * Up to the last that is counted, but for the bytes of what is sent: nothing says how many
 * frames of a batch went.
 */
#define CTRL_XDP_STATS_COUNTED						\
	((2 * CTRL_XDP_STATS_BIT(xmit_drops) - 1) &			\
	 ~CTRL_XDP_STATS_BIT(xmit_bytes))

#endif /* __BPFTOOL_XDP_STATS_CTRL_H */
