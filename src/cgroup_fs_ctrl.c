// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Cgroups as directories of a cgroup2 file system.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/magic.h>

#include "cgroup_fs_ctrl.h"

/* of a file handle: 64 bits of the id of a kernfs node */
#define FILEID_KERNFS	0xfe

struct kernfs_handle {
	struct file_handle fh;
	__u64 id;
};

int cgroup_open_id(int mount, __u64 id)
{
	struct kernfs_handle handle = {
		.fh.handle_bytes = sizeof(handle.id),
		.fh.handle_type = FILEID_KERNFS,
		.id = id,
	};
	int fd;

	fd = open_by_handle_at(mount, &handle.fh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* @mount: filled in, to tell what is mounted below from what is not */
static int id_at(int dir, const char *path, __u64 *id, int *mount)
{
	struct kernfs_handle handle = { .fh.handle_bytes = sizeof(handle.id) };

	if (name_to_handle_at(dir, path, &handle.fh, mount, 0))
		return errno == EOVERFLOW ? -EOPNOTSUPP : -errno;
	if (handle.fh.handle_type != FILEID_KERNFS)
		return -EOPNOTSUPP;
	*id = handle.id;
	return 0;
}

/* Other file systems have such handles, too: those of version 1, and sysfs. */
int cgroup_id_at(const char *path, __u64 *id)
{
	struct statfs fs;
	int mount;

	if (statfs(path, &fs))
		return -errno;
	if ((unsigned long)fs.f_type != CGROUP2_SUPER_MAGIC)
		return -EOPNOTSUPP;
	return id_at(AT_FDCWD, path, id, &mount);
}

/* Returns its file descriptor, and its id; -1 if something else is mounted on it. */
static int open_mount(const char *dir, __u64 *id)
{
	struct statfs fs;
	int fd, mount;

	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (!fstatfs(fd, &fs) && (unsigned long)fs.f_type == CGROUP2_SUPER_MAGIC &&
	    !id_at(fd, ".", id, &mount))
		return fd;
	close(fd);
	return -1;
}

/*
 * There may be several, of a part of the tree as well: the one that shows most of it has the
 * lowest id, for a cgroup is there before those in it.
 */
int cgroup_open_mount(void)
{
	__u64 id, best = 0;
	struct mntent *mnt;
	int fd, found = -1;
	FILE *mounts;

	mounts = setmntent("/proc/self/mounts", "r");
	if (!mounts)
		return -1;
	while ((mnt = getmntent(mounts))) {
		fd = strcmp(mnt->mnt_type, "cgroup2") ? -1 : open_mount(mnt->mnt_dir, &id);
		if (fd < 0)
			continue;
		if (found >= 0 && id >= best) {
			close(fd);
			continue;
		}
		if (found >= 0)
			close(found);
		found = fd;
		best = id;
	}
	endmntent(mounts);
	return found;
}

bool cgroup_fd_path(int fd, char path[PATH_MAX])
{
	char link[64];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, PATH_MAX - 1);
	path[len < 0 ? 0 : len] = '\0';
	return len >= 0;
}

static int add_id(struct cgroup_ids *found, __u64 id)
{
	size_t max = found->max ? found->max * 2 : 64;
	__u64 *ids;

	if (found->nr == found->max) {
		ids = realloc(found->ids, max * sizeof(*ids));
		if (!ids)
			return -ENOMEM;
		found->ids = ids;
		found->max = max;
	}
	found->ids[found->nr++] = id;
	return 0;
}

/* What is mounted on one is no cgroup of this tree. */
static int add_child(struct cgroup_ids *found, int dir, const char *name, int mount)
{
	int child_mount;
	__u64 id;

	if (!strcmp(name, ".") || !strcmp(name, "..") ||
	    id_at(dir, name, &id, &child_mount) || child_mount != mount)
		return 0;
	return add_id(found, id);
}

static int add_children(struct cgroup_ids *found, int root, __u64 id, int mount)
{
	const struct dirent *entry;
	int fd, err = 0;
	DIR *dir;

	fd = cgroup_open_id(root, id);
	if (fd < 0)	/* one that is gone in the meantime has none */
		return fd == -ESTALE ? 0 : fd;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	while (!err && (entry = readdir(dir)))
		if (entry->d_type == DT_DIR)
			err = add_child(found, fd, entry->d_name, mount);
	closedir(dir);
	return err;
}

/*
 * What was found is what is still to be looked into: whatever the shape of the tree,
 * one directory is open at a time, and no path becomes too long.
 */
int cgroup_find_all(int root, struct cgroup_ids *found)
{
	int err, mount;
	__u64 id;
	size_t i;

	err = id_at(root, ".", &id, &mount) ?: add_id(found, id);
	for (i = 0; i < found->nr && !err; i++)
		err = add_children(found, root, found->ids[i], mount);
	return err;
}
