/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Frames that the tests send: no protocol that anything else speaks. */
#ifndef FRAMES_H
#define FRAMES_H

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <linux/if_ether.h>

#define FRAME_TYPE	0x88b5	/* for local experiments */
#define FRAME_MAX	65535

static inline unsigned long to_number(const char *text, unsigned long min,
				      unsigned long max)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 0);
	if (errno || !*text || *end || number < min || number > max)
		errx(2, "'%s' is not a number from %lu to %lu", text, min, max);
	return number;
}

/* What comes after the Ethernet header is FILL. */
static inline void frame_init(unsigned char *frame, size_t size,
			      const unsigned char *dst, unsigned char fill)
{
	static const unsigned char src[ETH_ALEN] = { 2, 0, 0, 0, 0, 0xfe };
	struct ethhdr *eth = (struct ethhdr *)frame;

	memset(frame, fill, size);
	memcpy(eth->h_dest, dst, ETH_ALEN);
	memcpy(eth->h_source, src, ETH_ALEN);
	eth->h_proto = __builtin_bswap16(FRAME_TYPE);
}

static inline long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static inline void sleep_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

#endif
