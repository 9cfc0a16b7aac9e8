// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Read all of a map by batch lookup.
 *
 * usage: batch_read PIN ENTRIES
 *
 * Quiet and successful if there are ENTRIES.
 */
#include <bpf/bpf.h>

#include "bench.h"

#define BATCH	1024

/* @batch: where to go on, as long as a key */
static unsigned int read_all(int fd, void *batch, void *keys, void *values)
{
	void *in_batch = NULL;
	unsigned int entries = 0;
	__u32 nr;
	int ret;

	do {
		nr = BATCH;
		ret = bpf_map_lookup_batch(fd, in_batch, batch, keys, values,
					   &nr, NULL);
		if (ret && ret != -ENOENT)
			err(1, "can't look up a batch");
		in_batch = batch;
		entries += nr;
	} while (!ret);
	return entries;
}

int main(int argc, char **argv)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	unsigned int entries;
	void *batch, *keys, *values;
	int fd;

	if (argc != 3)
		errx(1, "usage: batch_read PIN ENTRIES");
	fd = bpf_obj_get(argv[1]);
	if (fd < 0 || bpf_map_get_info_by_fd(fd, &info, &len))
		err(1, "can't open the map %s", argv[1]);
	batch = malloc(info.key_size);
	keys = calloc(BATCH, info.key_size);
	values = calloc(BATCH, info.value_size);
	if (!batch || !keys || !values)
		err(1, "can't allocate memory");

	entries = read_all(fd, batch, keys, values);
	if (entries != parse_count(argv[2]))
		errx(1, "%s has %u entries, not %s", argv[1], entries, argv[2]);
	return 0;
}
