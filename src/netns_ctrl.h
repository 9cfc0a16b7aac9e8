/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_NETNS_CTRL_H
#define __BPFTOOL_NETNS_CTRL_H

#include <linux/types.h>

/* ctrl_netns_enter - go on in another network namespace, but in this mount namespace
 * @name: as "ip netns" has it, else the path of a file or the number of a process
 *
 * "ip netns exec" mounts another /sys, with which bpffs is lost. Returns what
 * ctrl_netns_leave() takes, or a negative errno (reported).
 */
int ctrl_netns_enter(const char *name);

/* ctrl_netns_enter_id - go on in the network namespace that has this id here
 *
 * It is found by a process that is in it or a file that it is mounted at, as far as the
 * caller's /proc has them. Returns as ctrl_netns_enter() (not reported): -ENOENT if it is
 * not found.
 */
int ctrl_netns_enter_id(__s32 netnsid);

/* ctrl_netns_leave - go back, and close it
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_netns_leave(int home);

/* ctrl_netns_no_device - say, with errno, that a device is not found, and where
 *
 * Returns -ENODEV.
 */
int ctrl_netns_no_device(const char *dev);

#endif /* __BPFTOOL_NETNS_CTRL_H */
