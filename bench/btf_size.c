// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The size of the BTF object of a map of each control type that the kernel's
 * registry reports: name and bytes, a line each.
 */
#include <bpf/bpf.h>

#include "bench.h"

static unsigned int btf_size(enum bpf_ctrl_type type)
{
	struct bpf_map_info map = {};
	struct bpf_btf_info btf = {};
	__u32 len = sizeof(map);
	int map_fd, btf_fd;

	map_fd = open_control_map(type);
	if (bpf_map_get_info_by_fd(map_fd, &map, &len))
		err(1, "can't get map info of type %u", type);
	btf_fd = bpf_btf_get_fd_by_id(map.btf_id);
	if (btf_fd < 0)
		err(1, "can't get BTF by id (%u)", map.btf_id);
	len = sizeof(btf);
	if (bpf_btf_get_info_by_fd(btf_fd, &btf, &len))
		err(1, "can't get info of BTF (%u)", map.btf_id);
	close(btf_fd);
	close(map_fd);
	return btf.btf_size;
}

int main(void)
{
	int fd = open_control_map(BPF_CTRL_REGISTRY);
	struct bpf_ctrl_info info;
	__u32 *prev = NULL, key;

	for (; !bpf_map_get_next_key(fd, prev, &key); prev = &key) {
		if (bpf_map_lookup_elem(fd, &key, &info))
			err(1, "can't look up control type %u", key);
		printf("%s %u\n", info.name, btf_size(key));
	}
	if (errno != ENOENT)
		err(1, "can't read the registry");
	return 0;
}
