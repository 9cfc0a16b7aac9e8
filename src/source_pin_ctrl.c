// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Maps of sources, pinned for others to read and to be filled when this tool has gone.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/magic.h>

#include <bpf/bpf.h>

#include "main.h"
#include "source_ctrl.h"

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

/* bpftool does that where a directory is there and in another file system. */
static bool would_mount(const char *path)
{
	char dir[PATH_MAX];
	struct statfs fs;

	snprintf(dir, sizeof(dir), "%s", path);
	return !block_mount && !statfs(dirname(dir), &fs) &&
	       (unsigned long)fs.f_type != BPF_FS_MAGIC;
}

/* That of who has called this is another. False where that can't be looked at. */
static bool is_mount_namespace_of_ones_own(void)
{
	struct stat own, parent;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", getppid());
	return !stat("/proc/self/ns/mnt", &own) && !stat(path, &parent) &&
	       own.st_ino != parent.st_ino;
}

/* What bpftool mounts in a namespace that is made for one command goes with it. */
static int check_lasts(const char *path)
{
	if (!would_mount(path) || !is_mount_namespace_of_ones_own())
		return 0;
	p_err("can't pin %s: there is no BPF file system in this mount namespace, and one that is mounted now ends with it ('ip netns exec' makes one for each command: 'nsenter --net=/run/netns/NAME' does not)",
	      path);
	return -ENODEV;
}

int ctrl_source_pin(struct ctrl_source *src, const char *path)
{
	if (src->ops->pin)
		return check_lasts(path) ?: src->ops->pin(src, path);
	p_err("can't pin %s: %s", src->name, src->limits);
	return -EOPNOTSUPP;
}

int ctrl_source_persist(struct ctrl_source *src, const char *path, bool on)
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
