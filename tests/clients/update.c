// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: update MAP KEY FLAGS < VALUE
 *
 * Updates an element of a pinned map whose keys are numbers of 32 bits, with any FLAGS of
 * the syscall: bpftool has names for three of them.
 */
#include <err.h>
#include <stdlib.h>
#include <unistd.h>
#include <bpf/bpf.h>

int main(int argc, char **argv)
{
	char value[4096] = {};
	__u64 flags;
	__u32 key;
	int fd;

	if (argc != 4)
		errx(2, "usage: update MAP KEY FLAGS < VALUE");
	key = strtoul(argv[2], NULL, 0);
	flags = strtoull(argv[3], NULL, 0);
	if (read(STDIN_FILENO, value, sizeof(value)) < 0)
		err(1, "can't read the value");
	fd = bpf_obj_get(argv[1]);
	if (fd < 0)
		err(1, "can't open %s", argv[1]);
	if (bpf_map_update_elem(fd, &key, value, flags))
		err(1, "can't update element %u", key);
	return 0;
}
