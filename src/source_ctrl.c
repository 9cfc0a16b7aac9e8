// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Sources of keys and values: describe, get, set, walk. What is behind them is in their
 * ops: the kernel's control map (source_map_ctrl.c) or a fallback (fallback_ctrl.h).
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

#include <bpf/btf.h>

#include "error_ctrl.h"
#include "main.h"
#include "source_ctrl.h"
#include "value_ctrl.h"

static bool asked;

void ctrl_source_ask(void)
{
	asked = true;
}

bool ctrl_source_asked(void)
{
	bool was = asked;

	asked = false;
	return was;
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

static void forget_reasons(struct ctrl_source *src)
{
	src->why = NULL;
	src->refused = NULL;
}

int ctrl_source_get(struct ctrl_source *src, const void *key, void *value)
{
	forget_reasons(src);
	src->method = NULL;
	return src->ops->get(src, key, value);
}

int ctrl_source_check(struct ctrl_source *src, const void *key, const void *value)
{
	forget_reasons(src);
	if (!src->ops->set)
		return -EOPNOTSUPP;
	return src->ops->check ? src->ops->check(src, key, value) : 0;
}

int ctrl_source_set(struct ctrl_source *src, const void *key, const void *value)
{
	forget_reasons(src);
	src->method = NULL;
	return src->ops->set ? src->ops->set(src, key, value) : -EOPNOTSUPP;
}

const char *ctrl_source_strerror(const struct ctrl_source *src, int err)
{
	return src->why ?: src->refused ?: err == -ENOENT ? "no such key" : ctrl_strerror(err);
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

	forget_reasons(src);
	err = src->ops->for_each(src, call_entry_fn, &walk);
	if (walk.ret)
		return walk.ret;
	if (err)
		p_err("can't read %s: %s", src->name, ctrl_source_strerror(src, err));
	return err;
}

bool ctrl_source_is_empty(struct ctrl_source *src)
{
	return src->ops->is_empty && src->ops->is_empty(src);
}

/*
 * One ioctl per name is cheaper than what if_nameindex() does: the RTM_GETLINK
 * dump behind it has the kernel fill in kilobytes per device.
 */
bool ctrl_source_ifname(struct ctrl_source *src, __u32 ifindex,
			char name[IF_NAMESIZE])
{
	struct ifreq ifr = { .ifr_ifindex = ifindex };

	if (src->given)
		return false;
	if (src->sock < 0)
		src->sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (src->sock < 0 || ioctl(src->sock, SIOCGIFNAME, &ifr))
		return false;

	snprintf(name, IF_NAMESIZE, "%s", ifr.ifr_name);
	return true;
}
