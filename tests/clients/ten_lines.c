// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * XDP statistics of all devices, with a libbpf that knows nothing of control maps: their
 * type is 60, XDP statistics are what map_extra 1 says. Prints ifindex, packets and drops.
 */
#include <stdio.h>
#include <bpf/bpf.h>

int main(void)
{
	struct { __u64 valid, packets, bytes, aborted, drop; } stats;
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_extra = 1);
	int fd = bpf_map_create(60, "stats", 4, sizeof(stats), 1, &opts);
	__u32 key, *prev = NULL;

	for (; !bpf_map_get_next_key(fd, prev, &key); prev = &key)
		if (!bpf_map_lookup_elem(fd, &key, &stats))
			printf("%u %llu %llu\n", key, stats.packets, stats.drop);
	return fd < 0;
}
