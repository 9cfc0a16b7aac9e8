/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_XDP_WATCH_CTRL_H
#define __BPFTOOL_XDP_WATCH_CTRL_H

#include <stdbool.h>
#include <linux/types.h>

#include "watch_sample_ctrl.h"

/* xdp_watch - show rates of all devices, or of @dev
 * @all: also of devices that never ran XDP
 *
 * Returns 0 or a negative errno (reported).
 */
int xdp_watch(const char *dev, __u32 ifindex, bool all,
	      const struct watch_options *opts);

#endif /* __BPFTOOL_XDP_WATCH_CTRL_H */
