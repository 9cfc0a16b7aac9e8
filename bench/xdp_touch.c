// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Redirect a packet to each network device that is up, so that all have XDP counters
 * to read, and see that it was counted.
 *
 * usage: xdp_touch OBJECT
 *
 * The packets are sent to the loopback device, on which xdp_touch.bpf.c (OBJECT)
 * is generic XDP meanwhile.
 */
#include <net/if.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bench.h"

static int load_program(const char *path)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);

	if (!object)
		err(1, "can't open %s", path);
	if (bpf_object__load(object))
		err(1, "can't load %s", path);
	return bpf_program__fd(bpf_object__find_program_by_name(object, "touch"));
}

static void touch(int sock, int lo, __u32 ifindex)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_ifindex = lo,
	};
	char frame[ETH_ZLEN] = {};

	memcpy(frame + ETH_HLEN, &ifindex, sizeof(ifindex));
	if (sendto(sock, frame, sizeof(frame), 0, (struct sockaddr *)&addr,
		   sizeof(addr)) != sizeof(frame))
		err(1, "can't send a packet for ifindex %u", ifindex);
}

static bool counted(int map_fd, __u32 ifindex)
{
	struct bpf_ctrl_xdp_stats stats;

	if (bpf_map_lookup_elem(map_fd, &ifindex, &stats))
		err(1, "can't look up XDP statistics of ifindex %u", ifindex);
	return stats.xmit_packets;
}

/* The first packet counts: nothing is sent again. */
static void touch_counted(int sock, int lo, int map_fd, __u32 ifindex)
{
	int tries;

	touch(sock, lo, ifindex);
	/* a minute: the machine may be slow and busy */
	for (tries = 0; tries < 6000; tries++) {
		if (counted(map_fd, ifindex))
			return;
		usleep(10000);
	}
	errx(1, "the packet for ifindex %u was not counted", ifindex);
}

int main(int argc, char **argv)
{
	int prog_fd, map_fd, sock, lo = if_nametoindex("lo");
	__u32 *prev = NULL, key;

	if (argc != 2)
		errx(1, "usage: xdp_touch OBJECT");
	prog_fd = load_program(argv[1]);
	sock = socket(AF_PACKET, SOCK_RAW, 0);
	if (sock < 0)
		err(1, "can't open a packet socket");
	if (bpf_xdp_attach(lo, prog_fd, XDP_FLAGS_SKB_MODE, NULL))
		err(1, "can't attach XDP program to lo");

	map_fd = open_control_map(BPF_CTRL_XDP_STATS);
	for (; !bpf_map_get_next_key(map_fd, prev, &key); prev = &key)
		if (key != (__u32)lo)
			touch_counted(sock, lo, map_fd, key);
	if (errno != ENOENT)
		err(1, "can't iterate over the devices");

	if (bpf_xdp_detach(lo, XDP_FLAGS_SKB_MODE, NULL))
		err(1, "can't detach XDP program from lo");
	return 0;
}
