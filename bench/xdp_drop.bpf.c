// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * XDP_DROP: as short as it gets, and counting its packets as programs do today; and a program
 * that does nothing after any of them, which is what the least that follows them costs.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_drop.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xdp_drop_counter);
} counters SEC(".maps");

SEC("xdp")
int drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("xdp")
int drop_counted(struct xdp_md *ctx)
{
	struct xdp_drop_counter *counter;
	__u32 key = 0;

	counter = bpf_map_lookup_elem(&counters, &key);
	if (!counter)
		return XDP_ABORTED;

	counter->packets++;
	counter->bytes += ctx->data_end - ctx->data;
	return XDP_DROP;
}

SEC("fexit/bpf_dispatcher_xdp_func")
int follow(__u64 *ctx)
{
	return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
