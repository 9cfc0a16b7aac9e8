// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * XDP statistics of all network devices: ifindex, packets, drops. Needs CAP_BPF and
 * CAP_NET_ADMIN; packets are counted while a map like this one exists.
 */
#include <limits.h>
#include <stdio.h>
#include <bpf/bpf.h>
#include <linux/bpf_ctrl.h>

int main(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_extra = BPF_CTRL_XDP_STATS);
	struct bpf_ctrl_xdp_stats stats;
	bpf_ctrl_ifindex_t ifindex, *prev = NULL;
	int fd;

	fd = bpf_map_create(BPF_MAP_TYPE_CONTROL, "stats", sizeof(ifindex), sizeof(stats),
			    UINT_MAX, &opts);
	if (fd < 0) {
		perror("can't create a control map of XDP statistics");
		return 1;
	}

	for (; !bpf_map_get_next_key(fd, prev, &ifindex); prev = &ifindex)
		if (!bpf_map_lookup_elem(fd, &ifindex, &stats))
			printf("%u: %llu packets, %llu dropped\n", ifindex, stats.packets,
			       stats.drop);
	return 0;
}
