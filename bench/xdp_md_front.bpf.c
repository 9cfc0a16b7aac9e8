// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Reads the metadata that the kernel has put in front of the packet. */
#include "xdp_md.h"

#define ALL (BPF_CTRL_XDP_MD_RX_HASH | BPF_CTRL_XDP_MD_RX_VLAN)

SEC("xdp") int front(struct xdp_md *ctx)
{
	const struct bpf_ctrl_xdp_rx_md *md = (void *)(long)ctx->data_meta;

	if ((void *)(md + 1) > (void *)(long)ctx->data || md->size != sizeof(*md) ||
	    md->valid != ALL)
		return XDP_PASS;
	return drop_expected(md->rx_timestamp, md->rx_hash, md->vlan_tci);
}

char _license[] SEC("license") = "Dual BSD/GPL";
