// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Which processes have which sockets open, by /proc.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "main.h"
#include "number_ctrl.h"
#include "socket_users_ctrl.h"

static int add_user(struct socket_users *list, const struct socket_user *user)
{
	size_t max = list->max ? list->max * 2 : 64;
	struct socket_user *users;

	if (list->nr == list->max) {
		users = realloc(list->users, max * sizeof(*users));
		if (!users) {
			p_err("mem alloc failed");
			return -ENOMEM;
		}
		list->users = users;
		list->max = max;
	}
	list->users[list->nr++] = *user;
	return 0;
}

static void read_comm(int proc, struct socket_user *user)
{
	ssize_t len = -1;
	int fd;

	fd = openat(proc, "comm", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, user->comm, sizeof(user->comm));
		close(fd);
	}
	/* the last character is a newline */
	user->comm[len > 0 ? len - 1 : 0] = '\0';
}

static int cmp_user(const void *a, const void *b)
{
	const struct socket_user *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* The sockets of one process; what can't be read belongs to others, or is gone. */
static int add_process(struct socket_users *list, int proc, __u32 pid)
{
	struct socket_user user = { .pid = pid };
	unsigned long long inode;
	struct dirent *entry;
	char link[64];
	ssize_t len;
	int fd, err = 0;
	DIR *dir;

	fd = openat(proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (!err && (entry = readdir(dir))) {
		len = readlinkat(fd, entry->d_name, link, sizeof(link) - 1);
		if (len < 0)
			continue;
		link[len] = '\0';
		if (sscanf(link, "socket:[%llu]", &inode) != 1)
			continue;
		if (!*user.comm)
			read_comm(proc, &user);
		user.inode = inode;
		user.fd = strtol(entry->d_name, NULL, 10);
		err = add_user(list, &user);
	}
	closedir(dir);
	return err;
}

int ctrl_socket_users_find(struct socket_users *list)
{
	struct dirent *entry;
	int proc, err = 0;
	__u64 pid;
	DIR *dir;

	dir = opendir("/proc");
	if (!dir)
		return 0;
	while (!err && (entry = readdir(dir))) {
		if (ctrl_number_parse(entry->d_name, &pid))
			continue;
		proc = openat(dirfd(dir), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (proc < 0)
			continue;
		err = add_process(list, proc, pid);
		close(proc);
	}
	closedir(dir);
	if (list->nr)
		qsort(list->users, list->nr, sizeof(*list->users), cmp_user);
	return err;
}

const struct socket_user *
ctrl_socket_users_next(const struct socket_users *list, __u64 inode,
		       const struct socket_user *user)
{
	const struct socket_user *end = list->users + list->nr;
	size_t low = 0, high = list->nr, mid;
	__u32 pid = 0;

	if (user) {
		/* a process may have it open more than once */
		for (pid = user->pid; user < end && user->inode == inode; user++)
			if (user->pid != pid)
				return user;
		return NULL;
	}

	while (low < high) {
		mid = low + (high - low) / 2;
		if (list->users[mid].inode < inode)
			low = mid + 1;
		else
			high = mid;
	}
	user = list->users + low;
	return inode && user < end && user->inode == inode ? user : NULL;
}

void ctrl_socket_users_free(struct socket_users *list)
{
	free(list->users);
}
