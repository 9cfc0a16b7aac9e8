/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_CGROUP_CTRL_H
#define __BPFTOOL_CGROUP_CTRL_H

#include <fcntl.h>
#include <stddef.h>
#include <linux/bpf.h>
#include <linux/types.h>

/* of a file handle: 64 bits of the id of a kernfs node */
#define FILEID_KERNFS	0xfe

struct kernfs_handle {
	struct file_handle fh;
	__u64 id;
};

/* A member of struct bpf_ctrl_cgroup that is a struct bpf_ctrl_cgroup_attach */
struct cgroup_attach_type {
	const char *name;
	enum bpf_attach_type type;
	size_t offset;
};

/* in the order of the bits of bpf_ctrl_cgroup.valid */
#define CGROUP_ATTACH_TYPES	29
extern const struct cgroup_attach_type cgroup_attach_types[CGROUP_ATTACH_TYPES];

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
int cgroup_id_at(int dir, const char *path, __u64 *id);

#endif /* __BPFTOOL_CGROUP_CTRL_H */
