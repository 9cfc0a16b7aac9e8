// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What it takes to send a packet out of a device and, on the same CPU, to receive it.
 *
 * usage: send NAME DEV ROUNDS PACKETS
 *
 * For each of ROUNDS prints NAME and the nanoseconds that PACKETS more packets take,
 * divided by PACKETS: what is not done for each packet cancels out. Not the CPU time
 * of this thread: packets may be received by ksoftirqd, and nothing else runs. Then
 * "NAME/sent" and the number of all packets.
 */
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <linux/udp.h>

#include "bench.h"

struct frame {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	char data[18];
} __attribute__((packed));

static unsigned long long sent;

static void frame_init(struct frame *frame)
{
	*frame = (struct frame){
		.eth = {
			.h_dest		= { 2, 0, 0, 0, 0, 1 },
			.h_source	= { 2, 0, 0, 0, 0, 2 },
			.h_proto	= htons(ETH_P_IP),
		},
		.ip = {
			.version	= 4,
			.ihl		= 5,
			.ttl		= 64,
			.tot_len	= htons(sizeof(*frame) - sizeof(frame->eth)),
			.protocol	= IPPROTO_UDP,
			.saddr		= htonl(0xc0000201),	/* 192.0.2.1 */
			.daddr		= htonl(0xc0000202),
		},
		.udp = {
			.source		= htons(9),
			.dest		= htons(9),
			.len		= htons(sizeof(frame->udp) + sizeof(frame->data)),
		},
	};
}

static int open_socket(const char *dev)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(dev),
	};
	int sock = socket(AF_PACKET, SOCK_RAW, 0);

	if (!addr.sll_ifindex)
		err(1, "can't find device %s", dev);
	if (sock < 0 || bind(sock, (struct sockaddr *)&addr, sizeof(addr)))
		err(1, "can't open a packet socket on %s", dev);
	return sock;
}

static unsigned long long send_frames(int sock, unsigned int nr)
{
	unsigned long long begin = now(CLOCK_MONOTONIC);
	struct frame frame;

	frame_init(&frame);
	sent += nr;
	while (nr--)
		if (send(sock, &frame, sizeof(frame), 0) != sizeof(frame))
			err(1, "can't send a packet");
	return now(CLOCK_MONOTONIC) - begin;
}

int main(int argc, char **argv)
{
	unsigned long long short_time, long_time;
	unsigned int rounds, packets, few;
	int sock;

	if (argc != 5)
		errx(1, "usage: send NAME DEV ROUNDS PACKETS");
	sock = open_socket(argv[2]);
	rounds = parse_count(argv[3]);
	packets = parse_count(argv[4]);
	few = packets / 10 + 1;

	/* what the first packets find cold */
	send_frames(sock, few);
	while (rounds--) {
		short_time = send_frames(sock, few);
		long_time = send_frames(sock, packets + few);
		printf("%s %.2f\n", argv[1],
		       (double)(long_time - short_time) / packets);
	}
	printf("%s/sent %llu\n", argv[1], sent);
	return 0;
}
