/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_SOCKET_USERS_CTRL_H
#define __BPFTOOL_SOCKET_USERS_CTRL_H

#include <stddef.h>
#include <linux/types.h>

/* A process that has a socket open, as descriptor @fd. */
struct socket_user {
	__u64 inode;
	__u32 pid;
	int fd;
	char comm[16];
};

/* All of them, in ascending order of inodes. */
struct socket_users {
	struct socket_user *users;
	size_t nr;
	size_t max;
};

/* ctrl_socket_users_find - look at all processes; those that may not be seen are left out
 *
 * Returns 0 or a negative errno (reported); @list is to be freed anyway.
 */
int ctrl_socket_users_find(struct socket_users *list);

/* ctrl_socket_users_next - the next process that has a socket open, each once
 * @user: the one before it, or NULL
 */
const struct socket_user *
ctrl_socket_users_next(const struct socket_users *list, __u64 inode,
		       const struct socket_user *user);

void ctrl_socket_users_free(struct socket_users *list);

#endif /* __BPFTOOL_SOCKET_USERS_CTRL_H */
