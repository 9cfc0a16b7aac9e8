// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: newer_types
 *
 * A program that was built for kernels to come: it asks for maps of each type that
 * mainline has no number for yet, or that this kernel may lack (INSN_ARRAY is 34, RHASH 35),
 * with all it knows to give them. It prints the types that it got, and of what it did not
 * get the errors, each once. None may be a control map.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>

#define FIRST_NEWER		34
#define MAP_TYPE_CONTROL	60
#define LAST			255

/* As an array and as a hash want it, without sizes as a control map does, and with what would
 * be a type of one in map_extra.
 */
static const struct {
	__u32 key_size;
	__u32 value_size;
	__u32 max_entries;
	__u32 flags;
	__u64 map_extra;
} ways[] = {
	{ 4, 8, 1, 0, 0 },
	{ 4, 16, 1, 0, 0 },
	{ 8, 8, 4, BPF_F_NO_PREALLOC, 0 },
	{ 0, 0, 1, 0, 0 },
	{ 0, 0, 1, 0, 1 },
	{ 4, 8, 1, 0, 1 },
};

static void try_way(__u32 type, unsigned int way, unsigned char *errors)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts,
		.map_flags = ways[way].flags, .map_extra = ways[way].map_extra);
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int fd = bpf_map_create(type, "newer", ways[way].key_size, ways[way].value_size,
				ways[way].max_entries, &opts);

	if (fd < 0) {
		errors[errno] = 1;
		return;
	}
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		err(1, "can't get a map's info");
	if (info.type != type || info.type == MAP_TYPE_CONTROL)
		errx(1, "asked for type %u, got %u", type, info.type);
	printf("type %u\n", type);
	close(fd);
}

int main(void)
{
	static unsigned char errors[4096];
	unsigned int type, way, i;

	for (type = FIRST_NEWER; type <= LAST; type++)
		for (way = 0; type != MAP_TYPE_CONTROL && way < sizeof(ways) / sizeof(*ways); way++)
			try_way(type, way, errors);
	for (i = 0; i < sizeof(errors); i++)
		if (errors[i])
			printf("%s\n", strerror(i));
	return 0;
}
