// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The kernel's control maps as sources of keys and values.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "error_ctrl.h"
#include "main.h"
#include "pin_ctrl.h"
#include "source_ctrl.h"

#define BATCH_BYTES	(64 * 1024)

/* A line of a map's fdinfo */
#define REFUSED		"refused:\t"
#define REFUSED_LEN	512

#ifndef ENOTSUPP
#define ENOTSUPP	524	/* as batches of maps that have none say */
#endif

/*
 * Not bpf_map_create(): before a map it has the kernel load programs to find out
 * about names and memory accounting, which no kernel with control maps needs and
 * which takes longer than reading a small map.
 */
static int ctrl_map_create(__u32 ctrl_type, const char *name, __u32 flags)
{
	union bpf_attr attr = {};
	int fd;

	attr.map_type = BPF_MAP_TYPE_CONTROL;
	attr.ctrl_type = ctrl_type;
	/* readers that stop after max_entries must not stop */
	attr.max_entries = UINT_MAX;
	attr.map_flags = flags;
	snprintf(attr.map_name, sizeof(attr.map_name), "%s", name);

	fd = syscall(__NR_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	return fd < 0 ? -errno : fd;
}

#define TAKES	"it takes CAP_BPF, and CAP_NET_ADMIN or, for probes, CAP_PERFMON"

static __u64 more_caps(__u32 ctrl_type)
{
	switch (ctrl_type) {
	case BPF_CTRL_REGISTRY:
		return 0;
	case BPF_CTRL_KPROBE:
		return CTRL_CAP(CAP_PERFMON);
	default:
		return CTRL_CAP(CAP_NET_ADMIN);
	}
}

static void report_create_error(__u32 ctrl_type, const char *name, int err)
{
	switch (err) {
	case -EOPNOTSUPP:
		p_err("this kernel has control maps, but not of type %s", name);
		break;
	case -EPERM:
		p_err("can't open control type %s: %s: %s", name, ctrl_strerror(err),
		      ctrl_caps_reason(CTRL_CAP(CAP_BPF) | more_caps(ctrl_type), TAKES));
		break;
	default:
		p_err("can't open control type %s: %s", name, ctrl_strerror(err));
	}
}

static int map_load_btf(struct ctrl_source *src)
{
	int err;

	if (!src->btf_id || !src->key_type_id || !src->value_type_id) {
		p_err("this kernel does not describe %s: it was built without BTF (CONFIG_DEBUG_INFO_BTF)",
		      src->name);
		return -ENODATA;
	}

	src->btf = btf__load_from_kernel_by_id(src->btf_id);
	if (!src->btf) {
		err = -errno;
		p_err("can't get BTF of %s by id (%u): %s%s%s", src->name,
		      src->btf_id, ctrl_strerror(err), err == -EPERM ? ": " : "",
		      err == -EPERM ? ctrl_caps_reason(CTRL_CAP(CAP_SYS_ADMIN),
						       "it takes CAP_SYS_ADMIN") : "");
		return err;
	}
	return 0;
}

/* A map belongs to the network namespace that it was made in, and may outlive it. */
static int note_gone(struct ctrl_source *src, int err)
{
	if (err == -ENODEV)
		src->why = "the network namespace of this map has gone";
	return err;
}

static int map_get(struct ctrl_source *src, const void *key, void *value)
{
	return note_gone(src, bpf_map_lookup_elem(src->fd, key, value));
}

/*
 * A map that is for reading only has the kernel start nothing. The one to change
 * something with, or to be pinned, comes in its place.
 */
static int map_make_writable(struct ctrl_source *src)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int err, fd;

	if (!src->read_only)
		return 0;
	err = bpf_map_get_info_by_fd(src->fd, &info, &len);
	if (err)
		return err;
	fd = ctrl_map_create(info.map_extra, src->name, 0);
	if (fd < 0)
		return fd;
	close(src->fd);
	src->fd = fd;
	src->read_only = false;
	return 0;
}

/* What the kernel says of the last update that it refused, or NULL */
static const char *read_refused(int fd)
{
	static char line[REFUSED_LEN];
	char path[64];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "r");
	if (!file)
		return NULL;

	while (!found && fgets(line, sizeof(line), file))
		found = !strncmp(line, REFUSED, strlen(REFUSED));
	fclose(file);
	if (!found)
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	return line + strlen(REFUSED);
}

static int map_set(struct ctrl_source *src, const void *key, const void *value)
{
	int err;

	err = map_make_writable(src);
	if (err)
		return err;

	err = bpf_map_update_elem(src->fd, key, value, BPF_EXIST);
	if (err)
		src->refused = read_refused(src->fd);
	return err;
}

/* Whoever can't be asked has something. */
static bool map_is_empty(struct ctrl_source *src)
{
	void *key = malloc(src->key_size);
	bool empty;

	empty = key && bpf_map_get_next_key(src->fd, NULL, key) == -ENOENT;
	free(key);
	return empty;
}

static int walk_single(struct ctrl_source *src, void *key, void *value,
		       ctrl_entry_fn fn, void *ctx)
{
	void *prev_key = NULL;
	int err;

	while (!(err = bpf_map_get_next_key(src->fd, prev_key, key))) {
		prev_key = key;
		err = map_get(src, key, value);
		if (err == -ENOENT)	/* gone since the last call */
			continue;
		if (!err)
			err = fn(src, key, value, ctx);
		if (err)
			break;
	}
	return err == -ENOENT ? 0 : err;
}

/* Returns -ENOTSUP if the map can't be read in batches. */
static int walk_batch(struct ctrl_source *src, void *batch, __u32 max,
		      void *keys, void *values, ctrl_entry_fn fn, void *ctx)
{
	void *in_batch = NULL;
	int err, ret;
	__u32 i, nr;

	do {
		nr = max;
		err = bpf_map_lookup_batch(src->fd, in_batch, batch, keys,
					   values, &nr, NULL);
		if (err && err != -ENOENT) {
			if (!in_batch && (err == -EINVAL || err == -ENOTSUPP))
				return -ENOTSUP;
			return err;
		}
		in_batch = batch;

		for (i = 0; i < nr; i++) {
			ret = fn(src, keys + i * src->key_size,
				 values + i * src->value_size, ctx);
			if (ret)
				return ret;
		}
	} while (!err);

	return 0;
}

static int map_for_each(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx)
{
	__u32 size = src->key_size + src->value_size;
	__u32 max = size < BATCH_BYTES ? BATCH_BYTES / size : 1;
	void *batch, *keys, *values;
	int err = -ENOMEM;

	/* not calloc(): what is not used costs no page fault */
	batch = malloc(src->key_size);
	keys = malloc(max * src->key_size);
	values = malloc(max * src->value_size);
	if (batch && keys && values) {
		err = walk_batch(src, batch, max, keys, values, fn, ctx);
		if (err == -ENOTSUP)
			err = walk_single(src, keys, values, fn, ctx);
		note_gone(src, err);
	}
	free(values);
	free(keys);
	free(batch);
	return err;
}

static int map_pin(struct ctrl_source *src, const char *path)
{
	int err;

	err = map_make_writable(src);
	if (err) {
		p_err("can't open control type %s: %s", src->name, ctrl_strerror(err));
		return err;
	}
	return ctrl_pin_file(src->fd, path);
}

static bool map_is_pinned(struct ctrl_source *src, const char *path,
			  const struct bpf_map_info *info)
{
	struct bpf_map_info own = {};
	__u32 len = sizeof(own);

	return !bpf_map_get_info_by_fd(src->fd, &own, &len) &&
	       info->type == own.type && info->map_extra == own.map_extra;
}

static int map_unpin(struct ctrl_source *src, const char *path)
{
	return ctrl_pin_remove(path);
}

static const struct ctrl_source_ops map_ops = {
	.load_btf	= map_load_btf,
	.get		= map_get,
	.set		= map_set,
	.for_each	= map_for_each,
	.is_empty	= map_is_empty,
	.pin		= map_pin,
	.is_pinned	= map_is_pinned,
	.unpin		= map_unpin,
};

int ctrl_map_adopt(struct ctrl_source *src, int fd)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int err;

	src->fd = fd;
	err = bpf_map_get_info_by_fd(fd, &info, &len);
	if (err) {
		p_err("can't get map info of %s: %s", src->name, ctrl_strerror(err));
		return err;
	}

	src->ops = &map_ops;
	src->key_size = info.key_size;
	src->value_size = info.value_size;
	src->btf_id = info.btf_id;
	src->key_type_id = info.btf_key_type_id;
	src->value_type_id = info.btf_value_type_id;
	return 0;
}

/*
 * Of a type of map that it does not know a kernel says EINVAL, but not only of that; without
 * maps, ENOSYS.
 */
static bool has_control_maps(int err)
{
	int fd;

	if (err != -EINVAL)
		return err != -ENOSYS;
	fd = ctrl_map_create(BPF_CTRL_REGISTRY, "registry", BPF_F_RDONLY);
	if (fd >= 0)
		close(fd);
	return fd != -EINVAL;
}

int ctrl_map_open(struct ctrl_source *src, __u32 ctrl_type)
{
	int fd;

	fd = ctrl_map_create(ctrl_type, src->name, BPF_F_RDONLY);
	if (fd < 0 && !has_control_maps(fd))
		return 1;
	if (fd < 0) {
		report_create_error(ctrl_type, src->name, fd);
		return fd;
	}
	src->read_only = true;
	return ctrl_map_adopt(src, fd);
}
