// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: xdp_setup_redirect DEV NUM SIZE
 *
 * Sets up NUM redirect rings of SIZE entries, so that packets can be redirected to a
 * device that has no XDP program. NUM 0 releases them.
 */
#include <err.h>
#include <limits.h>
#include <net/if.h>
#include <stdlib.h>
#include <bpf/bpf.h>
#include <linux/bpf_ctrl.h>

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_extra = BPF_CTRL_XDP_ATTR);
	struct bpf_ctrl_xdp_attr attr = { .command = BPF_CTRL_XDP_SETUP_REDIRECT };
	__u32 ifindex = argc == 4 ? if_nametoindex(argv[1]) : 0;
	int fd;

	if (!ifindex)
		errx(2, "usage: xdp_setup_redirect DEV NUM SIZE");
	attr.rings.num = strtoul(argv[2], NULL, 0);
	attr.rings.size = strtoul(argv[3], NULL, 0);

	fd = bpf_map_create(BPF_MAP_TYPE_CONTROL, "xdp_attr", sizeof(ifindex), sizeof(attr),
			    UINT_MAX, &opts);
	if (fd < 0 || bpf_map_update_elem(fd, &ifindex, &attr, BPF_ANY))
		err(1, "can't set up redirect rings of %s", argv[1]);
	return 0;
}
