// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What an update of XDP attributes sets, as the kernel reads it.
 */
#include "xdp_selected_ctrl.h"

__u64 xdp_attr_selected(const struct bpf_ctrl_xdp_attr *attr)
{
	switch (attr->command) {
	case BPF_CTRL_XDP_UNSPEC:
		return attr->settable;
	case BPF_CTRL_XDP_SETUP_REDIRECT:
		return XDP_ATTR_RINGS_BIT;
	case BPF_CTRL_XDP_SETUP_MD:
		return XDP_ATTR_MD_BITS;
	default:
		return 0;
	}
}
