// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Network namespaces by name, path or process.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "main.h"
#include "netns_ctrl.h"
#include "number_ctrl.h"

#define OWN_NETNS	"/proc/self/ns/net"

/* Neither is to wait for who opens the other end of something else. */
static int open_file(const char *path)
{
	return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

static int open_netns(const char *name)
{
	char path[PATH_MAX];
	__u64 pid;
	int fd;

	if (strchr(name, '/'))
		return open_file(name);

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open_file(path);
	if (fd >= 0 || errno != ENOENT || ctrl_number_parse(name, &pid))
		return fd;
	snprintf(path, sizeof(path), "/proc/%llu/ns/net", (unsigned long long)pid);
	return open_file(path);
}

static int report_enter_error(const char *name, int err)
{
	p_err("can't enter network namespace '%s': %s", name,
	      err == -EINVAL ? "it is none" :
	      err == -EPERM ? "Operation not permitted: it takes CAP_SYS_ADMIN" :
	      strerror(-err));
	return err;
}

int ctrl_netns_enter(const char *name)
{
	int err, fd, home;

	fd = open_netns(name);
	if (fd < 0) {
		err = -errno;
		p_err("can't find network namespace '%s': %s", name,
		      err == -ENOENT ? "no such name, file or process" : strerror(-err));
		return err;
	}
	home = open_file(OWN_NETNS);
	err = home < 0 || setns(fd, CLONE_NEWNET) ? -errno : 0;
	close(fd);
	if (!err)
		return home;
	if (home >= 0)
		close(home);
	return report_enter_error(name, err);
}

int ctrl_netns_leave(int home)
{
	int err = 0;

	if (setns(home, CLONE_NEWNET)) {
		err = -errno;
		p_err("can't leave the network namespace: %s", strerror(-err));
	}
	close(home);
	return err;
}
