// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Control maps as sources of keys and values: open, describe, get, set, walk.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "ctrl.h"
#include "layout_ctrl.h"
#include "main.h"
#include "value_ctrl.h"

#define BATCH_BYTES	(64 * 1024)

#ifndef ENOTSUPP
#define ENOTSUPP	524	/* leaks out of the kernel without a name */
#endif

void ctrl_output_begin(void)
{
	setvbuf(stdout, NULL, _IOFBF, 0);
}

void ctrl_output_end(void)
{
	fflush(stdout);
	setlinebuf(stdout);
}

/*
 * Not bpf_map_create(): before a map it has the kernel load programs to find out
 * about names and memory accounting, which no kernel with control maps needs and
 * which takes longer than reading a small map.
 */
static int ctrl_map_create(__u32 ctrl_type, const char *name)
{
	union bpf_attr attr = {};
	int fd;

	attr.map_type = BPF_MAP_TYPE_CONTROL;
	attr.ctrl_type = ctrl_type;
	/* readers that stop after max_entries must not stop */
	attr.max_entries = UINT_MAX;
	if (name)
		snprintf(attr.map_name, sizeof(attr.map_name), "%s", name);

	fd = syscall(__NR_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	return fd < 0 ? -errno : fd;
}

static void report_create_error(const char *name, int err)
{
	switch (err) {
	case -EINVAL:
		p_err("this kernel has no BPF control maps (BPF_MAP_TYPE_CONTROL): apply the series in kernel-patch/");
		break;
	case -EOPNOTSUPP:
		p_err("this kernel has control maps, but not of type %s", name);
		break;
	case -EPERM:
		p_err("can't open control type %s: %s: it takes CAP_BPF, and CAP_NET_ADMIN or, for probes, CAP_PERFMON",
		      name, strerror(-err));
		break;
	default:
		p_err("can't open control type %s: %s", name, strerror(-err));
	}
}

int ctrl_map_pin(__u32 ctrl_type, const char *name, const char *path)
{
	int err, fd;

	fd = ctrl_map_create(ctrl_type, name);
	if (fd < 0) {
		report_create_error(name, fd);
		return fd;
	}
	err = do_pin_fd(fd, path);
	close(fd);
	return err;
}

int ctrl_source_open(struct ctrl_source *src, __u32 ctrl_type, const char *name)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int err;

	*src = (struct ctrl_source){ .name = name, .fd = -1, .sock = -1 };

	src->fd = ctrl_map_create(ctrl_type, NULL);
	if (src->fd < 0) {
		report_create_error(name, src->fd);
		return src->fd;
	}

	err = bpf_map_get_info_by_fd(src->fd, &info, &len);
	if (err) {
		p_err("can't get map info of %s: %s", name, strerror(-err));
		return err;
	}

	src->key_size = info.key_size;
	src->value_size = info.value_size;
	src->btf_id = info.btf_id;
	src->key_type_id = info.btf_key_type_id;
	src->value_type_id = info.btf_value_type_id;
	return 0;
}

void ctrl_source_close(struct ctrl_source *src)
{
	ctrl_layout_free(src->key_layout);
	ctrl_layout_free(src->value_layout);
	btf__free(src->btf);
	if (src->sock >= 0)
		close(src->sock);
	if (src->fd >= 0)
		close(src->fd);
	*src = (struct ctrl_source){ .fd = -1, .sock = -1 };
}

int ctrl_source_load_btf(struct ctrl_source *src)
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
		p_err("can't get BTF of %s by id (%u): %s%s", src->name,
		      src->btf_id, strerror(-err),
		      err == -EPERM ? ": it takes CAP_SYS_ADMIN" : "");
		return err;
	}

	/* the description must not lead beyond what the kernel wrote */
	if (ctrl_btf_check(src->btf, src->key_type_id, src->key_size) ||
	    ctrl_btf_check(src->btf, src->value_type_id, src->value_size)) {
		p_err("can't use BTF of %s: it is not that of a key of %u and a value of %u bytes",
		      src->name, src->key_size, src->value_size);
		return -EINVAL;
	}

	src->key_layout = ctrl_layout_new(src->btf, src->key_type_id);
	src->value_layout = ctrl_layout_new(src->btf, src->value_type_id);
	if (!src->key_layout || !src->value_layout) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	return 0;
}

int ctrl_source_get(struct ctrl_source *src, const void *key, void *value)
{
	return bpf_map_lookup_elem(src->fd, key, value);
}

int ctrl_source_set(struct ctrl_source *src, const void *key, const void *value)
{
	return bpf_map_update_elem(src->fd, key, value, BPF_EXIST);
}

static int walk_single(struct ctrl_source *src, void *key, void *value,
		       ctrl_entry_fn fn, void *ctx)
{
	void *prev_key = NULL;
	int err;

	while (!(err = bpf_map_get_next_key(src->fd, prev_key, key))) {
		prev_key = key;
		err = ctrl_source_get(src, key, value);
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

/* Keeps what the callback returns apart from errors of the walk itself. */
struct walk_result {
	ctrl_entry_fn fn;
	void *ctx;
	int ret;
};

static int call_entry_fn(struct ctrl_source *src, const void *key,
			 const void *value, void *ctx)
{
	struct walk_result *walk = ctx;

	walk->ret = walk->fn(src, key, value, walk->ctx);
	return walk->ret ? -ECANCELED : 0;
}

int ctrl_source_for_each(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx)
{
	struct walk_result walk = { .fn = fn, .ctx = ctx };
	__u32 size = src->key_size + src->value_size;
	__u32 max = size < BATCH_BYTES ? BATCH_BYTES / size : 1;
	void *batch, *keys, *values;
	int err = -ENOMEM;

	batch = malloc(src->key_size);
	keys = calloc(max, src->key_size);
	values = calloc(max, src->value_size);
	if (batch && keys && values) {
		err = walk_batch(src, batch, max, keys, values, call_entry_fn,
				 &walk);
		if (err == -ENOTSUP)
			err = walk_single(src, keys, values, call_entry_fn,
					  &walk);
	}
	free(values);
	free(keys);
	free(batch);

	if (walk.ret)
		return walk.ret;
	if (err)
		p_err("can't read %s: %s", src->name, strerror(-err));
	return err;
}

/*
 * One ioctl per name is cheaper than what if_nameindex() does: the RTM_GETLINK
 * dump behind it has the kernel fill in kilobytes per device.
 */
bool ctrl_source_ifname(struct ctrl_source *src, __u32 ifindex,
			char name[IF_NAMESIZE])
{
	struct ifreq ifr = { .ifr_ifindex = ifindex };

	if (src->sock < 0)
		src->sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (src->sock < 0 || ioctl(src->sock, SIOCGIFNAME, &ifr))
		return false;

	snprintf(name, IF_NAMESIZE, "%s", ifr.ifr_name);
	return true;
}
