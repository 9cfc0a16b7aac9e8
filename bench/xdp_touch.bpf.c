// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Redirect a packet to the device whose ifindex follows its Ethernet header. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int touch(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	__u32 *ifindex = (void *)(long)ctx->data + ETH_HLEN;

	if ((void *)(ifindex + 1) > data_end)
		return XDP_PASS;
	return bpf_redirect(*ifindex, 0);
}

char _license[] SEC("license") = "Dual BSD/GPL";
