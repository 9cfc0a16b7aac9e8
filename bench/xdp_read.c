// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Read the XDP statistics of all devices by batch lookup.
 *
 * usage: xdp_read
 *
 * Prints how many devices there are, how many of them have counted something, and
 * the nanoseconds of CPU time from creating the control map to closing it.
 */
#include <bpf/bpf.h>

#include "bench.h"

#define BATCH	1024

struct found {
	unsigned int devices;
	unsigned int counted;
};

static __u32 keys[BATCH];
static struct bpf_ctrl_xdp_stats values[BATCH];

static void look_at(const struct bpf_ctrl_xdp_stats *stats, struct found *found)
{
	found->devices++;
	if (stats->packets || stats->xmit_packets)
		found->counted++;
}

static void read_all(int fd, struct found *found)
{
	__u32 *in_batch = NULL, batch, nr, i;
	int ret;

	do {
		nr = BATCH;
		ret = bpf_map_lookup_batch(fd, in_batch, &batch, keys, values,
					   &nr, NULL);
		if (ret && ret != -ENOENT)
			err(1, "can't read XDP statistics");
		in_batch = &batch;
		for (i = 0; i < nr; i++)
			look_at(&values[i], found);
	} while (!ret);
}

int main(void)
{
	unsigned long long begin = now(CLOCK_PROCESS_CPUTIME_ID);
	struct found found = {};
	int fd;

	fd = open_control_map(BPF_CTRL_XDP_STATS);
	read_all(fd, &found);
	close(fd);
	printf("%u %u %llu\n", found.devices, found.counted,
	       now(CLOCK_PROCESS_CPUTIME_ID) - begin);
	return 0;
}
