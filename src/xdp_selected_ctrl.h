/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_XDP_SELECTED_CTRL_H
#define __BPFTOOL_XDP_SELECTED_CTRL_H

#include <linux/bpf_ctrl.h>
#include <linux/types.h>

/* Bits of bpf_ctrl_xdp_attr.settable */
#define XDP_ATTR_RINGS_BIT	1ULL
#define XDP_ATTR_MD_BITS	6ULL	/* enable_md and md_keep */

/* xdp_attr_selected - what an update sets: its command says that, or without one its mask */
__u64 xdp_attr_selected(const struct bpf_ctrl_xdp_attr *attr);

#endif /* __BPFTOOL_XDP_SELECTED_CTRL_H */
