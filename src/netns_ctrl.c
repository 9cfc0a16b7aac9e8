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

#include "error_ctrl.h"
#include "main.h"
#include "netns_ctrl.h"
#include "number_ctrl.h"

#define OWN_NETNS	"/proc/self/ns/net"

/* The word for the one that was entered, or NULL */
static const char *entered;

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

static const char *not_found(const char *name)
{
	__u64 pid;

	if (strchr(name, '/'))
		return "no such file";
	return ctrl_number_parse(name, &pid) ? "no such name" : "no such name, and no such process";
}

static int report_enter_error(const char *name, int err)
{
	p_err("can't enter network namespace '%s': %s%s%s", name,
	      err == -EINVAL ? "it is none" :
	      strerror(-err), err == -EPERM ? ": " : "", err == -EPERM ?
	      ctrl_caps_reason(CTRL_CAP(CAP_SYS_ADMIN), "it takes CAP_SYS_ADMIN") : "");
	return err;
}

int ctrl_netns_enter(const char *name)
{
	int err, fd, home;

	fd = open_netns(name);
	if (fd < 0) {
		err = -errno;
		p_err("can't find network namespace '%s': %s", name,
		      err == -ENOENT ? not_found(name) : strerror(-err));
		return err;
	}
	home = open_file(OWN_NETNS);
	err = home < 0 || setns(fd, CLONE_NEWNET) ? -errno : 0;
	close(fd);
	if (!err) {
		entered = name;
		return home;
	}
	if (home >= 0)
		close(home);
	return report_enter_error(name, err);
}

int ctrl_netns_leave(int home)
{
	int err = 0;

	entered = NULL;
	if (setns(home, CLONE_NEWNET)) {
		err = -errno;
		p_err("can't leave the network namespace: %s", strerror(-err));
	}
	close(home);
	return err;
}

int ctrl_netns_no_device(const char *dev)
{
	int err = errno;

	if (entered)
		p_err("can't find device '%s' in network namespace '%s': %s", dev, entered,
		      strerror(err));
	else
		p_err("can't find device '%s': %s", dev, strerror(err));
	return -ENODEV;
}
