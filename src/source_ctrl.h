/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_SOURCE_CTRL_H
#define __BPFTOOL_SOURCE_CTRL_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf_ctrl.h>
#include <linux/types.h>

#include "json_writer.h"

struct bpf_map_info;
struct btf;
struct ctrl_layout;
struct ctrl_source;

/* Returns 0 to go on, anything else to end the walk with that result. */
typedef int (*ctrl_entry_fn)(struct ctrl_source *src, const void *key,
			     const void *value, void *ctx);

/*
 * What is behind a control type. All return 0 or a negative errno, which is not
 * reported unless they say so.
 */
struct ctrl_source_ops {
	/* Set btf, key_type_id and value_type_id (reported). */
	int (*load_btf)(struct ctrl_source *src);
	int (*get)(struct ctrl_source *src, const void *key, void *value);
	int (*set)(struct ctrl_source *src, const void *key, const void *value);
	/* Would set() be refused, as far as that is known before? NULL: nothing is. */
	int (*check)(struct ctrl_source *src, const void *key, const void *value);
	/* Returns what @fn ended the walk with, too. */
	int (*for_each)(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx);
	/* Optional: are there no keys, as far as that can be known at once? */
	bool (*is_empty)(struct ctrl_source *src);
	/* Pin a map that others can read, and collect what it has while it is there
	 * (reported). NULL: there is no such map.
	 */
	int (*pin)(struct ctrl_source *src, const char *path);
	/* Is this what pin() pinned? True, if so. */
	bool (*is_pinned)(struct ctrl_source *src, const char *path,
			  const struct bpf_map_info *info);
	/* Is nothing missing beside it? NULL: there is nothing beside it. */
	bool (*is_whole)(struct ctrl_source *src, const char *path);
	/* Undo pin(), as far as there is anything of it (reported). For a path that is ours. */
	int (*unpin)(struct ctrl_source *src, const char *path);
	void (*close)(struct ctrl_source *src);
};

/*
 * An open control type. Everything that reads keys and values goes through the
 * ctrl_source_*() functions and never asks what is behind them.
 */
struct ctrl_source {
	const char *name;	/* for messages and output */
	const char *source;	/* "kernel", or "fallback" where it has no control maps */
	const struct ctrl_source_ops *ops;	/* NULL before it is open */
	const struct bpf_ctrl_info *info;	/* of a fallback: what its registry says */
	void *priv;		/* likewise */
	const char *limits;	/* what to say of what a fallback does not do */
	const char *why;	/* why the last of these failed, if errno does not say it */
	const char *refused;	/* likewise, in the words of the kernel; until the next one */
	const char *method;	/* how what was read or set last is done, unless by the kernel */
	int fd;
	bool read_only;		/* so is fd, as long as nothing is changed */
	bool given;		/* somebody made it, and where names of devices may be others */
	int sock;		/* for names of interfaces, opened when needed */
	__u32 key_size;
	__u32 value_size;
	__u32 btf_id;
	struct btf *btf;	/* NULL before ctrl_source_load_btf() */
	__u32 key_type_id;
	__u32 value_type_id;
	struct ctrl_layout *key_layout;		/* NULL as btf */
	struct ctrl_layout *value_layout;
};

/*
 * All of these return 0 or a negative errno unless they say otherwise. Where they
 * say so the failure was already reported through p_err(): just once, where the
 * object is known.
 */

/* ctrl_map_open - open a control map of the kernel; in source_map_ctrl.c
 * @src: name and defaults are set
 *
 * Returns 0, 1 if this kernel has no control maps, or a negative errno (reported).
 */
int ctrl_map_open(struct ctrl_source *src, __u32 ctrl_type);

/* ctrl_map_adopt - use a control map that there is
 * @fd: belongs to @src from now on, also on failure
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_map_adopt(struct ctrl_source *src, int fd);

/* ctrl_source_ask - from now on the kernel is asked, which may refuse
 * ctrl_source_asked - was it, since this was called last?
 */
void ctrl_source_ask(void);
bool ctrl_source_asked(void);

/* ctrl_source_close - release it, as far as it was opened */
void ctrl_source_close(struct ctrl_source *src);

/* ctrl_source_load_btf - get the description of keys and values
 *
 * Loads the small BTF object of the map, never that of vmlinux.
 * Returns 0 or a negative errno (reported).
 */
int ctrl_source_load_btf(struct ctrl_source *src);

/* ctrl_source_get - read the value of one key
 *
 * Returns 0 or a negative errno (not reported): -ENOENT if there is no such key.
 */
int ctrl_source_get(struct ctrl_source *src, const void *key, void *value);

/* ctrl_source_set - change the attributes of one key
 * @value: all of them, as ctrl_source_get() read them where they shall stay
 *
 * Returns 0 or a negative errno (not reported); then nothing has changed.
 */
int ctrl_source_set(struct ctrl_source *src, const void *key, const void *value);

/* ctrl_source_check - would ctrl_source_set() fail, as far as the source can tell before?
 *
 * Returns as ctrl_source_set() would, and changes nothing.
 */
int ctrl_source_check(struct ctrl_source *src, const void *key, const void *value);

/* ctrl_source_strerror - why the last of these failed with @err; -ENOENT: no such key */
const char *ctrl_source_strerror(const struct ctrl_source *src, int err);

/* ctrl_source_pin - pin a map that others can read; what it has is collected until
 * its file is removed
 *
 * bpffs is mounted there if need be. Returns 0 or a negative errno (reported).
 */
int ctrl_source_pin(struct ctrl_source *src, const char *path);

/* ctrl_source_persist - collect what the type has, or no more, when this tool has gone
 * @path: file that is pinned for it
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_source_persist(struct ctrl_source *src, const char *path, bool on);

/* ctrl_source_for_each - call a function for each key, in ascending order
 *
 * Returns what @fn ended the walk with, else 0 or a negative errno (reported).
 */
int ctrl_source_for_each(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx);

/* ctrl_source_is_empty - is it known, at little cost, that there are no keys? */
bool ctrl_source_is_empty(struct ctrl_source *src);

/* ctrl_source_ifname - name of an interface in the caller's network namespace
 * @name: filled in
 *
 * Returns false if there is no interface with this index (any more), or the source may be of
 * another namespace.
 */
bool ctrl_source_ifname(struct ctrl_source *src, __u32 ifindex,
			char name[IF_NAMESIZE]);

#endif /* __BPFTOOL_SOURCE_CTRL_H */
