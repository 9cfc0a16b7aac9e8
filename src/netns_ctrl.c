// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Network namespaces by name, path or process.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error_ctrl.h"
#include "main.h"
#include "netdev_ctrl.h"
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

/* Returns what is there if it is the namespace with this id, or -1. */
static int open_if_id(const char *path, __s32 netnsid)
{
	int fd = open_file(path);

	if (fd < 0 || ctrl_netns_id(fd) == netnsid)
		return fd;
	close(fd);
	return -1;
}

static int open_of_process(__s32 netnsid)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int fd = -1;
	__u64 pid;
	DIR *dir;

	dir = opendir("/proc");
	if (!dir)
		return -1;
	while (fd < 0 && (entry = readdir(dir))) {
		if (ctrl_number_parse(entry->d_name, &pid))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/ns/net", entry->d_name);
		fd = open_if_id(path, netnsid);
	}
	closedir(dir);
	return fd;
}

static int open_mounted(__s32 netnsid)
{
	char *line = NULL, path[PATH_MAX];
	size_t size = 0;
	int fd = -1;
	FILE *file;

	file = fopen("/proc/self/mountinfo", "re");
	if (!file)
		return -1;
	/* id, parent, device, root, where it is mounted */
	while (fd < 0 && getline(&line, &size, file) > 0)
		if (sscanf(line, "%*s %*s %*s net:[%*u] %4095s", path) == 1)
			fd = open_if_id(path, netnsid);
	free(line);
	fclose(file);
	return fd;
}

int ctrl_netns_enter_id(__s32 netnsid)
{
	int err, fd, home;

	fd = open_mounted(netnsid);
	if (fd < 0)
		fd = open_of_process(netnsid);
	if (fd < 0)
		return -ENOENT;
	home = open_file(OWN_NETNS);
	err = home < 0 || setns(fd, CLONE_NEWNET) ? -errno : 0;
	close(fd);
	if (err && home >= 0)
		close(home);
	return err ?: home;
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
