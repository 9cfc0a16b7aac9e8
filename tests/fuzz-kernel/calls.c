// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Calls of bpf(2) on control maps, and reads of the files that they have. */
#define _GNU_SOURCE
#include <endian.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#define MAP_TYPE_CONTROL	60
#define TYPES			6	/* of those of the kernel itself */
#define MAPS			16	/* the first TYPES are shared */
#define KEYS			64	/* that were seen, of each type */
#define KEY_MAX			16
#define VALUE_MAX		4096
#define BATCH_MAX		40
#define PINS			4
#define GUARD			0xa5
#define GUARD_SIZE		64

struct map {
	int fd;
	uint32_t type;
	uint32_t key_size;
	uint32_t value_size;
};

/* of this process */
static struct map maps[MAPS];
static uint8_t keys[TYPES + 1][KEYS][KEY_MAX];
static uint8_t key[KEY_MAX * BATCH_MAX + GUARD_SIZE], next[KEY_MAX + GUARD_SIZE];
static uint8_t value[VALUE_MAX * BATCH_MAX + GUARD_SIZE];
static char text[65536];

static struct map *any_map(struct rng *rng)
{
	return &maps[rng_below(rng, MAPS)];
}

/* One that others do not depend on */
static struct map *own_map(struct rng *rng)
{
	return &maps[TYPES + rng_below(rng, MAPS - TYPES)];
}

static void map_close(struct map *map)
{
	if (map->fd >= 0)
		close(map->fd);
	map->fd = -1;
}

/* Puts what FD is in MAP's place. A map of another type, of who ever, is not touched. */
static void map_set(struct map *map, int fd)
{
	struct bpf_map_info info = {};
	union bpf_attr attr = {
		.info = { .bpf_fd = fd, .info_len = sizeof(info), .info = (uintptr_t)&info },
	};

	if (fd < 0)
		return;
	if (sys_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) || info.type != MAP_TYPE_CONTROL) {
		close(fd);
		return;
	}
	if (info.key_size > KEY_MAX || info.value_size > VALUE_MAX)
		found("a map of type %llu has keys of %u and values of %u bytes",
		      (unsigned long long)info.map_extra, info.key_size, info.value_size);
	map_close(map);
	*map = (struct map){
		.fd = fd, .type = info.map_extra,
		.key_size = info.key_size, .value_size = info.value_size,
	};
}

static uint8_t (*keys_of(const struct map *map))[KEY_MAX]
{
	return keys[map->type < TYPES ? map->type : TYPES];
}

static void key_seen(struct rng *rng, const struct map *map, const void *seen)
{
	memcpy(keys_of(map)[rng_below(rng, KEYS)], seen, map->key_size);
}

/* Mostly one that was seen, or one beside that */
static void key_choose(struct rng *rng, const struct map *map, uint8_t *to)
{
	uint32_t i, small = rng_below(rng, 64);

	memcpy(to, keys_of(map)[rng_below(rng, KEYS)], KEY_MAX);
	switch (rng_below(rng, 8)) {
	case 0:
		memset(to, 0, KEY_MAX);
		memcpy(to, &small, sizeof(small));
		break;
	case 1:
		to[0] += rng_below(rng, 3) - 1;
		break;
	case 2:
		if (rng_one_in(rng, 4))
			for (i = 0; i < KEY_MAX; i++)
				to[i] = rng_next(rng);
		break;
	}
}

static void guard(uint8_t *buffer, uint32_t size)
{
	memset(buffer + size, GUARD, GUARD_SIZE);
}

static void guard_check(const uint8_t *buffer, uint32_t size, const char *what)
{
	uint32_t i;

	for (i = 0; i < GUARD_SIZE; i++)
		if (buffer[size + i] != GUARD)
			found("%s: byte %u behind the buffer was written", what, i);
}

/* Keys are numbers one after another; all are of 4 bytes but those of 8. */
static int key_compare(const struct map *map, const uint8_t *a, const uint8_t *b)
{
	uint32_t x4, y4, at;
	uint64_t x, y;

	if (map->key_size == 8 || map->key_size == 16) {
		memcpy(&x, a, 8);
		memcpy(&y, b, 8);
		if (x != y)
			return x < y ? -1 : 1;
	}
	for (at = map->key_size == 4 ? 0 : 8; at < map->key_size; at += 4) {
		memcpy(&x4, a + at, 4);
		memcpy(&y4, b + at, 4);
		if (x4 != y4)
			return x4 < y4 ? -1 : 1;
	}
	return 0;
}

static long element(unsigned int nr, enum bpf_cmd cmd, const struct map *map, uint64_t flags)
{
	union bpf_attr attr = {
		.map_fd = map->fd, .key = (uintptr_t)key, .value = (uintptr_t)value, .flags = flags,
	};

	return count(nr, sys_bpf(cmd, &attr));
}

static uint64_t element_flags(struct rng *rng)
{
	static const uint64_t flags[] = { BPF_ANY, BPF_NOEXIST, BPF_EXIST, BPF_F_LOCK, 8, ~0ULL };

	return rng_one_in(rng, 8) ? flags[rng_below(rng, ARRAY_SIZE(flags))] : BPF_ANY;
}

/* --- Maps --- */

static uint32_t size_or_wrong(struct rng *rng, uint32_t right)
{
	switch (rng_below(rng, 16)) {
	case 0: return rng_below(rng, 64);
	case 1: return rng_next(rng);
	case 2: return right + 8;
	case 3: return right > 8 ? right - 8 : right;
	case 4: return right & ~7U;
	default: return rng_below(rng, 2) ? right : 0;
	}
}

static void do_create(struct rng *rng, unsigned int nr)
{
	const struct map *like = &maps[rng_below(rng, TYPES)];
	union bpf_attr attr = {
		.map_type = MAP_TYPE_CONTROL,
		.key_size = size_or_wrong(rng, like->key_size),
		.value_size = size_or_wrong(rng, like->value_size),
		.max_entries = rng_one_in(rng, 8) ? rng_next(rng) : UINT32_MAX,
		.map_extra = rng_one_in(rng, 16) ? rng_next(rng) : like->type,
		.map_flags = rng_one_in(rng, 8) ? 1U << rng_below(rng, 20) :
			     rng_below(rng, 3) == 0 ? BPF_F_RDONLY : 0,
		.map_name = "fuzz",
	};

	map_set(own_map(rng), count(nr, sys_bpf(BPF_MAP_CREATE, &attr)));
}

static void do_by_id(struct rng *rng, unsigned int nr)
{
	union bpf_attr attr = { .start_id = rng_below(rng, 256) };

	/* the next one that there is */
	if (sys_bpf(BPF_MAP_GET_NEXT_ID, &attr))
		return;
	attr = (union bpf_attr){ .map_id = attr.next_id, .open_flags = rng_below(rng, 4) * 8 };
	map_set(own_map(rng), count(nr, sys_bpf(BPF_MAP_GET_FD_BY_ID, &attr)));
}

static void do_info(struct rng *rng, unsigned int nr)
{
	struct bpf_map_info info = {};
	union bpf_attr attr = {
		.info = {
			.bpf_fd = any_map(rng)->fd, .info = (uintptr_t)&info,
			.info_len = rng_one_in(rng, 4) ? rng_below(rng, 256) : sizeof(info),
		},
	};

	if (attr.info.info_len > sizeof(info))
		attr.info.info_len = sizeof(info);
	count(nr, sys_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr));
}

/* Only a new one: the others would all be frozen soon, shared ones by a pin of theirs. */
static void do_freeze(struct rng *rng, unsigned int nr)
{
	union bpf_attr attr = {
		.map_type = MAP_TYPE_CONTROL, .map_extra = rng_below(rng, TYPES),
		.max_entries = UINT32_MAX,
	};
	int fd = sys_bpf(BPF_MAP_CREATE, &attr);

	attr = (union bpf_attr){ .map_fd = fd };
	count(nr, sys_bpf(BPF_MAP_FREEZE, &attr));
	map_set(own_map(rng), fd);
}

static const char *pin_path(struct rng *rng)
{
	static char path[32];

	snprintf(path, sizeof(path), "/sys/fs/bpf/fuzz%u", rng_below(rng, PINS));
	return path;
}

static void do_pin(struct rng *rng, unsigned int nr)
{
	union bpf_attr attr = {
		.pathname = (uintptr_t)pin_path(rng), .bpf_fd = any_map(rng)->fd,
	};

	count(nr, sys_bpf(BPF_OBJ_PIN, &attr));
}

static void do_get(struct rng *rng, unsigned int nr)
{
	union bpf_attr attr = { .pathname = (uintptr_t)pin_path(rng) };

	map_set(own_map(rng), count(nr, sys_bpf(BPF_OBJ_GET, &attr)));
}

static void do_unpin(struct rng *rng, unsigned int nr)
{
	count(nr, unlink(pin_path(rng)));
}

static void read_all(unsigned int nr, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0) {
		count(nr, fd);
		return;
	}
	do
		n = read(fd, text, sizeof(text));
	while (n > 0 && !shared->stop);
	count(nr, n);
	close(fd);
}

static void do_read_pin(struct rng *rng, unsigned int nr)
{
	read_all(nr, pin_path(rng));
}

static void do_fdinfo(struct rng *rng, unsigned int nr)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", any_map(rng)->fd);
	read_all(nr, path);
}

/* A program that has the map in it, which the verifier refuses */
static void do_prog(struct rng *rng, unsigned int nr)
{
	struct bpf_insn insns[] = {
		{
			.code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = BPF_REG_1,
			.src_reg = BPF_PSEUDO_MAP_FD, .imm = any_map(rng)->fd,
		},
		{},
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (uintptr_t)insns,
		.insn_cnt = ARRAY_SIZE(insns),
		.license = (uintptr_t)"GPL",
	};
	int fd = count(nr, sys_bpf(BPF_PROG_LOAD, &attr));

	if (fd >= 0)
		close(fd);
}

/* --- Elements --- */

static void do_next(struct rng *rng, unsigned int nr)
{
	struct map *map = any_map(rng);
	int first = rng_one_in(rng, 8);
	union bpf_attr attr = {
		.map_fd = map->fd, .key = first ? 0 : (uintptr_t)key, .next_key = (uintptr_t)next,
	};

	key_choose(rng, map, key);
	guard(next, map->key_size);
	if (count(nr, sys_bpf(BPF_MAP_GET_NEXT_KEY, &attr)))
		return;
	guard_check(next, map->key_size, "next");
	if (!first && key_compare(map, next, key) <= 0)
		found("next: a key of type %u that is not greater", map->type);
	key_seen(rng, map, next);
}

static void do_lookup(struct rng *rng, unsigned int nr)
{
	struct map *map = any_map(rng);

	key_choose(rng, map, key);
	guard(value, map->value_size);
	if (!element(nr, BPF_MAP_LOOKUP_ELEM, map, element_flags(rng)))
		guard_check(value, map->value_size, "lookup");
}

static void do_update(struct rng *rng, unsigned int nr)
{
	struct map *map = any_map(rng);
	union bpf_attr attr = {
		.map_fd = map->fd, .key = (uintptr_t)key, .value = (uintptr_t)value,
	};

	key_choose(rng, map, key);
	if (sys_bpf(BPF_MAP_LOOKUP_ELEM, &attr))
		memset(value, 0, map->value_size);
	value_change(rng, map->type, value, map->value_size);
	element(nr, BPF_MAP_UPDATE_ELEM, map, element_flags(rng));
}

static void do_delete(struct rng *rng, unsigned int nr)
{
	struct map *map = any_map(rng);
	union bpf_attr attr = { .map_fd = map->fd, .key = (uintptr_t)key };

	key_choose(rng, map, key);
	count(nr, sys_bpf(BPF_MAP_DELETE_ELEM, &attr));
}

static void do_take(struct rng *rng, unsigned int nr)
{
	struct map *map = any_map(rng);

	key_choose(rng, map, key);
	element(nr, BPF_MAP_LOOKUP_AND_DELETE_ELEM, map, 0);
}

static long batch(unsigned int nr, enum bpf_cmd cmd, const struct map *map, void *from,
		  uint32_t *n)
{
	union bpf_attr attr = {
		.batch = {
			.map_fd = map->fd, .in_batch = (uintptr_t)from, .out_batch = (uintptr_t)next,
			.keys = (uintptr_t)key, .values = (uintptr_t)value, .count = *n,
		},
	};
	long ret = count(nr, sys_bpf(cmd, &attr));

	*n = attr.batch.count;
	return ret;
}

static void do_lookup_batch(struct rng *rng, unsigned int nr)
{
	struct map *map = any_map(rng);
	uint32_t i, n = rng_below(rng, BATCH_MAX + 1), room = n;
	uint8_t from[KEY_MAX];
	long ret;

	key_choose(rng, map, from);
	guard(key, room * map->key_size);
	guard(value, room * map->value_size);
	ret = batch(nr, BPF_MAP_LOOKUP_BATCH, map, rng_one_in(rng, 2) ? NULL : from, &n);
	guard_check(key, room * map->key_size, "keys of a batch");
	guard_check(value, room * map->value_size, "values of a batch");
	if (ret && ret != -ENOENT)
		return;
	for (i = 0; i < n && i < room; i++) {
		if (i && key_compare(map, key + i * map->key_size, key + (i - 1) * map->key_size) <= 0)
			found("batch: a key of type %u that is not greater", map->type);
		key_seen(rng, map, key + i * map->key_size);
	}
}

static void do_update_batch(struct rng *rng, unsigned int nr)
{
	struct map *map = any_map(rng);
	uint32_t i, n = rng_below(rng, 6);
	union bpf_attr attr = { .map_fd = map->fd };

	for (i = 0; i < n; i++) {
		uint8_t *k = key + i * map->key_size, *v = value + i * map->value_size;

		key_choose(rng, map, k);
		attr.key = (uintptr_t)k;
		attr.value = (uintptr_t)v;
		if (sys_bpf(BPF_MAP_LOOKUP_ELEM, &attr))
			memset(v, 0, map->value_size);
		value_change(rng, map->type, v, map->value_size);
	}
	batch(nr, BPF_MAP_UPDATE_BATCH, map, NULL, &n);
}

static void do_delete_batch(struct rng *rng, unsigned int nr)
{
	uint32_t n = 1;

	key_choose(rng, &maps[0], key);
	batch(nr, BPF_MAP_DELETE_BATCH, any_map(rng), NULL, &n);
}

static void do_take_batch(struct rng *rng, unsigned int nr)
{
	uint32_t n = 1;

	batch(nr, BPF_MAP_LOOKUP_AND_DELETE_BATCH, any_map(rng), NULL, &n);
}

/* The same order as operations[] */
static void (*const functions[])(struct rng *rng, unsigned int nr) = {
	do_next, do_lookup, do_lookup_batch, do_update, do_update_batch, do_create, do_by_id,
	do_info, do_freeze, do_pin, do_get, do_unpin, do_read_pin, do_fdinfo, do_delete, do_take,
	do_delete_batch, do_take_batch, do_prog,
};

const struct operation operations[] = {
	{ "next", 60, 0 }, { "lookup", 60, 0 }, { "lookup batch", 10, 0 }, { "update", 40, 0 },
	{ "update batch", 6, 0 }, { "create", 8, 0 }, { "fd by id", 4, 0 }, { "info", 6, 0 },
	{ "freeze", 1, 0 }, { "pin", 2, 0 }, { "get pinned", 4, 0 }, { "unpin", 2, 0 },
	{ "read pin", 1, 0 }, { "fdinfo", 3, 0 }, { "delete", 2, 1 }, { "lookup+delete", 1, 1 },
	{ "delete batch", 1, 1 }, { "lookup+delete batch", 1, 1 }, { "prog load", 1, 1 },
};
const unsigned int operations_nr = ARRAY_SIZE(operations);

_Static_assert(ARRAY_SIZE(functions) == ARRAY_SIZE(operations), "a name for each function");

static unsigned int choose(struct rng *rng)
{
	unsigned int i, sum = 0, at;

	for (i = 0; i < operations_nr; i++)
		sum += operations[i].weight;
	at = rng_below(rng, sum);
	for (i = 0; at >= operations[i].weight; i++)
		at -= operations[i].weight;
	return i;
}

/* A type that this kernel has not got is a map of the first one. */
void calls_create_shared(void)
{
	unsigned int i;

	for (i = 0; i < MAPS; i++) {
		union bpf_attr attr = { .map_type = MAP_TYPE_CONTROL, .max_entries = UINT32_MAX };

		attr.map_extra = i % TYPES;
		maps[i].fd = -1;
		map_set(&maps[i], sys_bpf(BPF_MAP_CREATE, &attr));
		if (maps[i].fd >= 0)
			continue;
		attr.map_extra = 0;
		map_set(&maps[i], sys_bpf(BPF_MAP_CREATE, &attr));
		if (maps[i].fd < 0)
			err(1, "can't create a control map");
	}
}

/* 0 and 1 stay in those of the machine, 2 has one network namespace after another, and 3 is
 * root of a user namespace with its own.
 */
static void enter(unsigned int kind)
{
	static const int flags[CALLS_KINDS] = { 0, 0, CLONE_NEWNET, CLONE_NEWUSER | CLONE_NEWNET };

	if (!flags[kind])
		return;
	if (unshare(flags[kind]))
		err(1, "can't make namespaces");
	devices_add_pair();
}

#define CALLS_PER_NETNS	20000

void calls_run(struct rng *rng, unsigned int kind)
{
	unsigned int nr, n = 0;

	enter(kind);
	while (!shared->stop) {
		nr = choose(rng);
		functions[nr](rng, nr);
		if (kind == 2 && ++n % CALLS_PER_NETNS == 0)
			enter(kind);
	}
}
