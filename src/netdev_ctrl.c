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

#include <bpf/bpf.h>
#include "bpf/nlattr.h"

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
	struct nlattr *nla = (void *)req + NLMSG_ALIGN(req->nh.nlmsg_len);

	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	memcpy((void *)nla + NLA_HDRLEN, data, len);
	req->nh.nlmsg_len = NLMSG_ALIGN(req->nh.nlmsg_len) +
			    NLA_ALIGN(nla->nla_len);
}

/* Returns 1 to go on, 0 at the end of the answer or a negative errno. */
static int nl_handle(const struct nlmsghdr *nh, __u32 seq, nl_msg_fn fn,
		     void *ctx, bool *interrupted)
{
	const struct nlmsgerr *e = NLMSG_DATA(nh);
	int err;

	if (nh->nlmsg_seq != seq)
		return 1;
	if (nh->nlmsg_flags & NLM_F_DUMP_INTR)
		*interrupted = true;
	if (nh->nlmsg_type == NLMSG_DONE)
		return 0;
	if (nh->nlmsg_type == NLMSG_ERROR)
		return e->error;

	err = fn(nh, ctx);
	if (err)
		return err;
	return nh->nlmsg_flags & NLM_F_MULTI ? 1 : 0;
}

static int nl_receive(int sock, __u32 seq, nl_msg_fn fn, void *ctx, void *buf)
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
			err = nl_handle(nh, seq, fn, ctx, &interrupted);
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
	req->nh.nlmsg_seq = 1;
	if (send(sock, req, req->nh.nlmsg_len, 0) < 0)
		err = -errno;
	else
		err = nl_receive(sock, req->nh.nlmsg_seq, fn, ctx, buf);
	close(sock);
out:
	free(buf);
	return err;
}

static void parse_xdp(struct nlattr *attr, struct ctrl_netdev *dev)
{
	struct nlattr *tb[IFLA_XDP_MAX + 1];

	if (libbpf_nla_parse_nested(tb, IFLA_XDP_MAX, attr, NULL))
		return;

	if (tb[IFLA_XDP_ATTACHED])
		dev->attached = libbpf_nla_getattr_u8(tb[IFLA_XDP_ATTACHED]);
	if (tb[IFLA_XDP_PROG_ID])
		dev->prog_id = libbpf_nla_getattr_u32(tb[IFLA_XDP_PROG_ID]);
	if (tb[IFLA_XDP_DRV_PROG_ID])
		dev->drv_prog_id = libbpf_nla_getattr_u32(tb[IFLA_XDP_DRV_PROG_ID]);
	if (tb[IFLA_XDP_SKB_PROG_ID])
		dev->skb_prog_id = libbpf_nla_getattr_u32(tb[IFLA_XDP_SKB_PROG_ID]);
	if (tb[IFLA_XDP_HW_PROG_ID])
		dev->hw_prog_id = libbpf_nla_getattr_u32(tb[IFLA_XDP_HW_PROG_ID]);
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
	struct ifinfomsg *ifi = NLMSG_DATA(nh);
	struct nlattr *tb[IFLA_MAX + 1];
	struct ctrl_netdev *dev;

	if (nh->nlmsg_type != RTM_NEWLINK)
		return 0;
	if (libbpf_nla_parse(tb, IFLA_MAX, (void *)ifi + NLMSG_ALIGN(sizeof(*ifi)),
			     NLMSG_PAYLOAD(nh, sizeof(*ifi)), NULL))
		return -EBADMSG;

	dev = add_netdev(ctx);
	if (!dev)
		return -ENOMEM;
	dev->ifindex = ifi->ifi_index;
	if (tb[IFLA_IFNAME])
		snprintf(dev->name, sizeof(dev->name), "%s",
			 libbpf_nla_getattr_str(tb[IFLA_IFNAME]));
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
	struct nlattr *tb[CTRL_ATTR_FAMILY_ID + 1];
	void *attrs = NLMSG_DATA(nh) + GENL_HDRLEN;
	__u16 *id = ctx;

	if (libbpf_nla_parse(tb, CTRL_ATTR_FAMILY_ID, attrs,
			     NLMSG_PAYLOAD(nh, GENL_HDRLEN), NULL))
		return -EBADMSG;
	if (tb[CTRL_ATTR_FAMILY_ID])
		*id = libbpf_nla_getattr_u16(tb[CTRL_ATTR_FAMILY_ID]);
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
	struct nlattr *tb[NETDEV_A_DEV_XDP_FEATURES + 1];
	void *attrs = NLMSG_DATA(nh) + GENL_HDRLEN;
	struct netdev_list *list = ctx;
	struct ctrl_netdev key, *dev;

	if (libbpf_nla_parse(tb, NETDEV_A_DEV_XDP_FEATURES, attrs,
			     NLMSG_PAYLOAD(nh, GENL_HDRLEN), NULL))
		return -EBADMSG;
	if (!tb[NETDEV_A_DEV_IFINDEX] || !tb[NETDEV_A_DEV_XDP_FEATURES])
		return 0;

	key.ifindex = libbpf_nla_getattr_u32(tb[NETDEV_A_DEV_IFINDEX]);
	dev = bsearch(&key, list->devs, list->nr, sizeof(key), cmp_ifindex);
	if (dev) {
		dev->features = libbpf_nla_getattr_u64(tb[NETDEV_A_DEV_XDP_FEATURES]);
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
