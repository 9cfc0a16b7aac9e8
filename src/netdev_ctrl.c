// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What rtnetlink and the netdev family say about XDP on network devices.
 *
 * bpf_xdp_query() says the same about one device, but walks all of them to do
 * so: for a list of devices it is called for, that is quadratic.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/netdev.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "ctrl.h"
#include "main.h"

#define NL_BUF_SIZE	(32 * 1024)	/* the kernel fills no more at once */
#define NL_TRIES	4

struct nl_request {
	struct nlmsghdr nh;
	union {
		struct genlmsghdr genl;
		struct ifinfomsg ifi;
	};
	char attrs[64];
};

typedef int (*nl_msg_fn)(const struct nlmsghdr *nh, void *ctx);

struct netdev_list {
	struct ctrl_netdev *devs;
	size_t nr;
	size_t max;
};

static void nl_add_attr(struct nl_request *req, __u16 type, const void *data,
			__u16 len)
{
	struct rtattr *rta = (void *)req + NLMSG_ALIGN(req->nh.nlmsg_len);

	rta->rta_type = type;
	rta->rta_len = RTA_LENGTH(len);
	memcpy(RTA_DATA(rta), data, len);
	req->nh.nlmsg_len = NLMSG_ALIGN(req->nh.nlmsg_len) +
			    RTA_ALIGN(rta->rta_len);
}

/*
 * Not libbpf_nla_parse(), which warns of each attribute that occurs twice: where
 * the kernel pads 64-bit values, padding does.
 */
static void nl_parse(const struct rtattr *tb[], unsigned int max,
		     const struct rtattr *rta, int len)
{
	unsigned int type;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	for (; RTA_OK(rta, len); rta = RTA_NEXT(rta, len)) {
		type = rta->rta_type & NLA_TYPE_MASK;
		if (type <= max)
			tb[type] = rta;
	}
}

/* The value of an attribute of up to 8 bytes, 0 if it is not there. */
static __u64 nl_number(const struct rtattr *rta)
{
	__u64 v64;

	switch (rta ? RTA_PAYLOAD(rta) : 0) {
	case 1:
		return *(const __u8 *)RTA_DATA(rta);
	case 2:
		return *(const __u16 *)RTA_DATA(rta);
	case 4:
		return *(const __u32 *)RTA_DATA(rta);
	case 8: /* aligned to 4 only */
		memcpy(&v64, RTA_DATA(rta), sizeof(v64));
		return v64;
	default:
		return 0;
	}
}

/*
 * Returns 1 to go on, 0 at the end of the answer or a negative errno. The end of
 * a dump is NLMSG_DONE: generic netlink leaves out NLM_F_MULTI.
 */
static int nl_handle(const struct nlmsghdr *nh, bool dump, nl_msg_fn fn,
		     void *ctx, bool *interrupted)
{
	const struct nlmsgerr *e = NLMSG_DATA(nh);
	int err;

	if (nh->nlmsg_flags & NLM_F_DUMP_INTR)
		*interrupted = true;
	if (nh->nlmsg_type == NLMSG_DONE)
		return 0;
	if (nh->nlmsg_type == NLMSG_ERROR)
		return e->error;

	err = fn(nh, ctx);
	if (err)
		return err;
	return dump ? 1 : 0;
}

static int nl_receive(int sock, bool dump, nl_msg_fn fn, void *ctx, void *buf)
{
	bool interrupted = false;
	struct nlmsghdr *nh;
	int err, len;

	do {
		len = recv(sock, buf, NL_BUF_SIZE, 0);
		if (len < 0)
			return -errno;
		err = 1;
		for (nh = buf; err == 1 && NLMSG_OK(nh, (unsigned int)len);
		     nh = NLMSG_NEXT(nh, len))
			err = nl_handle(nh, dump, fn, ctx, &interrupted);
	} while (err == 1);

	return !err && interrupted ? -EAGAIN : err;
}

static int nl_talk(int proto, struct nl_request *req, nl_msg_fn fn, void *ctx)
{
	void *buf = malloc(NL_BUF_SIZE);
	int sock, err;

	if (!buf)
		return -ENOMEM;

	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, proto);
	if (sock < 0) {
		err = -errno;
		goto out;
	}
	if (send(sock, req, req->nh.nlmsg_len, 0) < 0)
		err = -errno;
	else
		err = nl_receive(sock, req->nh.nlmsg_flags & NLM_F_DUMP, fn,
				 ctx, buf);
	close(sock);
out:
	free(buf);
	return err;
}

static void parse_xdp(const struct rtattr *rta, struct ctrl_netdev *dev)
{
	const struct rtattr *tb[IFLA_XDP_MAX + 1];

	nl_parse(tb, IFLA_XDP_MAX, RTA_DATA(rta), RTA_PAYLOAD(rta));
	dev->attached = nl_number(tb[IFLA_XDP_ATTACHED]);
	dev->prog_id = nl_number(tb[IFLA_XDP_PROG_ID]);
	dev->drv_prog_id = nl_number(tb[IFLA_XDP_DRV_PROG_ID]);
	dev->skb_prog_id = nl_number(tb[IFLA_XDP_SKB_PROG_ID]);
	dev->hw_prog_id = nl_number(tb[IFLA_XDP_HW_PROG_ID]);
}

static struct ctrl_netdev *add_netdev(struct netdev_list *list)
{
	size_t max = list->max ? list->max * 2 : 64;
	struct ctrl_netdev *devs;

	if (list->nr == list->max) {
		devs = realloc(list->devs, max * sizeof(*devs));
		if (!devs)
			return NULL;
		list->devs = devs;
		list->max = max;
	}
	devs = &list->devs[list->nr++];
	memset(devs, 0, sizeof(*devs));
	return devs;
}

static int parse_link(const struct nlmsghdr *nh, void *ctx)
{
	const struct ifinfomsg *ifi = NLMSG_DATA(nh);
	const struct rtattr *tb[IFLA_XDP + 1];
	struct ctrl_netdev *dev;

	if (nh->nlmsg_type != RTM_NEWLINK)
		return 0;

	nl_parse(tb, IFLA_XDP, IFLA_RTA(ifi), IFLA_PAYLOAD(nh));
	dev = add_netdev(ctx);
	if (!dev)
		return -ENOMEM;
	dev->ifindex = ifi->ifi_index;
	if (tb[IFLA_IFNAME])
		snprintf(dev->name, sizeof(dev->name), "%.*s",
			 (int)RTA_PAYLOAD(tb[IFLA_IFNAME]),
			 (char *)RTA_DATA(tb[IFLA_IFNAME]));
	if (tb[IFLA_XDP])
		parse_xdp(tb[IFLA_XDP], dev);
	return 0;
}

static int get_links(__u32 ifindex, struct netdev_list *list)
{
	__u32 mask = RTEXT_FILTER_SKIP_STATS;
	struct nl_request req = {
		.nh.nlmsg_len = NLMSG_LENGTH(sizeof(req.ifi)),
		.nh.nlmsg_type = RTM_GETLINK,
		.nh.nlmsg_flags = NLM_F_REQUEST | (ifindex ? 0 : NLM_F_DUMP),
		.ifi.ifi_index = ifindex,
	};

	list->nr = 0;
	nl_add_attr(&req, IFLA_EXT_MASK, &mask, sizeof(mask));
	return nl_talk(NETLINK_ROUTE, &req, parse_link, list);
}

static int cmp_ifindex(const void *a, const void *b)
{
	const struct ctrl_netdev *x = a, *y = b;

	return x->ifindex < y->ifindex ? -1 : x->ifindex > y->ifindex;
}

static int parse_family(const struct nlmsghdr *nh, void *ctx)
{
	const struct rtattr *tb[CTRL_ATTR_FAMILY_ID + 1];
	__u16 *id = ctx;

	nl_parse(tb, CTRL_ATTR_FAMILY_ID, NLMSG_DATA(nh) + GENL_HDRLEN,
		 NLMSG_PAYLOAD(nh, GENL_HDRLEN));
	*id = nl_number(tb[CTRL_ATTR_FAMILY_ID]);
	return 0;
}

static int get_family(__u16 *id)
{
	struct nl_request req = {
		.nh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
		.nh.nlmsg_type = GENL_ID_CTRL,
		.nh.nlmsg_flags = NLM_F_REQUEST,
		.genl.cmd = CTRL_CMD_GETFAMILY,
		.genl.version = 1,
	};

	*id = 0;
	nl_add_attr(&req, CTRL_ATTR_FAMILY_NAME, NETDEV_FAMILY_NAME,
		    sizeof(NETDEV_FAMILY_NAME));
	return nl_talk(NETLINK_GENERIC, &req, parse_family, id);
}

static int parse_features(const struct nlmsghdr *nh, void *ctx)
{
	const struct rtattr *tb[NETDEV_A_DEV_XDP_FEATURES + 1];
	struct netdev_list *list = ctx;
	struct ctrl_netdev key, *dev;

	nl_parse(tb, NETDEV_A_DEV_XDP_FEATURES, NLMSG_DATA(nh) + GENL_HDRLEN,
		 NLMSG_PAYLOAD(nh, GENL_HDRLEN));
	key.ifindex = nl_number(tb[NETDEV_A_DEV_IFINDEX]);
	dev = bsearch(&key, list->devs, list->nr, sizeof(key), cmp_ifindex);
	if (dev && tb[NETDEV_A_DEV_XDP_FEATURES]) {
		dev->features = nl_number(tb[NETDEV_A_DEV_XDP_FEATURES]);
		dev->has_features = true;
	}
	return 0;
}

/* A kernel without this family does not say; that is not an error. */
static int get_features(__u32 ifindex, struct netdev_list *list)
{
	struct nl_request req = {
		.nh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
		.nh.nlmsg_flags = NLM_F_REQUEST | (ifindex ? 0 : NLM_F_DUMP),
		.genl.cmd = NETDEV_CMD_DEV_GET,
		.genl.version = 1,
	};

	if (get_family(&req.nh.nlmsg_type) || !req.nh.nlmsg_type)
		return 0;
	if (ifindex)
		nl_add_attr(&req, NETDEV_A_DEV_IFINDEX, &ifindex, sizeof(ifindex));
	return nl_talk(NETLINK_GENERIC, &req, parse_features, list);
}

/* A dump that a change of the devices interrupted may have missed some. */
static int get_all(__u32 ifindex, struct netdev_list *list)
{
	int err, tries;

	for (tries = 0; tries < NL_TRIES; tries++) {
		err = get_links(ifindex, list);
		if (err != -EAGAIN)
			break;
	}
	if (err && err != -EAGAIN)
		return err;

	qsort(list->devs, list->nr, sizeof(*list->devs), cmp_ifindex);
	err = get_features(ifindex, list);
	return err == -EAGAIN ? 0 : err;
}

int ctrl_netdevs_get(__u32 ifindex, struct ctrl_netdev **devs, size_t *nr)
{
	struct netdev_list list = {};
	int err;

	err = get_all(ifindex, &list);
	if (err) {
		p_err("can't get network devices by netlink: %s",
		      strerror(-err));
		free(list.devs);
		return err;
	}
	*devs = list.devs;
	*nr = list.nr;
	return 0;
}
