// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Read all of a control type by batch lookup.
 *
 * usage: types_read TYPE
 *
 * Prints how many entries there are, and the nanoseconds of CPU time from creating
 * the control map to closing it.
 */
#include <bpf/bpf.h>

#include "bench.h"

#define BATCH	256

static unsigned int read_all(int fd, void *keys, void *values)
{
	__u64 *in_batch = NULL, batch;
	unsigned int entries = 0;
	__u32 nr;
	int ret;

	do {
		nr = BATCH;
		ret = bpf_map_lookup_batch(fd, in_batch, &batch, keys, values,
					   &nr, NULL);
		if (ret && ret != -ENOENT)
			err(1, "can't read");
		in_batch = &batch;
		entries += nr;
	} while (!ret);
	return entries;
}

int main(int argc, char **argv)
{
	unsigned long long begin = now(CLOCK_PROCESS_CPUTIME_ID);
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	unsigned int entries;
	void *keys, *values;
	int fd;

	if (argc != 2)
		errx(1, "usage: types_read TYPE");
	fd = open_control_map(parse_count(argv[1]));
	if (bpf_map_get_info_by_fd(fd, &info, &len))
		err(1, "can't get map info");
	keys = calloc(BATCH, info.key_size);
	values = calloc(BATCH, info.value_size);
	if (!keys || !values)
		err(1, "can't allocate memory");

	entries = read_all(fd, keys, values);
	close(fd);
	printf("%u %llu\n", entries, now(CLOCK_PROCESS_CPUTIME_ID) - begin);
	return 0;
}
