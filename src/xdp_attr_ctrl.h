/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_XDP_ATTR_CTRL_H
#define __BPFTOOL_XDP_ATTR_CTRL_H

#include "source_ctrl.h"

#define XDP_CELL_LEN	256

/* What a cell of a table can say about the attributes of a device */
enum xdp_attr_cell {
	XDP_ATTR_MODE,
	XDP_ATTR_PROG,
	XDP_ATTR_NAME,
	XDP_ATTR_TAG,
	XDP_ATTR_MD,
	XDP_ATTR_RINGS,
	XDP_ATTR_FEATURES,
};

/* xdp_attr_open - open the attributes of network devices
 * @src: filled in; to be released with ctrl_source_close(), even on failure
 *
 * Returns 0 or a negative errno (reported).
 */
int xdp_attr_open(struct ctrl_source *src);

/* xdp_attr_get - read the attributes of a device
 * @attr: filled in, as far as the kernel knows it
 *
 * Returns 0 or a negative errno (not reported): -ENOENT if there is no such
 * device (any more).
 */
int xdp_attr_get(struct ctrl_source *src, __u32 ifindex,
		 struct bpf_ctrl_xdp_attr *attr);

/* xdp_attr_set - change what attr->command selects
 *
 * Returns 0 or a negative errno (not reported).
 */
int xdp_attr_set(struct ctrl_source *src, __u32 ifindex,
		 const struct bpf_ctrl_xdp_attr *attr);

/* xdp_attr_show_json - write attributes as fields of a JSON object
 * @method: how a fallback has packets redirected, NULL if it does not
 */
void xdp_attr_show_json(const struct bpf_ctrl_xdp_attr *attr, const char *method);

/* xdp_attr_text - what is in a cell of a table */
void xdp_attr_text(const struct bpf_ctrl_xdp_attr *attr, enum xdp_attr_cell cell,
		   char text[XDP_CELL_LEN]);

/* xdp_attr_show_md_json - write the field "metadata", if the device has any */
void xdp_attr_show_md_json(const struct bpf_ctrl_xdp_attr *attr);

/* xdp_md_name - what a bit of bpf_ctrl_xdp_attr.md_supported stands for */
void xdp_md_name(unsigned int bit, char text[XDP_CELL_LEN]);

#endif /* __BPFTOOL_XDP_ATTR_CTRL_H */
