// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: frames [-a BYTE] [-b BURST] [-d MAC] [-r SIZE] [-w MS] COUNT SIZE DEV
 *		[DEV=COUNT]...
 *
 * Sends COUNT frames of SIZE bytes out of a device and counts those that arrive at
 * others: quiet and successful if COUNT did, each of SIZE bytes (or as -r says). A
 * DEV is NETNS/NAME. BYTE is the content of the frames, and after BURST (32) of
 * them there is a pause for those to be dealt with; 0 is no pause. After MS (60000)
 * it does not wait for more.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>

#include "frames.h"

#define MAX_RECEIVERS	8
#define QUIET_MS	50	/* to wait for frames that are not expected */

struct receiver {
	const char *name;
	int sock;
	unsigned long expected;
	unsigned long packets;
	unsigned long other_sizes;
	unsigned long last_size;
};

static unsigned char buf[FRAME_MAX];

static void enter_netns(const char *name, size_t len)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%.*s", (int)len, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(2, "can't enter network namespace %s", path);
	close(fd);
}

static int open_socket(const char *name, int protocol)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET };
	const char *slash = strchr(name, '/');
	int sock, size = 64 << 20;

	if (!slash)
		errx(2, "'%s' is not NETNS/NAME", name);
	enter_netns(name, slash - name);

	addr.sll_protocol = htons(protocol);
	addr.sll_ifindex = if_nametoindex(slash + 1);
	if (!addr.sll_ifindex)
		err(2, "can't find device %s", name);
	/* nothing is received before the socket is bound */
	sock = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (sock < 0 || bind(sock, (struct sockaddr *)&addr, sizeof(addr)))
		err(2, "can't open a packet socket on %s", name);
	if (setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(sock, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		err(2, "can't enlarge the buffers of %s", name);
	return sock;
}

static void open_receiver(struct receiver *rcv, char *arg)
{
	char *equals = strchr(arg, '=');

	if (!equals)
		errx(2, "'%s' is not DEV=COUNT", arg);
	*equals = '\0';
	rcv->name = arg;
	rcv->expected = to_number(equals + 1, 0, -1UL);
	rcv->sock = open_socket(arg, FRAME_TYPE);
}

/* A packet socket sees what its device sends, too. */
static void receive(struct receiver *rcv, unsigned long size)
{
	struct sockaddr_ll from;
	socklen_t len = sizeof(from);
	ssize_t got;

	while ((got = recvfrom(rcv->sock, buf, sizeof(buf), MSG_DONTWAIT | MSG_TRUNC,
			       (struct sockaddr *)&from, &len)) >= 0) {
		if (from.sll_pkttype == PACKET_OUTGOING)
			continue;
		rcv->packets++;
		if ((unsigned long)got != size) {
			rcv->other_sizes++;
			rcv->last_size = got;
		}
		len = sizeof(from);
	}
	if (errno != EAGAIN)
		err(2, "can't receive from %s", rcv->name);
}

static bool all_received(struct receiver *rcvs, int nr, unsigned long size)
{
	bool all = true;
	int i;

	for (i = 0; i < nr; i++) {
		receive(&rcvs[i], size);
		all &= rcvs[i].packets >= rcvs[i].expected;
	}
	return all;
}

static int check(const struct receiver *rcv, unsigned long size)
{
	if (rcv->packets != rcv->expected)
		warnx("%s received %lu frames, not %lu", rcv->name, rcv->packets,
		      rcv->expected);
	if (rcv->other_sizes)
		warnx("%s received %lu frames of other sizes than %lu, the last of %lu bytes",
		      rcv->name, rcv->other_sizes, size, rcv->last_size);
	return rcv->packets != rcv->expected || rcv->other_sizes;
}

/* Until whoever got them has dealt with the frames that SOCK sent, or it is too late. */
static void settle(int sock, long long deadline)
{
	int bytes;

	for (;;) {
		if (ioctl(sock, SIOCOUTQ, &bytes))
			err(2, "can't ask what became of the frames");
		if (!bytes || now_ms() >= deadline)
			return;
		sleep_ms(1);
	}
}

/* A device that has just got its carrier drops frames until a worker was there, which makes
 * it running first of all, and holds the lock until it is done that ETHTOOL_GLINK takes.
 */
static void wait_for_carrier(int sock, const char *name, long long deadline)
{
	struct ethtool_value link = { .cmd = ETHTOOL_GLINK };
	struct ifreq ifr = {};

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", strchr(name, '/') + 1);
	do {
		if (ioctl(sock, SIOCGIFFLAGS, &ifr))
			err(2, "can't ask whether %s is running", name);
		if (ifr.ifr_flags & IFF_RUNNING) {
			ifr.ifr_data = (void *)&link;
			if (ioctl(sock, SIOCETHTOOL, &ifr) && errno != EOPNOTSUPP)
				err(2, "can't ask whether %s has a carrier", name);
			return;
		}
		sleep_ms(1);
	} while (now_ms() < deadline);
}

static void send_frames(int sock, const void *frame, size_t size,
			unsigned long count, unsigned long burst, unsigned long wait)
{
	unsigned long i;

	for (i = 0; i < count; i++) {
		if (send(sock, frame, size, 0) != (ssize_t)size)
			err(2, "can't send frame %lu", i);
		if (burst && i % burst == burst - 1) {
			sleep_ms(1);
			settle(sock, now_ms() + wait);
		}
	}
}

int main(int argc, char **argv)
{
	unsigned char frame[FRAME_MAX], dst[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
	unsigned long count, size, received_size = 0, burst = 32, fill = 0, wait = 60000;
	struct receiver rcvs[MAX_RECEIVERS] = {};
	int opt, sock, i, nr, bad = 0;
	long long deadline;

	while ((opt = getopt(argc, argv, "a:b:d:r:w:")) != -1) {
		if (opt == 'a')
			fill = to_number(optarg, 0, 255);
		else if (opt == 'b')
			burst = to_number(optarg, 0, -1UL);
		else if (opt == 'r')
			received_size = to_number(optarg, ETH_HLEN, FRAME_MAX);
		else if (opt == 'w')
			wait = to_number(optarg, 0, 600000);
		else if (opt != 'd' ||
			 sscanf(optarg, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", dst, dst + 1,
				dst + 2, dst + 3, dst + 4, dst + 5) != 6)
			return 2;
	}
	nr = argc - optind - 3;
	if (nr < 0 || nr > MAX_RECEIVERS)
		errx(2, "usage: frames [OPTION]... COUNT SIZE DEV [DEV=COUNT]...");

	count = to_number(argv[optind], 0, -1UL);
	size = to_number(argv[optind + 1], ETH_HLEN, FRAME_MAX);
	received_size = received_size ?: size;
	frame_init(frame, size, dst, fill);
	for (i = 0; i < nr; i++)
		open_receiver(&rcvs[i], argv[optind + 3 + i]);
	sock = open_socket(argv[optind + 2], 0);
	wait_for_carrier(sock, argv[optind + 2], now_ms() + wait);

	send_frames(sock, frame, size, count, burst, wait);

	deadline = now_ms() + wait;
	while (!all_received(rcvs, nr, received_size) && now_ms() < deadline)
		sleep_ms(1);
	settle(sock, deadline);
	sleep_ms(QUIET_MS);
	all_received(rcvs, nr, received_size);

	for (i = 0; i < nr; i++)
		bad |= check(&rcvs[i], received_size);
	return bad;
}
