/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_NETDEV_CTRL_H
#define __BPFTOOL_NETDEV_CTRL_H

#include <net/if.h>
#include <stdbool.h>
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

struct ctrl_netdev {
	char name[IF_NAMESIZE];
	bool up;
	__u32 rx_queues;	/* that it was made with */
};

/* Instead of the id of a network namespace: the caller's own */
#define CTRL_NETNS_HERE	(-1)

/* ctrl_netdev_get - what the kernel says of a device, in a namespace by its id here
 *
 * Elsewhere it takes CAP_NET_ADMIN there. Returns 0 or a negative errno.
 */
int ctrl_netdev_get(__u32 ifindex, __s32 netnsid, struct ctrl_netdev *dev);

/* ctrl_ethtool - ask or tell the driver of a device here
 * @cmd: one of the structs of linux/ethtool.h
 *
 * Returns 0 or a negative errno.
 */
int ctrl_ethtool(const char *dev, void *cmd);

/* ctrl_netdev_has_driver - is it this one that a device here has? */
bool ctrl_netdev_has_driver(const char *dev, const char *driver);

/* ctrl_veth_peer - index of a veth's peer, in which namespace it is in @netnsid
 *
 * Returns 0 if there is none.
 */
__u32 ctrl_veth_peer(__u32 ifindex, __s32 *netnsid);

/* ctrl_netns_id - which id the network namespace that is open as @fd has here, or -1 */
__s32 ctrl_netns_id(int fd);

/* ctrl_netns_cookie - what no other network namespace has, or 0 */
__u64 ctrl_netns_cookie(void);

#endif /* __BPFTOOL_NETDEV_CTRL_H */
