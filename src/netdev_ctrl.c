// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Network devices: by any name, who is at the other end of a veth, and which network
 * namespace this is. What the kernel says for certain, where numbers are used again.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/ethtool.h>
#include <linux/net_namespace.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>

#include "netdev_ctrl.h"

/* A word that is a device's name and nothing else: names have no colon. */
#define PREFIX		"dev:"

/* An answer about one device, with all that drivers may add to it */
#define ANSWER_SIZE	32768
#define ALTNAME_LEN	128

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE	71
#endif
#ifndef IFLA_ALT_IFNAME
#define IFLA_ALT_IFNAME	53
#endif
#ifndef IFLA_TARGET_NETNSID
#define IFLA_TARGET_NETNSID	46
#endif

struct request {
	struct nlmsghdr head;
	struct ifinfomsg info;
	struct rtattr attr;
	char name[ALTNAME_LEN];
};

static struct nlmsghdr answer[ANSWER_SIZE / sizeof(struct nlmsghdr)];

__u64 ctrl_netns_cookie(void)
{
	socklen_t len = sizeof(__u64);
	__u64 cookie = 0;
	int sock;

	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (sock < 0)
		return 0;
	if (getsockopt(sock, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len))
		cookie = 0;
	close(sock);
	return cookie;
}

/* Returns the length of what is in answer, or -1 with errno. */
static ssize_t talk(struct nlmsghdr *request, __u16 wanted)
{
	ssize_t len = -1;
	int sock;

	request->nlmsg_flags = NLM_F_REQUEST;
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (sock < 0)
		return -1;
	if (send(sock, request, request->nlmsg_len, 0) >= 0)
		len = recv(sock, answer, sizeof(answer), 0);
	close(sock);

	if (len >= 0 && NLMSG_OK(answer, (size_t)len) && answer->nlmsg_type == wanted)
		return len;
	if (len >= (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)) &&
	    answer->nlmsg_type == NLMSG_ERROR)
		errno = -((struct nlmsgerr *)NLMSG_DATA(answer))->error;
	else if (len >= 0)
		errno = ENODEV;
	return -1;
}

static ssize_t ask(struct request *request)
{
	request->head.nlmsg_type = RTM_GETLINK;
	return talk(&request->head, RTM_NEWLINK);
}

/* An attribute of a device in answer; NULL if it is not there or not as long. */
static const void *answered(unsigned short type, size_t size)
{
	int len = IFLA_PAYLOAD(answer);
	struct rtattr *attr;

	for (attr = IFLA_RTA(NLMSG_DATA(answer)); RTA_OK(attr, len); attr = RTA_NEXT(attr, len))
		if (attr->rta_type == type)
			return RTA_PAYLOAD(attr) >= size ? RTA_DATA(attr) : NULL;
	return NULL;
}

static __u32 answered_u32(unsigned short type)
{
	const void *data = answered(type, sizeof(__u32));
	__u32 value = 0;

	if (data)
		memcpy(&value, data, sizeof(value));
	return value;
}

const char *ctrl_netdev_name(const char *word)
{
	return strncmp(word, PREFIX, strlen(PREFIX)) ? word : word + strlen(PREFIX);
}

/* An ioctl takes names of up to 15 bytes. */
static __u32 index_of_altname(const char *name)
{
	struct request request = {
		.head.nlmsg_len = offsetof(struct request, name) + strlen(name) + 1,
		.attr.rta_type = IFLA_ALT_IFNAME,
		.attr.rta_len = RTA_LENGTH(strlen(name) + 1),
	};

	memcpy(request.name, name, strlen(name));
	if (ask(&request) < 0)
		return 0;
	return ((struct ifinfomsg *)NLMSG_DATA(answer))->ifi_index;
}

__u32 ctrl_netdev_index(const char *word)
{
	const char *name = ctrl_netdev_name(word);

	if (strlen(name) < IF_NAMESIZE)
		return if_nametoindex(name);
	if (strlen(name) < ALTNAME_LEN)
		return index_of_altname(name);
	errno = ENODEV;
	return 0;
}

int ctrl_netdev_get(__u32 ifindex, __s32 netnsid, struct ctrl_netdev *dev)
{
	struct request request = {
		.head.nlmsg_len = offsetof(struct request, attr),
		.info.ifi_index = ifindex,
		.attr.rta_type = IFLA_TARGET_NETNSID,
		.attr.rta_len = RTA_LENGTH(sizeof(netnsid)),
	};
	const struct ifinfomsg *info = NLMSG_DATA(answer);
	const char *name;

	memcpy(request.name, &netnsid, sizeof(netnsid));
	if (netnsid != CTRL_NETNS_HERE)
		request.head.nlmsg_len += RTA_ALIGN(request.attr.rta_len);
	if (ask(&request) < 0)
		return -errno;

	name = answered(IFLA_IFNAME, 1);
	if (!name)
		return -ENODEV;
	snprintf(dev->name, sizeof(dev->name), "%s", name);
	dev->up = info->ifi_flags & IFF_UP;
	dev->rx_queues = answered_u32(IFLA_NUM_RX_QUEUES);
	return 0;
}

__u32 ctrl_veth_peer(__u32 ifindex, __s32 *netnsid)
{
	struct request request = {
		.head.nlmsg_len = offsetof(struct request, attr),
		.info.ifi_index = ifindex,
	};

	if (ask(&request) < 0)
		return 0;
	*netnsid = answered(IFLA_LINK_NETNSID, sizeof(*netnsid)) ?
		   (__s32)answered_u32(IFLA_LINK_NETNSID) : CTRL_NETNS_HERE;
	return answered_u32(IFLA_LINK);
}

__s32 ctrl_netns_id(int fd)
{
	struct {
		struct nlmsghdr head;
		__u32 gen;	/* struct rtgenmsg, and what is behind it aligned */
		struct rtattr attr;
		int fd;
	} request = {
		.head.nlmsg_type = RTM_GETNSID,
		.head.nlmsg_len = sizeof(request),
		.attr.rta_type = NETNSA_FD,
		.attr.rta_len = RTA_LENGTH(sizeof(fd)),
		.fd = fd,
	};
	const struct rtattr *attr;
	__s32 id = -1;
	int len;

	if (talk(&request.head, RTM_NEWNSID) < 0)
		return -1;
	len = NLMSG_PAYLOAD(answer, sizeof(request.gen));
	attr = (void *)((char *)NLMSG_DATA(answer) + sizeof(request.gen));
	if (RTA_OK(attr, len) && attr->rta_type == NETNSA_NSID)
		memcpy(&id, RTA_DATA(attr), sizeof(id));
	return id;
}

int ctrl_ethtool(const char *dev, void *cmd)
{
	struct ifreq ifr = { .ifr_data = cmd };
	int err, sock;

	sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sock < 0)
		return -errno;
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	err = ioctl(sock, SIOCETHTOOL, &ifr) ? -errno : 0;
	close(sock);
	return err;
}

bool ctrl_netdev_has_driver(const char *dev, const char *driver)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };

	return !ctrl_ethtool(dev, &info) && !strcmp(info.driver, driver);
}
