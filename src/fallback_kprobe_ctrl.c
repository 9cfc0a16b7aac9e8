// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Links to kprobes and uprobes on a kernel without control maps: what
 * BPF_OBJ_GET_INFO_BY_FD says of a link. They cannot be paused there.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "error_ctrl.h"
#include "fallback_ctrl.h"

/* Bits of bpf_ctrl_kprobe.valid */
#define VALID_ADDR	1
#define VALID_OFFSET	2
#define VALID_COOKIE	4
#define VALID_MISSED	8
#define VALID_MISSES	16

struct probe_link {
	struct bpf_link_info info;
	/* as long as a path may be: the kernel gives all of it or nothing */
	char target[PATH_MAX];
};

/*
 * Which probe, in terms of the control type. Before Linux 6.6 the kernel does not
 * say what a perf event is: that is BPF_CTRL_PROBE_UNSPEC. -ENOENT: not a probe.
 */
static int perf_kind(const struct bpf_link_info *info)
{
	switch (info->perf_event.type) {
	case BPF_PERF_EVENT_UNSPEC:
		return BPF_CTRL_PROBE_UNSPEC;
	case BPF_PERF_EVENT_KPROBE:
		return BPF_CTRL_PROBE_KPROBE;
	case BPF_PERF_EVENT_KRETPROBE:
		return BPF_CTRL_PROBE_KRETPROBE;
	case BPF_PERF_EVENT_UPROBE:
		return BPF_CTRL_PROBE_UPROBE;
	case BPF_PERF_EVENT_URETPROBE:
		return BPF_CTRL_PROBE_URETPROBE;
	default:
		return -ENOENT;
	}
}

static int probe_kind(const struct bpf_link_info *info)
{
	switch (info->type) {
	case BPF_LINK_TYPE_PERF_EVENT:
		return perf_kind(info);
	case BPF_LINK_TYPE_KPROBE_MULTI:
		return info->kprobe_multi.flags & BPF_F_KPROBE_MULTI_RETURN ?
		       BPF_CTRL_PROBE_KRETPROBE_MULTI : BPF_CTRL_PROBE_KPROBE_MULTI;
	case BPF_LINK_TYPE_UPROBE_MULTI:
		return info->uprobe_multi.flags & BPF_F_UPROBE_MULTI_RETURN ?
		       BPF_CTRL_PROBE_URETPROBE_MULTI : BPF_CTRL_PROBE_UPROBE_MULTI;
	default:
		return -ENOENT;
	}
}

/* Where names go has to be said in advance, by where they are for the type of link. */
static int get_info(int fd, struct probe_link *link)
{
	__u32 len = sizeof(link->info);
	__u32 type, event;
	int err;

	memset(link, 0, sizeof(*link));
	err = bpf_link_get_info_by_fd(fd, &link->info, &len);
	if (err)
		return err;

	type = link->info.type;
	event = link->info.perf_event.type;
	if (type == BPF_LINK_TYPE_PERF_EVENT &&
	    (event == BPF_PERF_EVENT_KPROBE || event == BPF_PERF_EVENT_KRETPROBE)) {
		link->info.perf_event.kprobe.func_name = (unsigned long)link->target;
		link->info.perf_event.kprobe.name_len = sizeof(link->target);
	} else if (type == BPF_LINK_TYPE_PERF_EVENT &&
		   (event == BPF_PERF_EVENT_UPROBE || event == BPF_PERF_EVENT_URETPROBE)) {
		link->info.perf_event.uprobe.file_name = (unsigned long)link->target;
		link->info.perf_event.uprobe.name_len = sizeof(link->target);
	} else if (type == BPF_LINK_TYPE_UPROBE_MULTI) {
		link->info.uprobe_multi.path = (unsigned long)link->target;
		link->info.uprobe_multi.path_size = sizeof(link->target);
	} else {
		return 0;
	}
	len = sizeof(link->info);
	return bpf_link_get_info_by_fd(fd, &link->info, &len);
}

static void fill_perf(const struct bpf_link_info *info, struct bpf_ctrl_kprobe *probe)
{
	probe->count = 1;
	switch (probe->kind) {
	case BPF_CTRL_PROBE_KPROBE:
	case BPF_CTRL_PROBE_KRETPROBE:
		probe->valid = VALID_OFFSET | VALID_COOKIE | VALID_MISSED;
		probe->addr = info->perf_event.kprobe.addr;
		probe->offset = info->perf_event.kprobe.offset;
		probe->cookie = info->perf_event.kprobe.cookie;
		probe->missed = info->perf_event.kprobe.missed;
		if (probe->addr)
			probe->valid |= VALID_ADDR;
		break;
	case BPF_CTRL_PROBE_UPROBE:
	case BPF_CTRL_PROBE_URETPROBE:
		probe->valid = VALID_OFFSET | VALID_COOKIE;
		probe->offset = info->perf_event.uprobe.offset;
		probe->cookie = info->perf_event.uprobe.cookie;
		break;
	default:
		break;
	}
}

static void fill_multi(const struct bpf_link_info *info, struct bpf_ctrl_kprobe *probe)
{
	if (info->type == BPF_LINK_TYPE_KPROBE_MULTI) {
		probe->count = info->kprobe_multi.count;
		probe->missed = info->kprobe_multi.missed;
		probe->valid = VALID_MISSED;
	} else {
		probe->count = info->uprobe_multi.count;
	}
}

/* -ENOENT: its program is not one for probes. */
static int fill_program(__u32 id, struct bpf_ctrl_kprobe *probe)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);
	int err, fd;

	probe->prog_id = id;
	fd = bpf_prog_get_fd_by_id(id);
	if (fd < 0)
		return fd;
	err = bpf_prog_get_info_by_fd(fd, &info, &len);
	close(fd);
	if (err)
		return err;
	snprintf(probe->prog_name, sizeof(probe->prog_name), "%s", info.name);
	probe->recursion_misses = info.recursion_misses;
	probe->valid |= VALID_MISSES;
	return info.type == BPF_PROG_TYPE_KPROBE ? 0 : -ENOENT;
}

static int kprobe_get(struct ctrl_source *src, const void *key, void *value)
{
	struct bpf_ctrl_kprobe probe = { .enabled = 1 };
	struct probe_link link;
	int fd, err, kind;
	__u32 id;

	memcpy(&id, key, sizeof(id));
	fd = bpf_link_get_fd_by_id(id);
	if (fd < 0)
		return fd;
	err = get_info(fd, &link);
	close(fd);
	if (err)
		return err;

	kind = probe_kind(&link.info);
	if (kind < 0)
		return kind;
	probe.kind = kind;
	if (link.info.type == BPF_LINK_TYPE_PERF_EVENT)
		fill_perf(&link.info, &probe);
	else
		fill_multi(&link.info, &probe);
	snprintf(probe.target, sizeof(probe.target), "%.*s",
		 (int)sizeof(probe.target) - 1, link.target);
	err = fill_program(link.info.prog_id, &probe);
	if (err)
		return err;
	memcpy(value, &probe, sizeof(probe));
	return 0;
}

static int kprobe_open(struct ctrl_source *src)
{
	__u32 id;

	if (bpf_link_get_next_id(0, &id) == -EPERM)
		return ctrl_fallback_no_permission(src, CTRL_CAP(CAP_SYS_ADMIN),
						   "it takes CAP_SYS_ADMIN");
	return 0;
}

static int kprobe_for_each(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx)
{
	struct bpf_ctrl_kprobe probe;
	__u32 id = 0;
	int err;

	while (!(err = bpf_link_get_next_id(id, &id))) {
		err = kprobe_get(src, &id, &probe);
		/* has gone, or is another kind of link, or one that is being made */
		if (err == -ENOENT || err == -EAGAIN)
			continue;
		err = err ?: fn(src, &id, &probe, ctx);
		if (err)
			return err;
	}
	return err == -ENOENT ? 0 : err;
}

const struct ctrl_fallback kprobe_fallback = {
	.ctrl_type	= BPF_CTRL_KPROBE,
	.info = {
		.name	= "kprobe",
		CTRL_KEY_TYPE(bpf_ctrl_link_id_t),
		CTRL_VALUE_TYPE(bpf_ctrl_kprobe),
		.ops	= BPF_CTRL_OP_LOOKUP | BPF_CTRL_OP_ITERATE,
	},
	.ops = {
		.load_btf	= ctrl_fallback_load_btf,
		.get		= kprobe_get,
		.for_each	= kprobe_for_each,
	},
	.open		= kprobe_open,
};
