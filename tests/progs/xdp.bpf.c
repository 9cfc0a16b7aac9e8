// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * XDP programs of the traffic tests: each action for every packet, redirects, and
 * what runs after a redirect. A program that sees frags ends in _frags and has
 * maps of its own: a map with programs is for one kind or the other.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ACTION(name, action)						\
SEC("xdp") int name(struct xdp_md *ctx)					\
{									\
	return action;							\
}									\
SEC("xdp.frags") int name##_frags(struct xdp_md *ctx)			\
{									\
	return action;							\
}

ACTION(aborted, XDP_ABORTED)
ACTION(drop, XDP_DROP)
ACTION(pass, XDP_PASS)
ACTION(tx, XDP_TX)
/* the first that does not exist, and those that a careless index falls for */
ACTION(invalid5, XDP_REDIRECT + 1)
ACTION(invalid42, 42)
ACTION(invalid_high, 0x80000000)
ACTION(invalid_max, 0xffffffff)

#define MAP(name, kind, size, entries)					\
struct {								\
	__uint(type, kind);						\
	__uint(key_size, sizeof(__u32));				\
	__uint(value_size, size);					\
	__uint(max_entries, entries);					\
} name SEC(".maps")

MAP(target, BPF_MAP_TYPE_ARRAY, sizeof(__u32), 1);
MAP(devs, BPF_MAP_TYPE_DEVMAP, sizeof(struct bpf_devmap_val), 4);
MAP(devs_frags, BPF_MAP_TYPE_DEVMAP, sizeof(struct bpf_devmap_val), 4);
MAP(cpus, BPF_MAP_TYPE_CPUMAP, sizeof(struct bpf_cpumap_val), 1);
MAP(socks, BPF_MAP_TYPE_XSKMAP, sizeof(__u32), 4);

SEC("xdp") int to_ifindex(struct xdp_md *ctx)
{
	__u32 key = 0, *ifindex = bpf_map_lookup_elem(&target, &key);

	return bpf_redirect(ifindex ? *ifindex : 0, 0);
}

SEC("xdp") int to_dev(struct xdp_md *ctx)
{
	return bpf_redirect_map(&devs, 0, 0);
}

SEC("xdp.frags") int to_dev_frags(struct xdp_md *ctx)
{
	return bpf_redirect_map(&devs_frags, 0, 0);
}

/* Says XDP_REDIRECT without a target. */
SEC("xdp") int to_nowhere(struct xdp_md *ctx)
{
	return XDP_REDIRECT;
}

/* The helper refuses a key that is not there and returns the flags: XDP_DROP. */
SEC("xdp") int to_dev_or_drop(struct xdp_md *ctx)
{
	return bpf_redirect_map(&devs, 3, XDP_DROP);
}

SEC("xdp") int to_all_devs(struct xdp_md *ctx)
{
	return bpf_redirect_map(&devs, 0,
				BPF_F_BROADCAST | BPF_F_EXCLUDE_INGRESS);
}

SEC("xdp") int to_cpu(struct xdp_md *ctx)
{
	return bpf_redirect_map(&cpus, 0, 0);
}

SEC("xdp") int to_sock(struct xdp_md *ctx)
{
	return bpf_redirect_map(&socks, 0, XDP_DROP);
}

/* What leaves is not as long as what came. */
SEC("xdp") int trim_to_dev(struct xdp_md *ctx)
{
	if (bpf_xdp_adjust_tail(ctx, -10))
		return XDP_ABORTED;
	return bpf_redirect_map(&devs, 0, 0);
}

SEC("xdp") int grow_and_pass(struct xdp_md *ctx)
{
	if (bpf_xdp_adjust_tail(ctx, 4))
		return XDP_ABORTED;
	return XDP_PASS;
}

/* The first byte after the Ethernet header says what to do. */
SEC("xdp") int as_told(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u8 *what = data + 14;

	if ((void *)(what + 1) > end)
		return XDP_ABORTED;
	return *what;
}

SEC("xdp/devmap") int dev_pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp/devmap") int dev_drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("xdp/devmap") int dev_trim(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_tail(ctx, -10) ? XDP_ABORTED : XDP_PASS;
}

/* Lets frames of even sizes out. */
SEC("xdp/devmap") int dev_even(struct xdp_md *ctx)
{
	return (ctx->data_end - ctx->data) & 1 ? XDP_DROP : XDP_PASS;
}

SEC("xdp/cpumap") int cpu_pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp/cpumap") int cpu_drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("xdp/cpumap") int cpu_to_dev(struct xdp_md *ctx)
{
	return bpf_redirect_map(&devs, 0, 0);
}

char _license[] SEC("license") = "GPL";
