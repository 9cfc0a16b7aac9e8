// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Programs of cgroups on a kernel without control maps: what BPF_PROG_QUERY says of
 * each directory of the cgroup file system.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cgroup_fs_ctrl.h"
#include "fallback_ctrl.h"
#include "main.h"

static int cgroup_open(struct ctrl_source *src)
{
	__u32 nr = 0;

	src->fd = cgroup_open_mount();
	if (src->fd < 0) {
		p_err("can't find cgroups: no cgroup2 file system is mounted");
		return -ENODEV;
	}
	if (bpf_prog_query(src->fd, cgroup_attach_types[0].type, 0, NULL, NULL, &nr) == -EPERM)
		return ctrl_fallback_no_permission(src, "CAP_NET_ADMIN");
	return 0;
}

/* How many directories it is below the one that is mounted */
static __u32 cgroup_level(int mount, int fd)
{
	char top[PATH_MAX], path[PATH_MAX];
	const char *p;
	__u32 level = 0;

	if (!cgroup_fd_path(mount, top) || !cgroup_fd_path(fd, path) || strlen(path) < strlen(top))
		return 0;
	for (p = path + strlen(top); *p; p++)
		level += *p == '/';
	return level;
}

/* Returns false if this kernel does not know the attach type. */
static bool query(int fd, enum bpf_attach_type type, struct bpf_ctrl_cgroup_attach *attach)
{
	__u32 flags = 0;

	if (bpf_prog_query(fd, type, 0, &flags, NULL, &attach->attached) ||
	    bpf_prog_query(fd, type, BPF_F_QUERY_EFFECTIVE, NULL, NULL,
			   &attach->effective)) {
		*attach = (struct bpf_ctrl_cgroup_attach){};
		return false;
	}
	attach->flags = flags;
	return true;
}

static int cgroup_get(struct ctrl_source *src, const void *key, void *value)
{
	struct bpf_ctrl_cgroup_attach *attach;
	struct bpf_ctrl_cgroup cgroup = {};
	__u64 id;
	size_t i;
	int fd;

	memcpy(&id, key, sizeof(id));
	fd = cgroup_open_id(src->fd, id);
	/* a file in it has a number, too */
	if (fd < 0)
		return fd == -ESTALE || fd == -ENOTDIR ? -ENOENT : fd;

	cgroup.level = cgroup_level(src->fd, fd);
	for (i = 0; i < CGROUP_ATTACH_TYPES; i++) {
		attach = (void *)&cgroup + cgroup_attach_types[i].offset;
		if (!query(fd, cgroup_attach_types[i].type, attach))
			continue;
		cgroup.valid |= 1ULL << i;
		cgroup.attached += attach->attached;
	}
	close(fd);
	memcpy(value, &cgroup, sizeof(cgroup));
	return 0;
}

static int compare_ids(const void *a, const void *b)
{
	const __u64 *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

static int cgroup_for_each(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx)
{
	struct cgroup_ids found = {};
	struct bpf_ctrl_cgroup cgroup;
	size_t i;
	int err;

	err = cgroup_find_all(src->fd, &found);
	if (found.nr)
		qsort(found.ids, found.nr, sizeof(*found.ids), compare_ids);

	for (i = 0; i < found.nr && !err; i++) {
		err = cgroup_get(src, &found.ids[i], &cgroup);
		if (err == -ENOENT)	/* gone in the meantime */
			err = 0;
		else if (!err)
			err = fn(src, &found.ids[i], &cgroup, ctx);
	}
	free(found.ids);
	return err;
}

const struct ctrl_fallback cgroup_fallback = {
	.ctrl_type	= BPF_CTRL_CGROUP,
	.info = {
		.name	= "cgroup",
		CTRL_KEY_TYPE(bpf_ctrl_cgroup_id_t),
		CTRL_VALUE_TYPE(bpf_ctrl_cgroup),
		.ops	= BPF_CTRL_OP_LOOKUP | BPF_CTRL_OP_ITERATE,
		.scope	= BPF_CTRL_SCOPE_CGROUPNS,
	},
	.ops = {
		.load_btf	= ctrl_fallback_load_btf,
		.get		= cgroup_get,
		.for_each	= cgroup_for_each,
	},
	.open		= cgroup_open,
};
