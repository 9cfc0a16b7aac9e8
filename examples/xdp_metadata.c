// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: xdp_metadata DEV
 *
 * Has metadata put in front of each packet that a device receives, and prints the
 * id of the BTF object that describes it (see "bpftool btf dump id ID format c").
 */
#include <err.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <bpf/bpf.h>
#include <linux/bpf_ctrl.h>

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_extra = BPF_CTRL_XDP_ATTR);
	struct bpf_ctrl_xdp_attr attr = { .command = BPF_CTRL_XDP_SETUP_MD, .enable_md = 1 };
	__u32 ifindex = argc == 2 ? if_nametoindex(argv[1]) : 0;
	int fd;

	if (!ifindex)
		errx(2, "usage: xdp_metadata DEV");

	fd = bpf_map_create(BPF_MAP_TYPE_CONTROL, "xdp_attr", sizeof(ifindex), sizeof(attr),
			    UINT_MAX, &opts);
	if (fd < 0 || bpf_map_update_elem(fd, &ifindex, &attr, BPF_ANY) ||
	    bpf_map_lookup_elem(fd, &ifindex, &attr))
		err(1, "can't put metadata in front of packets of %s", argv[1]);
	printf("%u\n", attr.md_btf);
	return 0;
}
