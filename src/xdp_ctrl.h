/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the files of "bpftool ctrl xdp" share. */
#ifndef __BPFTOOL_XDP_CTRL_H
#define __BPFTOOL_XDP_CTRL_H

#include "ctrl.h"
#include "watch_ctrl.h"

#define XDP_STATS_PIN	"/sys/fs/bpf/bpftool_ctrl_xdp_stats"
#define XDP_CELL_LEN	128

/* What a cell of a table can say about the attributes of a device */
enum xdp_attr_cell {
	XDP_ATTR_MODE,
	XDP_ATTR_PROG,
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
 * @method: how a stand-in has packets redirected, NULL if it does not
 */
void xdp_attr_show_json(const struct bpf_ctrl_xdp_attr *attr, const char *method);

/* xdp_attr_text - what is in a cell of a table */
void xdp_attr_text(const struct bpf_ctrl_xdp_attr *attr, enum xdp_attr_cell cell,
		   char text[XDP_CELL_LEN]);

/* xdp_stats_open - open the statistics of network devices, with BTF if JSON needs it
 * @src: filled in; to be released with ctrl_source_close(), even on failure
 *
 * Returns 0 or a negative errno (reported).
 */
int xdp_stats_open(struct ctrl_source *src);

/* xdp_format_number - a number for people
 *
 * Up to 9999 exact, then three digits and a power of 1000, rounded down so that
 * nothing is shown as more than it is: 12345 is 12.3k.
 */
void xdp_format_number(__u64 number, char text[XDP_CELL_LEN]);

/* xdp_watch - show rates of all devices, or of @dev
 * @all: also of devices that never ran XDP
 *
 * Returns 0 or a negative errno (reported).
 */
int xdp_watch(const char *dev, __u32 ifindex, bool all,
	      const struct watch_options *opts);

/* xdp_parse_dev - take the words "dev NAME"
 * @dev: set to the name; must be NULL before
 * @ifindex: filled in
 *
 * Returns 0 or -1 (reported).
 */
int xdp_parse_dev(int *argc, char ***argv, const char **dev, __u32 *ifindex);

/* xdp_md_show_json - write the field "metadata", if the device has any */
void xdp_md_show_json(const struct bpf_ctrl_xdp_attr *attr);

/* commands below "bpftool ctrl xdp" and "ctrl xdp set" in files of their own */
int do_xdp_set(int argc, char **argv);
int do_xdp_metadata(int argc, char **argv);
int do_xdp_set_metadata(int argc, char **argv);

#endif /* __BPFTOOL_XDP_CTRL_H */
