// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Maps of sources, pinned for others to read and to be filled when this tool has gone.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "error_ctrl.h"
#include "main.h"
#include "pin_ctrl.h"
#include "source_ctrl.h"

/* Returns 1 if the pin is there and ours, 0 if there is none, or a negative errno (reported). */
static int check_pin(struct ctrl_source *src, const char *path)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	bool ours;
	int fd;

	fd = ctrl_pin_open(path, BPF_F_RDONLY);
	if (fd == -ENOENT)
		return 0;
	if (fd == CTRL_PIN_NOT_OURS || fd == CTRL_PIN_NOT_A_FILE) {
		p_err("can't use %s: %s, remove it first", path, fd == CTRL_PIN_NOT_OURS ?
		      "another user has put it there" : "it is a directory or a symbolic link");
		return -EPERM;
	}
	if (fd < 0) {
		p_err("can't open %s: %s", path, ctrl_strerror(fd));
		return fd;
	}

	ours = get_fd_type(fd) == BPF_OBJ_MAP &&
	       !bpf_map_get_info_by_fd(fd, &info, &len) &&
	       src->ops->is_pinned(src, path, &info);
	close(fd);
	if (ours)
		return 1;
	p_err("can't use %s: it is not a map that this version collects %s in", path, src->name);
	return -EINVAL;
}

int ctrl_source_pin(struct ctrl_source *src, const char *path)
{
	if (src->ops->pin)
		return src->ops->pin(src, path);
	p_err("can't pin %s: %s", src->name, src->limits);
	return -EOPNOTSUPP;
}

static int persist(struct ctrl_source *src, const char *path, bool on)
{
	int pinned;

	pinned = check_pin(src, path);
	if (pinned < 0)
		return pinned;
	if (on && pinned && (!src->ops->is_whole || src->ops->is_whole(src, path)))
		return 0;
	/* what is left of an attempt that did not come to its end goes in either case */
	return src->ops->unpin(src, path) ?: (on ? ctrl_source_pin(src, path) : 0);
}

int ctrl_source_persist(struct ctrl_source *src, const char *path, bool on)
{
	int err;

	err = ctrl_pin_lock();
	if (err) {
		p_err("can't change %s: " CTRL_PIN_LOCKED, path);
		return err;
	}
	err = persist(src, path, on);
	ctrl_pin_unlock();
	return err;
}
