// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Who is at the other end of a veth, and which network namespace is this: what the kernel
 * says for certain, where numbers are used again.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "fallback_ctrl.h"

/* An answer about one device, with all that drivers may add to it */
#define ANSWER_SIZE	32768

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE	71
#endif

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

static ssize_t ask(__u32 ifindex, void *answer)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg info;
	} request = {
		.head = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.info.ifi_index = ifindex,
	};
	ssize_t len = -1;
	int sock;

	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (sock < 0)
		return -1;
	if (send(sock, &request, sizeof(request), 0) == sizeof(request))
		len = recv(sock, answer, ANSWER_SIZE, 0);
	close(sock);
	return len;
}

/* The peer's index means nothing where the answer says that it is in another namespace. */
__u32 ctrl_veth_peer(__u32 ifindex)
{
	static struct nlmsghdr answer[ANSWER_SIZE / NLMSG_HDRLEN];
	struct nlmsghdr *head = answer;
	bool elsewhere = false;
	struct rtattr *attr;
	__u32 peer = 0;
	ssize_t len;

	len = ask(ifindex, answer);
	if (len < 0 || !NLMSG_OK(head, len) || head->nlmsg_type != RTM_NEWLINK)
		return 0;

	len = IFLA_PAYLOAD(head);
	for (attr = IFLA_RTA(NLMSG_DATA(head)); RTA_OK(attr, len); attr = RTA_NEXT(attr, len)) {
		if (attr->rta_type == IFLA_LINK && RTA_PAYLOAD(attr) == sizeof(peer))
			memcpy(&peer, RTA_DATA(attr), sizeof(peer));
		elsewhere |= attr->rta_type == IFLA_LINK_NETNSID;
	}
	return elsewhere ? 0 : peer;
}
