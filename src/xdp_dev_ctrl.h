/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_XDP_DEV_CTRL_H
#define __BPFTOOL_XDP_DEV_CTRL_H

#include <stdbool.h>

#include "source_ctrl.h"

/* xdp_stats_open - open the statistics of network devices, with BTF if JSON needs it
 * @src: filled in; to be released with ctrl_source_close(), even on failure
 *
 * Returns 0 or a negative errno (reported).
 */
int xdp_stats_open(struct ctrl_source *src);

/* xdp_hint_counting - tell people how to have XDP counted, if it is not
 *
 * Returns true if nothing was to be said of it.
 */
bool xdp_hint_counting(void);

/* xdp_parse_dev - take the words "dev NAME"
 * @dev: set to the name; must be NULL before
 * @ifindex: filled in
 *
 * Returns 0, -ENODEV, or -1 for other words (reported).
 */
int xdp_parse_dev(int *argc, char ***argv, const char **dev, __u32 *ifindex);

#endif /* __BPFTOOL_XDP_DEV_CTRL_H */
