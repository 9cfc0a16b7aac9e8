// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Asks the driver of the device that it is bound to for the same. */
#include "xdp_md.h"

/* clang makes no valid BTF of an enum that is only declared */
enum xdp_rss_hash_type { XDP_RSS_TYPE_NONE };

extern int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *ctx,
					 __u64 *timestamp) __ksym;
extern int bpf_xdp_metadata_rx_hash(const struct xdp_md *ctx, __u32 *hash,
				    enum xdp_rss_hash_type *rss_type) __ksym;
extern int bpf_xdp_metadata_rx_vlan_tag(const struct xdp_md *ctx, __be16 *vlan_proto,
					__u16 *vlan_tci) __ksym;

SEC("xdp") int kfuncs(struct xdp_md *ctx)
{
	__u32 hash, hash_type;
	__u16 proto, vlan;
	__u64 timestamp;

	if (bpf_xdp_metadata_rx_timestamp(ctx, &timestamp) ||
	    bpf_xdp_metadata_rx_hash(ctx, &hash, (void *)&hash_type) ||
	    bpf_xdp_metadata_rx_vlan_tag(ctx, &proto, &vlan))
		return XDP_PASS;
	return drop_expected(timestamp, hash, vlan);
}

char _license[] SEC("license") = "Dual BSD/GPL";
