/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_NETDEV_CTRL_H
#define __BPFTOOL_NETDEV_CTRL_H

#include <linux/types.h>

/* What words and rtnetlink say of network devices and their namespace. */

/* ctrl_netdev_index - find a device by its name or any alternative one, however long
 * @word: the name, or "dev:" and the name, for one that would be taken for something else
 *
 * Returns 0 (with errno) if there is none.
 */
__u32 ctrl_netdev_index(const char *word);

/* ctrl_netdev_name - what is named by such a word */
const char *ctrl_netdev_name(const char *word);

/* ctrl_veth_peer - index of a veth's peer, 0 if that is not in this network namespace */
__u32 ctrl_veth_peer(__u32 ifindex);

/* ctrl_netns_cookie - what no other network namespace has, or 0 */
__u64 ctrl_netns_cookie(void);

#endif /* __BPFTOOL_NETDEV_CTRL_H */
