// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* What people attach to a device only to have packets redirected to its peer. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int xdp_pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
