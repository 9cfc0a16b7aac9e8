/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What programs of the benchmark do with the metadata of a packet. */
#ifndef BENCH_XDP_MD_H
#define BENCH_XDP_MD_H

#include <linux/bpf.h>
#include <linux/bpf_ctrl.h>
#include <bpf/bpf_helpers.h>

#define VLAN	7

/* What is passed was not as expected. The timestamp of veth is 0 for such packets. */
static __always_inline int drop_expected(__u64 timestamp, __u32 hash, __u16 vlan)
{
	return !timestamp && hash && vlan == VLAN ? XDP_DROP : XDP_PASS;
}

#endif /* BENCH_XDP_MD_H */
