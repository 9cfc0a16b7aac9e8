/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_PIN_CTRL_H
#define __BPFTOOL_PIN_CTRL_H

#include <stdbool.h>
#include <linux/types.h>

/*
 * Files in bpffs under names of this tool, see docs/pins.md. Whoever may write there can
 * put something under such a name: what belongs to another user is none of ours.
 */
#define CTRL_BPFFS	"/sys/fs/bpf"

/* What ctrl_pin_open() says of what belongs to another user, and of a directory or a link */
#define CTRL_PIN_NOT_OURS	(-EKEYREJECTED)
#define CTRL_PIN_NOT_A_FILE	(-EISDIR)

/* ctrl_pin_open - open a map that this user, or root, has pinned
 * @flags: BPF_F_RDONLY, which takes read permission only, or 0
 *
 * Its type is for the caller to see. Returns a file descriptor or a negative
 * errno (not reported).
 */
int ctrl_pin_open(const char *path, __u32 flags);

/* ctrl_pin_exists - has this user, or root, pinned anything there? */
bool ctrl_pin_exists(const char *path);

/* ctrl_pin_file - pin something, in a BPF file system that is mounted if need be
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_pin_file(int fd, const char *path);

/* ctrl_pin_remove - remove a file that was pinned, if it is there
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_pin_remove(const char *path);

/* ctrl_pin_clear - remove a file that is ours, for another to come in its place
 *
 * Returns 0, also if there is none, or a negative errno (not reported), as ctrl_pin_open()
 * if it is not.
 */
int ctrl_pin_clear(const char *path);

/* ctrl_pin_lock - wait until nobody else changes what is pinned in CTRL_BPFFS
 *
 * Where there is none, or it may not be opened, nothing can be pinned, and nothing is
 * locked. Who has it may take it again. Returns 0, or -ETIMEDOUT if somebody keeps the lock
 * (not reported).
 */
#define CTRL_PIN_LOCKED	"another process keeps " CTRL_BPFFS " locked (see lslocks)"
int ctrl_pin_lock(void);
void ctrl_pin_unlock(void);

#endif /* __BPFTOOL_PIN_CTRL_H */
