/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_XDP_COUNTERS_CTRL_H
#define __BPFTOOL_XDP_COUNTERS_CTRL_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf_ctrl.h>
#include <linux/types.h>

/* The map that has packets counted while it is pinned here */
#define XDP_STATS_PIN	"/sys/fs/bpf/bpftool_ctrl_xdp_stats"

/* Those that struct bpf_ctrl_xdp_stats has behind its mask, whose bits they are. */
#define XDP_NR_COUNTERS							\
	((sizeof(struct bpf_ctrl_xdp_stats) -				\
	  offsetof(struct bpf_ctrl_xdp_stats, packets)) / sizeof(__u64))

struct xdp_counter {
	const char *name;	/* of the member */
	const char *title;	/* of a column */
	const char *rate_title;	/* likewise, per second */
	unsigned int rate_factor;
	bool in_show;		/* in the table of "xdp show", too */
};

extern const struct xdp_counter xdp_counters[XDP_NR_COUNTERS];

/* xdp_counters_read - take the counters from a value of a kernel of any age
 *
 * An older kernel has fewer: those that it has not are not valid either.
 */
void xdp_counters_read(const void *value, size_t size, struct bpf_ctrl_xdp_stats *stats);

/* xdp_counter_value, xdp_counter_known - one of them, and whether it is counted */
__u64 xdp_counter_value(const struct bpf_ctrl_xdp_stats *stats, size_t i);
bool xdp_counter_known(const struct bpf_ctrl_xdp_stats *stats, size_t i);

#endif /* __BPFTOOL_XDP_COUNTERS_CTRL_H */
