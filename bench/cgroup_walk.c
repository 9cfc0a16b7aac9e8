// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A walk over the cgroups that a control map shows, and how long a call takes at most.
 *
 * usage: cgroup_walk NAME EXPECTED
 *
 * Prints "NAME/keys NUMBER", "NAME/walk NANOSECONDS" (all calls together), "NAME/next" and
 * "NAME/lookup" (the longest of those). Fails if there are fewer keys than EXPECTED.
 */
#include "bench.h"

static int map;
static unsigned long long longest[2];

/* Returns whether there is such an element, and what the call took. */
static unsigned long long call(enum bpf_cmd cmd, void *key, void *value, int *found)
{
	union bpf_attr attr = {
		.map_fd	= map,
		.key	= (unsigned long)key,
		.value	= (unsigned long)value,
	};
	unsigned long long begin = now(CLOCK_MONOTONIC), took;

	*found = !syscall(__NR_bpf, cmd, &attr, sizeof(attr));
	if (!*found && errno != ENOENT)
		err(1, "command %d failed", cmd);
	took = now(CLOCK_MONOTONIC) - begin;
	if (took > longest[cmd == BPF_MAP_GET_NEXT_KEY])
		longest[cmd == BPF_MAP_GET_NEXT_KEY] = took;
	return took;
}

int main(int argc, char **argv)
{
	struct bpf_ctrl_cgroup_key key, last;
	struct bpf_ctrl_cgroup value;
	unsigned long long walk = 0;
	unsigned int keys = 0;
	int found;

	if (argc != 3)
		errx(1, "usage: cgroup_walk NAME EXPECTED");
	map = open_control_map(BPF_CTRL_CGROUP);
	for (;;) {
		walk += call(BPF_MAP_GET_NEXT_KEY, keys ? &last : NULL, &key, &found);
		if (!found)
			break;
		walk += call(BPF_MAP_LOOKUP_ELEM, &key, &value, &found);
		last = key;
		keys++;
	}
	if (keys < parse_count(argv[2]))
		errx(1, "only %u keys", keys);
	printf("%s/keys %u\n%s/walk %llu\n%s/next %llu\n%s/lookup %llu\n", argv[1], keys,
	       argv[1], walk, argv[1], longest[1], argv[1], longest[0]);
	return 0;
}
