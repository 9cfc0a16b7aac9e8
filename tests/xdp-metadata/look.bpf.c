// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Programs that read the metadata in front of packets, bound to no device. */
#include "metadata.h"

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct bpf_cpumap_val));
	__uint(max_entries, 1);
} cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct bpf_devmap_val));
	__uint(max_entries, 1);
} devs SEC(".maps");

MAP(socks, BPF_MAP_TYPE_XSKMAP, __u32);
MAP(target, BPF_MAP_TYPE_ARRAY, __u32);

SEC("xdp") int look_pass(struct xdp_md *ctx)
{
	look_xdp(ctx);
	return XDP_PASS;
}

SEC("xdp") int look_drop(struct xdp_md *ctx)
{
	look_xdp(ctx);
	return XDP_DROP;
}

SEC("xdp") int look_tx(struct xdp_md *ctx)
{
	look_xdp(ctx);
	return XDP_TX;
}

/* Knows nothing of metadata. */
SEC("xdp") int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp") int to_cpu(struct xdp_md *ctx)
{
	return bpf_redirect_map(&cpus, 0, 0);
}

SEC("xdp/cpumap") int look_cpu(struct xdp_md *ctx)
{
	look_xdp(ctx);
	return XDP_PASS;
}

SEC("xdp") int to_map(struct xdp_md *ctx)
{
	return bpf_redirect_map(&devs, 0, 0);
}

SEC("xdp/devmap") int look_dev(struct xdp_md *ctx)
{
	look_xdp(ctx);
	return XDP_DROP;
}

SEC("xdp") int to_sock(struct xdp_md *ctx)
{
	look_xdp(ctx);
	return bpf_redirect_map(&socks, 0, XDP_DROP);
}

static __always_inline int to_target(void)
{
	__u32 key = 0, *ifindex = bpf_map_lookup_elem(&target, &key);

	return bpf_redirect(ifindex ? *ifindex : 0, 0);
}

SEC("xdp") int to_dev(struct xdp_md *ctx)
{
	return to_target();
}

/* Leaves no headroom for metadata, but for a struct xdp_frame of 64 bytes at most. */
SEC("xdp") int to_dev_no_headroom(struct xdp_md *ctx)
{
	int room;

	for (room = 256; room > 0; room -= 4)
		if (!bpf_xdp_adjust_head(ctx, -room))
			return to_target();
	return XDP_ABORTED;
}

/* As much metadata as the kernel has, but it is another's. */
static __always_inline int put_others(struct xdp_md *ctx)
{
	unaligned_md *md;

	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*md)))
		return -1;
	md = (void *)(long)ctx->data_meta;
	if ((void *)(md + 1) > (void *)(long)ctx->data)
		return -1;
	__builtin_memset(md, 0x5a, sizeof(*md));
	return 0;
}

SEC("xdp") int to_dev_with_others(struct xdp_md *ctx)
{
	return put_others(ctx) ? XDP_ABORTED : to_target();
}

/* Removes the headers in front and puts others: metadata moves with the packet. */
SEC("xdp") int move_head(struct xdp_md *ctx)
{
	if (bpf_xdp_adjust_head(ctx, -64) || bpf_xdp_adjust_head(ctx, 64))
		return XDP_ABORTED;
	look_xdp(ctx);
	return XDP_PASS;
}

/* Metadata of its own on top. */
SEC("xdp") int on_top(struct xdp_md *ctx)
{
	if (bpf_xdp_adjust_meta(ctx, -4))
		return XDP_ABORTED;
	look_xdp(ctx);
	return XDP_PASS;
}

/* Removes it. */
SEC("xdp") int remove(struct xdp_md *ctx)
{
	if (bpf_xdp_adjust_meta(ctx, sizeof(struct bpf_ctrl_xdp_rx_md)))
		return XDP_ABORTED;
	look_xdp(ctx);
	return XDP_PASS;
}

/* Puts its own there instead. */
SEC("xdp") int replace(struct xdp_md *ctx)
{
	if (bpf_xdp_adjust_meta(ctx, sizeof(struct bpf_ctrl_xdp_rx_md)) || put_others(ctx))
		return XDP_ABORTED;
	return XDP_PASS;
}

/* Makes that of each packet another, as timestamps do. */
static __always_inline void number_packet(struct xdp_md *ctx)
{
	unaligned_md *md = look_xdp(ctx);
	struct seen *seen = get_seen();

	if (md && seen)
		md->rx_timestamp = seen->packets;
}

SEC("xdp") int number(struct xdp_md *ctx)
{
	number_packet(ctx);
	return XDP_PASS;
}

SEC("xdp") int number_to_dev(struct xdp_md *ctx)
{
	number_packet(ctx);
	return to_target();
}

/* For packets that have passed. */
SEC("tc") int look_tc(struct __sk_buff *skb)
{
	look((void *)(long)skb->data_meta, (void *)(long)skb->data);
	return 0;
}

char _license[] SEC("license") = "GPL";
