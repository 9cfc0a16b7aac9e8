// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Compares the metadata in front of a packet with what the kfuncs say of the same
 * packet. Those are for programs that are bound to a device.
 */
#include <stdbool.h>

#include "metadata.h"

/* clang makes no valid BTF of an enum that is only declared */
enum xdp_rss_hash_type { XDP_RSS_TYPE_NONE };

extern int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *ctx,
					 __u64 *timestamp) __ksym;
extern int bpf_xdp_metadata_rx_hash(const struct xdp_md *ctx, __u32 *hash,
				    enum xdp_rss_hash_type *rss_type) __ksym;
extern int bpf_xdp_metadata_rx_vlan_tag(const struct xdp_md *ctx, __be16 *vlan_proto,
					__u16 *vlan_tci) __ksym;

struct compared {
	__u64 same;
	__u64 other_timestamp;
	__u64 other_hash;
	__u64 other_vlan;
	__u64 hash;		/* what the kfunc said last, with or without metadata */
};

MAP(results, BPF_MAP_TYPE_ARRAY, struct compared);

static __always_inline bool same_timestamp(struct xdp_md *ctx,
					   const struct bpf_ctrl_xdp_rx_md *md)
{
	bool valid = md->valid & BPF_CTRL_XDP_MD_RX_TIMESTAMP;
	__u64 timestamp = 0;

	/* 0: nobody took the time */
	if (bpf_xdp_metadata_rx_timestamp(ctx, &timestamp) || !timestamp)
		return !valid && !md->rx_timestamp;
	return valid && md->rx_timestamp == timestamp;
}

static __always_inline bool same_hash(struct xdp_md *ctx,
				      const struct bpf_ctrl_xdp_rx_md *md)
{
	bool valid = md->valid & BPF_CTRL_XDP_MD_RX_HASH;
	__u32 hash = 0, type = 0;

	if (bpf_xdp_metadata_rx_hash(ctx, &hash, (void *)&type) || !hash)
		return !valid && !md->rx_hash && !md->rx_hash_type;
	return valid && md->rx_hash == hash && md->rx_hash_type == type;
}

static __always_inline bool same_vlan(struct xdp_md *ctx,
				      const struct bpf_ctrl_xdp_rx_md *md)
{
	bool valid = md->valid & BPF_CTRL_XDP_MD_RX_VLAN;
	__u16 tci = 0;
	__be16 proto = 0;

	if (bpf_xdp_metadata_rx_vlan_tag(ctx, &proto, &tci))
		return !valid && !md->vlan_proto && !md->vlan_tci;
	return valid && md->vlan_proto == proto && md->vlan_tci == tci;
}

static __always_inline __u32 kfunc_hash(struct xdp_md *ctx)
{
	__u32 hash = 0, type = 0;

	return bpf_xdp_metadata_rx_hash(ctx, &hash, (void *)&type) ? 0 : hash;
}

SEC("xdp") int compare(struct xdp_md *ctx)
{
	const unaligned_md *md = look_xdp(ctx);
	struct bpf_ctrl_xdp_rx_md copy;
	struct compared *compared;
	__u32 key = 0;

	compared = bpf_map_lookup_elem(&results, &key);
	if (!compared)
		return XDP_PASS;
	compared->hash = kfunc_hash(ctx);
	if (!md)
		return XDP_PASS;

	copy = *md;
	if (!same_timestamp(ctx, &copy))
		compared->other_timestamp++;
	else if (!same_hash(ctx, &copy))
		compared->other_hash++;
	else if (!same_vlan(ctx, &copy))
		compared->other_vlan++;
	else
		compared->same++;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
