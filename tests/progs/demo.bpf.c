// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The program of "make demo": a wire between two devices, without UDP to port 9. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
	__uint(max_entries, 8);
} other_end SEC(".maps");

struct packet {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
} __attribute__((packed));

SEC("xdp")
int wire(struct xdp_md *ctx)
{
	struct packet *packet = (void *)(long)ctx->data;

	if ((void *)(packet + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	if (packet->eth.h_proto == bpf_htons(ETH_P_IP) &&
	    packet->ip.protocol == IPPROTO_UDP && packet->udp.dest == bpf_htons(9))
		return XDP_DROP;

	return bpf_redirect_map(&other_end, ctx->ingress_ifindex, XDP_ABORTED);
}

char _license[] SEC("license") = "GPL";
