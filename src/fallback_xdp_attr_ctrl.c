// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * XDP attributes on a kernel without control maps: what netlink says of a device.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "fallback_ctrl.h"
#include "pin_ctrl.h"
#include "xdp_selected_ctrl.h"

static int attr_read(struct ctrl_source *src, __u32 ifindex,
		     struct bpf_ctrl_xdp_attr *attr)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	int err;

	/* of index 0 netlink says that it is out of range */
	err = ifindex ? ctrl_xdp_query(ifindex, &query) : -ENOENT;
	if (err)
		return err == -ENODEV ? -ENOENT : err;

	*attr = (struct bpf_ctrl_xdp_attr){
		.settable	= XDP_ATTR_RINGS_BIT,
		/* these modes have the values of XDP_ATTACHED_* */
		.mode		= query.attach_mode,
		.prog_id	= query.prog_id,
		.drv_prog_id	= query.drv_prog_id,
		.skb_prog_id	= query.skb_prog_id,
		.hw_prog_id	= query.hw_prog_id,
		.zc_max_segs	= query.xdp_zc_max_segs,
		.features	= query.feature_flags,
	};
	xdp_rings_get(src, ifindex, attr);
	return 0;
}

static int attr_get(struct ctrl_source *src, const void *key, void *value)
{
	struct bpf_ctrl_xdp_attr attr;
	__u32 ifindex;
	int err;

	memcpy(&ifindex, key, sizeof(ifindex));
	err = attr_read(src, ifindex, &attr);
	if (!err)
		memcpy(value, &attr, sizeof(attr));
	return err;
}

/* What a kernel with control maps refuses is refused here, and what only that can do. */
static int check_selected(struct ctrl_source *src, const struct bpf_ctrl_xdp_attr *attr)
{
	__u64 bits = xdp_attr_selected(attr);

	if (attr->flags)
		return -EINVAL;
	if (!bits)
		return attr->command ? -EOPNOTSUPP : -EINVAL;
	if (bits & ~(XDP_ATTR_RINGS_BIT | XDP_ATTR_MD_BITS))
		return -E2BIG;
	if (bits == XDP_ATTR_RINGS_BIT)
		return 0;

	src->why = src->limits;
	return -EOPNOTSUPP;
}

static int attr_check(struct ctrl_source *src, const void *key, const void *value)
{
	struct bpf_ctrl_xdp_attr attr, cur;
	__u32 ifindex;
	int err;

	memcpy(&ifindex, key, sizeof(ifindex));
	memcpy(&attr, value, sizeof(attr));
	err = attr_read(src, ifindex, &cur) ?: check_selected(src, &attr);
	return err ?: xdp_rings_check(src, ifindex, &cur, &attr.rings);
}

static int attr_set(struct ctrl_source *src, const void *key, const void *value)
{
	struct bpf_ctrl_xdp_attr attr, cur;
	__u32 ifindex;
	int err;

	memcpy(&ifindex, key, sizeof(ifindex));
	memcpy(&attr, value, sizeof(attr));
	err = ctrl_pin_lock();
	if (err) {
		src->why = CTRL_PIN_LOCKED;
		return err;
	}
	err = attr_read(src, ifindex, &cur) ?: check_selected(src, &attr);
	if (!err)
		err = xdp_rings_set(src, ifindex, &cur, &attr.rings);
	ctrl_pin_unlock();
	return err;
}

const struct ctrl_fallback xdp_attr_fallback = {
	.ctrl_type	= BPF_CTRL_XDP_ATTR,
	.info = {
		.name	= "xdp_attr",
		CTRL_KEY_TYPE(bpf_ctrl_ifindex_t),
		CTRL_VALUE_TYPE(bpf_ctrl_xdp_attr),
		.ops	= BPF_CTRL_OP_LOOKUP | BPF_CTRL_OP_UPDATE |
			  BPF_CTRL_OP_ITERATE,
		.scope	= BPF_CTRL_SCOPE_NETNS,
	},
	.ops = {
		.load_btf	= ctrl_fallback_load_btf,
		.get		= attr_get,
		.set		= attr_set,
		.check		= attr_check,
		.for_each	= ctrl_walk_devices,
	},
};
