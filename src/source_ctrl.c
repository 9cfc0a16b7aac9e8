// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Sources of keys and values: open, describe, get, set, walk. What is behind them
 * is the kernel's control map (map_ctrl.c) or a stand-in (stand_in_ctrl.c).
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "ctrl.h"
#include "layout_ctrl.h"
#include "main.h"
#include "value_ctrl.h"

/* The first that serves a type does: the kernel's own where there is one. */
static const struct {
	const char *name;
	int (*open)(struct ctrl_source *src, __u32 ctrl_type);
} sources[] = {
	{ "kernel",	ctrl_map_open },
	{ "stand-in",	ctrl_stand_in_open },
};

void ctrl_output_begin(void)
{
	setvbuf(stdout, NULL, _IOFBF, 0);
}

void ctrl_output_end(void)
{
	fflush(stdout);
	setlinebuf(stdout);
}

int ctrl_source_open(struct ctrl_source *src, __u32 ctrl_type, const char *name)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		*src = (struct ctrl_source){
			.name = name,
			.source = sources[i].name,
			.fd = -1,
			.sock = -1,
		};
		err = sources[i].open(src, ctrl_type);
		if (err <= 0)
			return err;
	}

	p_err("this kernel has no BPF control maps (BPF_MAP_TYPE_CONTROL), which %s needs: apply the series in kernel-patch/",
	      name);
	return -EOPNOTSUPP;
}

void ctrl_source_close(struct ctrl_source *src)
{
	ctrl_layout_free(src->key_layout);
	ctrl_layout_free(src->value_layout);
	btf__free(src->btf);
	if (src->ops && src->ops->close)
		src->ops->close(src);
	if (src->sock >= 0)
		close(src->sock);
	if (src->fd >= 0)
		close(src->fd);
	*src = (struct ctrl_source){ .fd = -1, .sock = -1 };
}

int ctrl_source_load_btf(struct ctrl_source *src)
{
	int err;

	err = src->ops->load_btf(src);
	if (err)
		return err;

	/* the description must not lead beyond what the source wrote */
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
	src->method = NULL;
	return src->ops->get(src, key, value);
}

int ctrl_source_set(struct ctrl_source *src, const void *key, const void *value)
{
	src->why = NULL;
	src->method = NULL;
	return src->ops->set ? src->ops->set(src, key, value) : -EOPNOTSUPP;
}

const char *ctrl_source_strerror(const struct ctrl_source *src, int err)
{
	return src->why ?: strerror(-err);
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
	int err;

	err = src->ops->for_each(src, call_entry_fn, &walk);
	if (walk.ret)
		return walk.ret;
	if (err)
		p_err("can't read %s: %s", src->name, strerror(-err));
	return err;
}

/* Returns 1 if the pin is there and ours, 0 if there is none, or a negative errno (reported). */
static int check_pin(struct ctrl_source *src, const char *path)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	bool ours;
	int fd;

	fd = bpf_obj_get(path);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0) {
		p_err("can't open %s: %s", path, strerror(-fd));
		return fd;
	}

	ours = get_fd_type(fd) == BPF_OBJ_MAP &&
	       !bpf_map_get_info_by_fd(fd, &info, &len) &&
	       src->ops->is_pinned(src, path, &info);
	close(fd);
	if (ours)
		return 1;
	p_err("can't use %s: it is not a map that %s is collected in", path, src->name);
	return -EINVAL;
}

int ctrl_remove_pin(const char *path)
{
	int err;

	if (!unlink(path) || errno == ENOENT)
		return 0;
	err = -errno;
	p_err("can't remove %s: %s", path, strerror(-err));
	return err;
}

int ctrl_source_pin(struct ctrl_source *src, const char *path)
{
	if (src->ops->pin)
		return src->ops->pin(src, path);
	p_err("can't pin %s: %s", src->name, src->limits);
	return -EOPNOTSUPP;
}

int ctrl_source_keep(struct ctrl_source *src, const char *path, bool on)
{
	int pinned;

	pinned = check_pin(src, path);
	if (pinned < 0)
		return pinned;
	if (!on)
		return src->ops->unpin(src, path);
	if (pinned)
		return 0;
	/* what is left of an attempt that did not come to its end */
	return src->ops->unpin(src, path) ?: ctrl_source_pin(src, path);
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
