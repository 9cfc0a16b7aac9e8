// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Network devices that come, change and go, by rtnetlink, and packets for them. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "fuzz.h"

#define DEVICES	6	/* of each kind */

struct request {
	struct nlmsghdr header;
	struct ifinfomsg link;
	uint8_t attributes[512];
};

static int rtnl = -1, packets = -1;
static int programs[3];

static void request_init(struct request *request, int type, int flags, unsigned int index)
{
	memset(request, 0, sizeof(*request));
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	request->header.nlmsg_len = NLMSG_LENGTH(sizeof(request->link));
	request->link.ifi_index = index;
}

static struct rtattr *add(struct request *request, int type, const void *data, size_t size)
{
	struct rtattr *attr = (void *)request + NLMSG_ALIGN(request->header.nlmsg_len);

	attr->rta_type = type;
	attr->rta_len = RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(attr), data, size);
	request->header.nlmsg_len = (void *)attr + RTA_ALIGN(attr->rta_len) - (void *)request;
	return attr;
}

static void end(struct request *request, struct rtattr *attr)
{
	attr->rta_len = (void *)request + request->header.nlmsg_len - (void *)attr;
}

static void add_number(struct request *request, int type, uint32_t number)
{
	add(request, type, &number, sizeof(number));
}

/* What becomes of it is the kernel's affair, and often that it is refused. */
static void send_request(const struct request *request)
{
	char answer[1024];

	if (send(rtnl, request, request->header.nlmsg_len, 0) > 0)
		recv(rtnl, answer, sizeof(answer), 0);
}

static const char *name(const char *kind, uint32_t nr)
{
	static char names[4][IFNAMSIZ];
	static unsigned int at;
	char *to = names[at++ % 4];

	snprintf(to, IFNAMSIZ, "%s%u", kind, nr);
	return to;
}

static void add_name(struct request *request, const char *to)
{
	add(request, IFLA_IFNAME, to, strlen(to) + 1);
}

static void add_veth(uint32_t nr, uint32_t queues)
{
	struct request request;
	struct rtattr *info, *data, *peer;
	static const struct ifinfomsg link;

	request_init(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	add_name(&request, name("fv", nr));
	add_number(&request, IFLA_NUM_TX_QUEUES, queues);
	add_number(&request, IFLA_NUM_RX_QUEUES, queues);
	info = add(&request, IFLA_LINKINFO, NULL, 0);
	add(&request, IFLA_INFO_KIND, "veth", 4);
	data = add(&request, IFLA_INFO_DATA, NULL, 0);
	peer = add(&request, VETH_INFO_PEER, &link, sizeof(link));
	add_name(&request, name("fp", nr));
	add_number(&request, IFLA_NUM_TX_QUEUES, queues);
	add_number(&request, IFLA_NUM_RX_QUEUES, queues);
	end(&request, peer);
	end(&request, data);
	end(&request, info);
	send_request(&request);
}

static void add_kind(const char *kind, const char *to)
{
	struct request request;
	struct rtattr *info;

	request_init(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	add_name(&request, to);
	info = add(&request, IFLA_LINKINFO, NULL, 0);
	add(&request, IFLA_INFO_KIND, kind, strlen(kind));
	end(&request, info);
	send_request(&request);
}

static void set_up(unsigned int index, int up)
{
	struct request request;

	request_init(&request, RTM_NEWLINK, 0, index);
	request.link.ifi_flags = up ? IFF_UP : 0;
	request.link.ifi_change = IFF_UP;
	send_request(&request);
}

static void set_program(unsigned int index, int fd, uint32_t flags)
{
	struct request request;
	struct rtattr *xdp;

	request_init(&request, RTM_NEWLINK, 0, index);
	xdp = add(&request, IFLA_XDP | NLA_F_NESTED, NULL, 0);
	add_number(&request, IFLA_XDP_FD, fd);
	add_number(&request, IFLA_XDP_FLAGS, flags);
	end(&request, xdp);
	send_request(&request);
}

static void set_number(unsigned int index, int type, uint32_t number)
{
	struct request request;

	request_init(&request, RTM_NEWLINK, 0, index);
	add_number(&request, type, number);
	send_request(&request);
}

static void delete(unsigned int index)
{
	struct request request;

	request_init(&request, RTM_DELLINK, 0, index);
	send_request(&request);
}

static void write_file(const char *path, const char *what)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	dprintf(fd, "%s", what);
	close(fd);
}

static void add_or_delete_netdevsim(struct rng *rng)
{
	char words[32];

	snprintf(words, sizeof(words), "%u 1 %u", rng_below(rng, 3), 1 + rng_below(rng, 4));
	if (rng_one_in(rng, 2))
		write_file("/sys/bus/netdevsim/new_device", words);
	else
		write_file("/sys/bus/netdevsim/del_device", strtok(words, " "));
}

static void send_packet(unsigned int index)
{
	static const uint8_t frame[ETH_ZLEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2 };
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_ifindex = index, .sll_halen = ETH_ALEN,
	};

	sendto(packets, frame, sizeof(frame), MSG_DONTWAIT, (void *)&to, sizeof(to));
}

/* The device that is meant, or another: netdevsim's are called eth0 and so on */
static unsigned int any_device(struct rng *rng)
{
	static const char *const kinds[] = { "fv", "fp", "fd", "fb", "eth" };
	unsigned int index = if_nametoindex(name(kinds[rng_below(rng, ARRAY_SIZE(kinds))],
						 rng_below(rng, DEVICES)));

	return index ?: if_nametoindex("lo");
}

static void link_xdp(struct rng *rng, unsigned int index)
{
	static long links[4] = { -1, -1, -1, -1 };
	long *link = &links[rng_below(rng, ARRAY_SIZE(links))];

	if (*link >= 0)
		close(*link);
	*link = link_create(programs[rng_below(rng, ARRAY_SIZE(programs))], index, BPF_XDP,
			    rng_below(rng, 2) ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE);
}

static void change(struct rng *rng, unsigned int index)
{
	static const uint32_t modes[] = { 0, XDP_FLAGS_SKB_MODE, XDP_FLAGS_DRV_MODE };
	uint32_t mode = modes[rng_below(rng, ARRAY_SIZE(modes))];

	switch (rng_below(rng, 16)) {
	case 0 ... 3:
		set_up(index, 1);
		break;
	case 4:
		set_up(index, 0);
		break;
	case 5 ... 6:
		set_program(index, programs[rng_below(rng, ARRAY_SIZE(programs))], mode);
		break;
	case 7 ... 8:
		set_program(index, -1, mode);
		break;
	case 9:
		link_xdp(rng, index);
		break;
	case 10:
		set_number(index, IFLA_MTU, 1000 + rng_below(rng, 8000));
		break;
	case 11:
		set_number(index, IFLA_MASTER, rng_one_in(rng, 2) ? any_device(rng) : 0);
		break;
	default:
		send_packet(index);
	}
}

void devices_step(struct rng *rng)
{
	uint32_t nr = rng_below(rng, DEVICES);

	switch (rng_below(rng, 32)) {
	case 0 ... 1:
		add_veth(nr, 1 + rng_below(rng, 4));
		break;
	case 2:
		add_kind("dummy", name("fd", nr));
		break;
	case 3:
		add_kind("bond", name("fb", nr));
		break;
	case 4 ... 5:
		delete(any_device(rng));
		break;
	case 6:
		/* to one of the processes that have a network namespace of their own */
		set_number(if_nametoindex(name("fp", nr)), IFLA_NET_NS_PID,
			   getppid() + 1 + rng_below(rng, CALLS_KINDS));
		break;
	case 7:
		add_or_delete_netdevsim(rng);
		break;
	default:
		change(rng, any_device(rng));
	}
}

void devices_init(void)
{
	unsigned int i;

	rtnl = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	packets = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	for (i = 0; i < ARRAY_SIZE(programs); i++)
		programs[i] = prog_load(BPF_PROG_TYPE_XDP, 0, i + 1 /* drop, pass, tx */);
}

void devices_add_pair(void)
{
	if (rtnl >= 0)
		close(rtnl);
	rtnl = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	add_veth(0, 2);
	set_up(if_nametoindex("fv0"), 1);
	set_up(if_nametoindex("fp0"), 1);
}
