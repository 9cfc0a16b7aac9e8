// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: dump_any { single | batch } CTRL_TYPE
 *
 * Prints every key and value of a control map of any type, in a line each, knowing
 * nothing but the type's number: sizes and BTF come from the kernel.
 */
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>

#define MAP_TYPE_CONTROL	60
#define BATCH			3	/* few, so that there are several */

struct map {
	int fd;
	struct bpf_map_info info;
	struct btf_dump *dump;
};

static void print(void *ctx, const char *format, va_list args)
{
	vprintf(format, args);
}

static void open_map(struct map *map, __u64 ctrl_type)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_extra = ctrl_type);
	__u32 len = sizeof(map->info);
	struct btf *btf;

	map->fd = bpf_map_create(MAP_TYPE_CONTROL, "any", 0, 0, 1, &opts);
	if (map->fd < 0)
		err(1, "can't create a control map of type %llu", ctrl_type);
	if (bpf_obj_get_info_by_fd(map->fd, &map->info, &len))
		err(1, "can't get info of the map");
	btf = btf__load_from_kernel_by_id(map->info.btf_id);
	if (!btf)
		err(1, "can't get BTF %u", map->info.btf_id);
	map->dump = btf_dump__new(btf, print, NULL, NULL);
	if (!map->dump)
		err(1, "can't print BTF");
}

static void print_data(const struct map *map, __u32 type, const void *data, __u32 size)
{
	LIBBPF_OPTS(btf_dump_type_data_opts, opts, .compact = true, .emit_zeroes = true);
	int ret = btf_dump__dump_type_data(map->dump, type, data, size, &opts);

	if (ret != (int)size)
		errx(1, "BTF type %u takes %d of %u bytes", type, ret, size);
}

static void print_entry(const struct map *map, const void *key, const void *value)
{
	print_data(map, map->info.btf_key_type_id, key, map->info.key_size);
	printf(": ");
	print_data(map, map->info.btf_value_type_id, value, map->info.value_size);
	printf("\n");
}

static void read_single(const struct map *map, void *key, void *value)
{
	void *prev = NULL;

	while (!bpf_map_get_next_key(map->fd, prev, key)) {
		if (bpf_map_lookup_elem(map->fd, key, value))
			err(1, "can't look up a key");
		print_entry(map, key, value);
		prev = key;
	}
	if (errno != ENOENT)
		err(1, "can't get the next key");
}

static void read_batch(const struct map *map, void *keys, void *values)
{
	char position[map->info.key_size];
	void *start = NULL;
	__u32 i, count;
	int last;

	do {
		count = BATCH;
		last = bpf_map_lookup_batch(map->fd, start, position, keys, values, &count, NULL);
		if (last && errno != ENOENT)
			err(1, "can't look up a batch");
		for (i = 0; i < count; i++)
			print_entry(map, keys + i * map->info.key_size,
				    values + i * map->info.value_size);
		start = position;
	} while (!last);
}

int main(int argc, char **argv)
{
	void *keys, *values;
	struct map map = {};

	if (argc != 3 || (strcmp(argv[1], "single") && strcmp(argv[1], "batch")))
		errx(2, "usage: dump_any { single | batch } CTRL_TYPE");

	open_map(&map, atoi(argv[2]));
	keys = calloc(BATCH, map.info.key_size);
	values = calloc(BATCH, map.info.value_size);
	if (!keys || !values)
		err(1, "no memory");
	if (!strcmp(argv[1], "batch"))
		read_batch(&map, keys, values);
	else
		read_single(&map, keys, values);
	return 0;
}
