// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What the kernel would refuse: as far as the value says what there can be, for --dry-run.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "main.h"
#include "update_ctrl.h"
#include "value_ctrl.h"
#include "xdp_selected_ctrl.h"

/* Why not, until the next one */
static char why[ERR_MAX_LEN];

static int __printf(3, 4) refuse(struct ctrl_source *src, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	src->why = why;
	return err;
}

/* As far as both know the value */
static void known_part(const struct ctrl_source *src, void *to, size_t size, const void *value)
{
	memset(to, 0, size);
	memcpy(to, value, src->value_size < size ? src->value_size : size);
}

static int check_rings(struct ctrl_source *src, const struct bpf_ctrl_xdp_attr *now,
		       const struct bpf_ctrl_xdp_attr *then)
{
	const struct bpf_ctrl_xdp_rings *max = &now->rings_max, *rings = &then->rings;

	/* any number is as good as another */
	if (now->rings_by == BPF_CTRL_XDP_RINGS_CORE && !max->num)
		return 0;
	if (rings->num > max->num)
		return refuse(src, -ERANGE, "there can be at most %u redirect rings now, not %u",
			      max->num, rings->num);
	if (rings->num && max->size && rings->size > max->size)
		return refuse(src, -ERANGE,
			      "redirect rings can have at most %u entries each, not %u",
			      max->size, rings->size);
	return 0;
}

static int check_md(struct ctrl_source *src, const struct bpf_ctrl_xdp_attr *now,
		    const struct bpf_ctrl_xdp_attr *then)
{
	if (then->enable_md > 1 || then->md_keep > 1)
		return refuse(src, -EINVAL, "enable_md and md_keep are 0 or 1");
	if (then->enable_md && !now->enable_md && now->mode == BPF_CTRL_XDP_MODE_GENERIC)
		return refuse(src, -EBUSY,
			      "its XDP program is generic, and metadata is for native ones");
	return 0;
}

static int check_xdp_attr(struct ctrl_source *src, const void *from, const void *to)
{
	struct bpf_ctrl_xdp_attr now, then;
	__u64 selected;
	int err = 0;

	known_part(src, &now, sizeof(now), from);
	known_part(src, &then, sizeof(then), to);
	if (then.flags)
		return refuse(src, -EINVAL, "flags is not 0");

	selected = xdp_attr_selected(&then);
	if (selected & XDP_ATTR_MD_BITS)
		err = check_md(src, &now, &then);
	if (!err && selected & XDP_ATTR_RINGS_BIT)
		err = check_rings(src, &now, &then);
	return err;
}

static int check_kprobe(struct ctrl_source *src, const void *from, const void *to)
{
	struct bpf_ctrl_kprobe then;

	known_part(src, &then, sizeof(then), to);
	return then.enabled > 1 ? refuse(src, -EINVAL, "enabled is 0 or 1") : 0;
}

static const struct {
	__u32 ctrl_type;
	int (*check)(struct ctrl_source *src, const void *from, const void *to);
} checks[] = {
	{ BPF_CTRL_XDP_ATTR,	check_xdp_attr },
	{ BPF_CTRL_KPROBE,	check_kprobe },
};

/* The kernel names the commands that it has. */
static int check_command(struct ctrl_source *src, const void *then)
{
	struct ctrl_field field = ctrl_field_root(src->btf, src->value_type_id);
	const struct btf_type *t = ctrl_field_type(&field);
	__u64 number;
	__u16 i;
	int nr;

	nr = btf_is_struct(t) ? ctrl_member_index(src->btf, t, "command", strlen("command")) : -1;
	if (nr < 0)
		return 0;
	field = ctrl_field_member(&field, nr);
	t = ctrl_field_type(&field);
	if (!btf_is_any_enum(t))
		return 0;

	number = ctrl_field_load(&field, then);
	for (i = 0; i < btf_vlen(t); i++)
		if (ctrl_enumerator_value(t, i) == number)
			return 0;
	return refuse(src, -EOPNOTSUPP, "This kernel does not know the command");
}

int ctrl_update_check(struct ctrl_source *src, __u32 ctrl_type, const void *key,
		      const void *now, const void *then)
{
	size_t i;
	int err;

	err = ctrl_source_check(src, key, then) ?: check_command(src, then);
	for (i = 0; i < ARRAY_SIZE(checks) && !err; i++)
		if (checks[i].ctrl_type == ctrl_type)
			err = checks[i].check(src, now, then);
	return err;
}
