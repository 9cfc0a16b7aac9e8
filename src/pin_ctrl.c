// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Files in bpffs: whose they are, locked while they are changed, and in a mount that lasts.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/magic.h>

#include <bpf/bpf.h>

#include "error_ctrl.h"
#include "main.h"
#include "pin_ctrl.h"

/*
 * Anyone who may read the directory can lock it. Those who are at work have it for
 * milliseconds, or seconds while programs are loaded on a slow machine.
 */
#define LOCK_SECONDS	60

/* The directory, and that of the file system that was mounted on it meanwhile */
static int locks[2] = { -1, -1 };
static unsigned int lock_depth;

static int check_ours(const struct stat *st)
{
	if (st->st_uid && st->st_uid != geteuid())
		return CTRL_PIN_NOT_OURS;
	return S_ISREG(st->st_mode) ? 0 : CTRL_PIN_NOT_A_FILE;
}

int ctrl_pin_open(const char *path, __u32 flags)
{
	LIBBPF_OPTS(bpf_obj_get_opts, opts, .file_flags = flags);
	char self[64];
	struct stat st;
	int fd, ret;

	/* what was looked at is what is opened, whatever comes in its place */
	fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = fstat(fd, &st) ? -errno : check_ours(&st);
	if (!ret) {
		snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
		ret = bpf_obj_get_opts(self, &opts);
		/* it is there, and open */
		if (ret == -ENOENT)
			ret = CTRL_NO_PROC;
	}
	close(fd);
	return ret;
}

bool ctrl_pin_exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && !check_ours(&st);
}

int ctrl_pin_clear(const char *path)
{
	struct stat st;
	int err;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : -errno;
	err = check_ours(&st);
	if (err)
		return err;
	return unlink(path) && errno != ENOENT ? -errno : 0;
}

int ctrl_pin_remove(const char *path)
{
	int err;

	if (!unlink(path) || errno == ENOENT)
		return 0;
	err = -errno;
	p_err("can't remove %s: %s", path, ctrl_strerror(err));
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

/* That of init is another. False where that can't be looked at. */
static bool is_mount_namespace_of_its_own(void)
{
	struct stat own, init;

	return !stat("/proc/self/ns/mnt", &own) && !stat("/proc/1/ns/mnt", &init) &&
	       own.st_ino != init.st_ino;
}

/*
 * What bpftool mounts in a namespace that was made for some command goes with it, with all
 * that is pinned there.
 */
static int check_lasts(const char *path)
{
	if (!is_mount_namespace_of_its_own())
		return 0;
	p_err("can't pin %s: there is no BPF file system in this mount namespace, and one that is mounted now ends with it ('ip netns exec' makes one for each command: '%s ctrl netns NAME' does not; else mount one first)",
	      path, bin_name);
	return -EPERM;
}

static void wake_up(int signal)
{
}

static int flock_in_time(int fd)
{
	struct sigaction act = { .sa_handler = wake_up }, old;
	int err = 0;

	sigaction(SIGALRM, &act, &old);
	alarm(LOCK_SECONDS);
	if (flock(fd, LOCK_EX))
		err = errno == EINTR ? -ETIMEDOUT : -errno;
	alarm(0);
	sigaction(SIGALRM, &old, NULL);
	return err;
}

/* Returns the directory, locked, or a negative errno. */
static int lock_directory(void)
{
	int err, fd;

	fd = open(CTRL_BPFFS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = flock_in_time(fd);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* False if something was mounted on it while the lock was waited for. */
static bool is_directory(int fd)
{
	struct stat locked, now;

	return !fstat(fd, &locked) && !stat(CTRL_BPFFS, &now) &&
	       locked.st_dev == now.st_dev && locked.st_ino == now.st_ino;
}

static int take_lock(int *lock)
{
	int fd;

	while ((fd = lock_directory()) >= 0 && !is_directory(fd))
		close(fd);
	*lock = fd;
	return fd == -ETIMEDOUT ? fd : 0;
}

int ctrl_pin_lock(void)
{
	int err;

	if (lock_depth++)
		return 0;
	err = take_lock(&locks[0]);
	if (err)
		lock_depth--;
	return err;
}

void ctrl_pin_unlock(void)
{
	size_t i;

	if (--lock_depth)
		return;
	for (i = 0; i < ARRAY_SIZE(locks); i++) {
		if (locks[i] >= 0)
			close(locks[i]);
		locks[i] = -1;
	}
}

/* Who comes now locks what is mounted, who came before waits for what is beneath. */
static int mount_bpffs(const char *path)
{
	int err;

	err = check_lasts(path) ?: mount_bpffs_for_file(path);
	if (!err && locks[0] >= 0 && !is_directory(locks[0]))
		err = take_lock(&locks[1]);
	if (err == -ETIMEDOUT)
		p_err("can't pin %s: " CTRL_PIN_LOCKED, path);
	return err;
}

int ctrl_pin_file(int fd, const char *path)
{
	int err = 0;

	if (would_mount(path))
		err = mount_bpffs(path);
	return err ?: do_pin_fd(fd, path);
}
