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
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

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
static ssize_t ask(struct request *request)
{
	ssize_t len = -1;
	int sock;

	request->head.nlmsg_type = RTM_GETLINK;
	request->head.nlmsg_flags = NLM_F_REQUEST;
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (sock < 0)
		return -1;
	if (send(sock, request, request->head.nlmsg_len, 0) >= 0)
		len = recv(sock, answer, sizeof(answer), 0);
	close(sock);

	if (len >= 0 && NLMSG_OK(answer, len) && answer->nlmsg_type == RTM_NEWLINK)
		return len;
	if (len >= 0)
		errno = ENODEV;
	return -1;
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

/* The peer's index means nothing where the answer says that it is in another namespace. */
__u32 ctrl_veth_peer(__u32 ifindex)
{
	struct request request = {
		.head.nlmsg_len = offsetof(struct request, attr),
		.info.ifi_index = ifindex,
	};
	bool elsewhere = false;
	struct rtattr *attr;
	__u32 peer = 0;
	ssize_t len;

	if (ask(&request) < 0)
		return 0;

	len = IFLA_PAYLOAD(answer);
	for (attr = IFLA_RTA(NLMSG_DATA(answer)); RTA_OK(attr, len); attr = RTA_NEXT(attr, len)) {
		if (attr->rta_type == IFLA_LINK && RTA_PAYLOAD(attr) == sizeof(peer))
			memcpy(&peer, RTA_DATA(attr), sizeof(peer));
		elsewhere |= attr->rta_type == IFLA_LINK_NETNSID;
	}
	return elsewhere ? 0 : peer;
}
