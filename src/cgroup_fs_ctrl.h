/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_CGROUP_FS_CTRL_H
#define __BPFTOOL_CGROUP_FS_CTRL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* cgroup_open_mount - open a cgroup2 file system; a descriptor, or -1 if there is none */
int cgroup_open_mount(void);

/* cgroup_open_id - open the directory of a cgroup
 *
 * Its handle is the cgroup's id: no walk over the file system, and no cgroup taken
 * for another. Returns a descriptor or a negative errno: -ESTALE if there is no such
 * cgroup to be seen from here, -EPERM without CAP_DAC_READ_SEARCH.
 */
int cgroup_open_id(int mount, __u64 id);

/* cgroup_id_at - the id of the cgroup whose directory is @path
 *
 * Returns 0 or a negative errno: -EOPNOTSUPP if it is not in a cgroup2 file system.
 */
int cgroup_id_at(const char *path, __u64 *id);

/* cgroup_fd_path - the path of an open directory; false if it can't be told */
bool cgroup_fd_path(int fd, char path[PATH_MAX]);

struct cgroup_ids {
	__u64 *ids;	/* to be freed, even on failure */
	size_t nr;
	size_t max;
};

/* cgroup_find_all - the ids of all cgroups below a mount, in no order
 *
 * Those that go or come in the meantime may be in it, or not. Returns 0 or a negative errno.
 */
int cgroup_find_all(int mount, struct cgroup_ids *found);

#endif /* __BPFTOOL_CGROUP_FS_CTRL_H */
