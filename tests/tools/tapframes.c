// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: tapframes [-a BYTE] [-n] NAME COUNT SIZE [EXPECTED]
 *
 * Is what is behind the tap device NAME, which exists: writes COUNT frames of SIZE
 * bytes to it and reads those that come out of it. Quiet and successful if EXPECTED
 * (0) frames did. The device receives in write(); with -n (the device must have
 * been created with IFF_NAPI and IFF_NAPI_FRAGS) through NAPI.
 */
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <linux/if_tun.h>

#include "frames.h"

#define PATIENCE_MS	60000
#define QUIET_MS	50

static int open_tap(const char *name, short flags)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | flags };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr))
		err(2, "can't open tap device %s", name);
	return fd;
}

static unsigned long count_frames(int fd, unsigned long expected)
{
	long long deadline = now_ms() + PATIENCE_MS;
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	static unsigned char buf[FRAME_MAX];
	unsigned long packets = 0;
	struct ethhdr *eth = (struct ethhdr *)buf;
	int wait;

	for (;;) {
		wait = packets < expected ? deadline - now_ms() : QUIET_MS;
		if (wait < 0 || poll(&poller, 1, wait) < 1)
			return packets;
		if (read(fd, buf, sizeof(buf)) < ETH_HLEN)
			err(2, "can't read from the tap device");
		packets += eth->h_proto == __builtin_bswap16(FRAME_TYPE);
	}
}

int main(int argc, char **argv)
{
	static const unsigned char dst[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
	unsigned long count, size, i, packets, expected = 0, fill = 0;
	unsigned char frame[FRAME_MAX];
	short flags = 0;
	int fd, opt;

	while ((opt = getopt(argc, argv, "a:n")) != -1) {
		if (opt == 'n')
			flags = IFF_NAPI | IFF_NAPI_FRAGS;
		else if (opt == 'a')
			fill = to_number(optarg, 0, 255);
		else
			return 2;
	}
	argv += optind;
	argc -= optind;
	if (argc < 3 || argc > 4)
		errx(2, "usage: tapframes [-a BYTE] [-n] NAME COUNT SIZE [EXPECTED]");
	count = to_number(argv[1], 0, -1UL);
	size = to_number(argv[2], ETH_HLEN, FRAME_MAX);
	if (argc == 4)
		expected = to_number(argv[3], 0, -1UL);

	fd = open_tap(argv[0], flags);
	frame_init(frame, size, dst, fill);
	for (i = 0; i < count; i++)
		if (write(fd, frame, size) != (ssize_t)size)
			err(2, "can't write frame %lu", i);

	packets = count_frames(fd, expected);
	if (packets != expected)
		warnx("%s put out %lu frames, not %lu", argv[0], packets, expected);
	return packets != expected;
}
