// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The fallbacks that there are, and the registry of a kernel without control maps: them.
 */
#include <errno.h>
#include <string.h>

#include "fallback_ctrl.h"
#include "main.h"

static const struct ctrl_fallback registry_fallback;

/* in ascending order of their control types */
static const struct ctrl_fallback * const fallbacks[] = {
	&registry_fallback,
	&xdp_stats_fallback,
	&xdp_attr_fallback,
	&kprobe_fallback,
	&cgroup_fallback,
};

static const struct ctrl_fallback *find_fallback(__u32 ctrl_type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fallbacks); i++)
		if (fallbacks[i]->ctrl_type == ctrl_type)
			return fallbacks[i];
	return NULL;
}

static struct bpf_ctrl_info fallback_info(const struct ctrl_fallback *fallback)
{
	struct bpf_ctrl_info info = fallback->info;

	info.users = fallback->users ? fallback->users() : 0;
	return info;
}

static int registry_get(struct ctrl_source *src, const void *key, void *value)
{
	const struct ctrl_fallback *fallback;
	struct bpf_ctrl_info info;
	__u32 ctrl_type;

	memcpy(&ctrl_type, key, sizeof(ctrl_type));
	fallback = find_fallback(ctrl_type);
	if (!fallback)
		return -ENOENT;
	info = fallback_info(fallback);
	memcpy(value, &info, sizeof(info));
	return 0;
}

static int registry_for_each(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx)
{
	struct bpf_ctrl_info info;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(fallbacks); i++) {
		info = fallback_info(fallbacks[i]);
		err = fn(src, &fallbacks[i]->ctrl_type, &info, ctx);
		if (err)
			return err;
	}
	return 0;
}

static const struct ctrl_fallback registry_fallback = {
	.ctrl_type	= BPF_CTRL_REGISTRY,
	.info = {
		.name	= "registry",
		CTRL_KEY_TYPE(bpf_ctrl_type_t),
		CTRL_VALUE_TYPE(bpf_ctrl_info),
		.ops	= BPF_CTRL_OP_LOOKUP | BPF_CTRL_OP_ITERATE,
	},
	.ops = {
		.load_btf	= ctrl_fallback_load_btf,
		.get		= registry_get,
		.for_each	= registry_for_each,
	},
};

int ctrl_fallback_open(struct ctrl_source *src, __u32 ctrl_type)
{
	const struct ctrl_fallback *fallback = find_fallback(ctrl_type);

	if (!fallback)
		return 1;

	src->info = &fallback->info;
	src->key_size = fallback->info.key_size;
	src->value_size = fallback->info.value_size;
	src->ops = &fallback->ops;
	src->limits = "it takes a kernel with control maps: apply the series in kernel-patch/";
	return fallback->open ? fallback->open(src) : 0;
}
