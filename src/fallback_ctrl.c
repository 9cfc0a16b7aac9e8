// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What fallbacks have in common: the BTF of keys and values, network devices, libbpf.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <linux/if_link.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "error_ctrl.h"
#include "fallback_ctrl.h"
#include "main.h"

/* The BTF of all keys and values, made of skeleton/types_ctrl.bpf.c. Hidden, so that a PIE
 * for arm64 does not look for them in the GOT, which has no place for local labels; even, for
 * s390x finds no other (a byte behind its end does BTF no harm).
 */
#pragma GCC visibility push(hidden)
extern const char types_btf[], types_btf_end[];
#pragma GCC visibility pop

asm(".pushsection .rodata\n"
	".balign 8\n"
	"types_btf:\n"
	".incbin \"types_ctrl.btf\"\n"
	".balign 2\n"
	"types_btf_end:\n"
	".popsection\n");

int ctrl_fallback_load_btf(struct ctrl_source *src)
{
	int err;

	src->btf = btf__new(types_btf, types_btf_end - types_btf);
	if (!src->btf) {
		err = -errno;
		p_err("can't read the BTF of fallbacks: %s", ctrl_strerror(err));
		return err;
	}
	src->key_type_id = btf__find_by_name(src->btf, src->info->key_type);
	src->value_type_id = btf__find_by_name_kind(src->btf, src->info->value_type,
						    BTF_KIND_STRUCT);
	return 0;
}

int ctrl_fallback_no_permission(const struct ctrl_source *src, __u64 caps, const char *takes)
{
	p_err("can't open control type %s: %s: %s", src->name, ctrl_strerror(-EPERM),
	      ctrl_caps_reason(caps, takes));
	return -EPERM;
}

bool ctrl_fd_is_map(int fd, enum bpf_map_type type, __u32 key_size, __u32 value_size)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);

	return get_fd_type(fd) == BPF_OBJ_MAP &&
	       !bpf_map_get_info_by_fd(fd, &info, &len) && info.type == type &&
	       info.key_size == key_size && info.value_size == value_size;
}

static int print_nothing(enum libbpf_print_level level, const char *format, va_list args)
{
	return 0;
}

libbpf_print_fn_t ctrl_quiet_libbpf(void)
{
	return verifier_logs ? NULL : libbpf_set_print(print_nothing);
}

void ctrl_loud_libbpf(libbpf_print_fn_t print)
{
	if (!verifier_logs)
		libbpf_set_print(print);
}

int ctrl_xdp_query(__u32 ifindex, struct bpf_xdp_query_opts *opts)
{
	libbpf_print_fn_t print = ctrl_quiet_libbpf();
	int err;

	err = bpf_xdp_query(ifindex, 0, opts);
	ctrl_loud_libbpf(print);
	return err;
}

/* What the kernel says on netlink comes by this way only. */
static char refused[256];

static int keep_refused(enum libbpf_print_level level, const char *format, va_list args)
{
	static const char begin[] = "libbpf: Kernel error message: ";
	char line[sizeof(begin) + sizeof(refused)];

	vsnprintf(line, sizeof(line), format, args);
	if (!strncmp(line, begin, strlen(begin)))
		snprintf(refused, sizeof(refused), "%.*s",
			 (int)strcspn(line + strlen(begin), "\n"), line + strlen(begin));
	return 0;
}

/* Links are refused without a word, netlink says why: it is asked for the same once more. */
const char *ctrl_xdp_refused(__u32 ifindex, int prog, __u32 flags)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, ours, .old_prog_fd = prog);
	libbpf_print_fn_t print;

	*refused = '\0';
	print = libbpf_set_print(keep_refused);
	if (!bpf_xdp_attach(ifindex, prog, flags | XDP_FLAGS_UPDATE_IF_NOEXIST, NULL))
		bpf_xdp_detach(ifindex, flags, &ours);
	libbpf_set_print(print);
	return *refused ? refused : NULL;
}

__u32 ctrl_netns_inode(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) ? 0 : st.st_ino;
}

static int compare_ifindex(const void *a, const void *b)
{
	const struct if_nameindex *left = a, *right = b;

	return left->if_index < right->if_index ? -1 :
	       left->if_index > right->if_index;
}

int ctrl_walk_ifindices(ctrl_ifindex_fn fn, void *ctx)
{
	struct if_nameindex *devs;
	size_t nr = 0, i;
	int err = 0;

	devs = if_nameindex();
	if (!devs)
		return -errno;
	while (devs[nr].if_index)
		nr++;
	qsort(devs, nr, sizeof(*devs), compare_ifindex);
	for (i = 0; i < nr && !err; i++)
		err = fn(devs[i].if_index, ctx);
	if_freenameindex(devs);
	return err;
}

struct device_walk {
	struct ctrl_source *src;
	ctrl_entry_fn fn;
	void *ctx;
	void *value;
};

static int walk_device(__u32 ifindex, void *ctx)
{
	struct device_walk *walk = ctx;
	int err;

	memset(walk->value, 0, walk->src->value_size);
	err = walk->src->ops->get(walk->src, &ifindex, walk->value);
	if (err)
		return err == -ENOENT ? 0 : err;
	return walk->fn(walk->src, &ifindex, walk->value, walk->ctx);
}

int ctrl_walk_devices(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx)
{
	struct device_walk walk = { .src = src, .fn = fn, .ctx = ctx };
	int err;

	walk.value = malloc(src->value_size);
	if (!walk.value)
		return -ENOMEM;
	err = ctrl_walk_ifindices(walk_device, &walk);
	free(walk.value);
	return err;
}
