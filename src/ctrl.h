/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_CTRL_H
#define __BPFTOOL_CTRL_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <linux/bpf_ctrl.h>
#include <linux/types.h>

#include "json_writer.h"

struct bpf_map_info;
struct btf;
struct ctrl_layout;
struct ctrl_source;

/* A control type as the running kernel's registry reports it. */
struct ctrl_type {
	__u32 id;
	const char *source;	/* what serves it, see struct ctrl_source */
	struct bpf_ctrl_info info;
};

/* What the registry reports, in ascending order of control types. */
struct ctrl_types {
	struct ctrl_type *types;	/* to be freed */
	size_t nr;
};

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
	/* Returns what @fn ended the walk with, too. */
	int (*for_each)(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx);
	/* Pin a map that others can read, and collect what it has while it is there
	 * (reported). NULL: there is no such map.
	 */
	int (*pin)(struct ctrl_source *src, const char *path);
	/* Is this what pin() pinned? True, if so. */
	bool (*is_pinned)(struct ctrl_source *src, const char *path,
			  const struct bpf_map_info *info);
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
	const char *source;	/* "kernel", or "stand-in" where it has no control maps */
	const struct ctrl_source_ops *ops;	/* NULL before it is open */
	__u32 ctrl_type;	/* of a stand-in */
	void *priv;		/* likewise */
	const char *limits;	/* what to say of what a stand-in does not do */
	const char *why;	/* why the last update failed, if errno does not say it */
	const char *method;	/* how what was read or set last is done, unless by the kernel */
	int fd;
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

/* ctrl_types_get - list the control types of this kernel
 * @list: filled in; types is to be freed, even on failure
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_types_get(struct ctrl_types *list);

/* ctrl_type_find - look up a name in what ctrl_types_get() found
 *
 * Returns NULL (reported) if there is no such type.
 */
const struct ctrl_type *ctrl_type_find(const struct ctrl_types *list,
				       const char *name);

/* ctrl_type_get - look up a name in the registry
 * @type: filled in
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_type_get(const char *name, struct ctrl_type *type);

/* ctrl_type_open - open a type by the name that the registry has, with its BTF
 * @type: filled in; must live as long as @src, whose name it has
 * @src: filled in; to be released with ctrl_source_close() on success
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_type_open(const char *name, struct ctrl_type *type,
		   struct ctrl_source *src);

/* ctrl_map_open, ctrl_stand_in_open - open a control type, as what serves it
 *
 * Return 0, 1 if this does not serve it, or a negative errno (reported).
 */
int ctrl_map_open(struct ctrl_source *src, __u32 ctrl_type);
int ctrl_stand_in_open(struct ctrl_source *src, __u32 ctrl_type);

/* ctrl_source_open - open a control type for reading
 *
 * The kernel's own where it has control maps, else a stand-in.
 * @src: filled in; to be released with ctrl_source_close(), even on failure
 * @ctrl_type: value of enum bpf_ctrl_type
 * @name: what to call it; must live as long as @src
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_source_open(struct ctrl_source *src, __u32 ctrl_type, const char *name);
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

/* ctrl_source_strerror - why ctrl_source_set() failed with @err */
const char *ctrl_source_strerror(const struct ctrl_source *src, int err);

/* ctrl_remove_pin - remove a file that was pinned, if it is there
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_remove_pin(const char *path);

/* ctrl_source_pin - pin a map that others can read; what it has is collected until
 * its file is removed
 *
 * bpffs is mounted there if need be. Returns 0 or a negative errno (reported).
 */
int ctrl_source_pin(struct ctrl_source *src, const char *path);

/* ctrl_source_keep - collect what the type has, or no more, when this tool has gone
 * @path: file that is pinned for it
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_source_keep(struct ctrl_source *src, const char *path, bool on);

/* ctrl_source_for_each - call a function for each key, in ascending order
 *
 * Returns what @fn ended the walk with, else 0 or a negative errno (reported).
 */
int ctrl_source_for_each(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx);

/* ctrl_source_ifname - name of an interface in the caller's network namespace
 * @name: filled in
 *
 * Returns false if there is no interface with this index (any more).
 */
bool ctrl_source_ifname(struct ctrl_source *src, __u32 ifindex,
			char name[IF_NAMESIZE]);

/* ctrl_output_begin, ctrl_output_end - around output of many lines
 *
 * bpftool's stdout is line buffered, which costs a system call a line.
 */
void ctrl_output_begin(void);
void ctrl_output_end(void);

/* What follows needs ctrl_source_load_btf() to have succeeded. */

/* ctrl_key_parse - turn a word of the command line into a key
 * @word: a decimal or hexadecimal number, or whatever name the type of the key
 *	allows: that of an interface or of an enumerator
 * @key: filled in, key_size bytes
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_key_parse(struct ctrl_source *src, const char *word, void *key);

/* ctrl_key_dump_json - write "type", "key" and "ifname" into an open object
 *
 * Returns 0 or a negative errno (not reported).
 */
int ctrl_key_dump_json(struct ctrl_source *src, json_writer_t *jw,
		       const void *key);

/* ctrl_key_print - write a key for people: "3 eth0", or as it is in JSON
 *
 * Returns 0 or a negative errno (not reported).
 */
int ctrl_key_print(struct ctrl_source *src, const void *key, FILE *out);

/* ctrl_value_dump_json - write a value as JSON object
 *
 * Members that the value itself says are not known are left out.
 * Returns 0 or a negative errno (not reported).
 */
int ctrl_value_dump_json(struct ctrl_source *src, json_writer_t *jw,
			 const void *value);

/* ctrl_entry_dump - write key and value, as JSON or for people
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_entry_dump(struct ctrl_source *src, const void *key,
		    const void *value);

/* Types that a program may include. */
struct ctrl_header {
	const char *name;	/* for the include guard */
	const char *comment;	/* the first line */
	const struct btf *btf;
	__u32 type_ids[2];	/* 0: none */
};

/* ctrl_header_make - write types as a C header that compiles on its own
 * @text: set to the header, to be freed, even on failure
 *
 * Returns 0 or a negative errno (not reported).
 */
int ctrl_header_make(const struct ctrl_header *header, char **text);

/* commands below "bpftool ctrl" that have a file of their own */
int do_ctrl_apply(int argc, char **argv);
int do_ctrl_cgroup(int argc, char **argv);
int do_ctrl_kprobe(int argc, char **argv);
int do_ctrl_schema(int argc, char **argv);
int do_ctrl_set(int argc, char **argv);
int do_ctrl_socket(int argc, char **argv);
int do_ctrl_watch(int argc, char **argv);
int do_ctrl_xdp(int argc, char **argv);

/* ctrl_no_more_args - at the end of a command that takes no more words
 *
 * Returns 0, or -1 if there are more (reported).
 */
int ctrl_no_more_args(int argc, char **argv);

/* ctrl_help - do what a command "help" does
 * @text: usage and notes, in which %1$s is the name of this tool
 *
 * Prints it, and the options that all commands have, to stderr; JSON is null. Returns 0.
 */
int ctrl_help(const char *text);

/* ctrl_unknown_cmd - the help function to give to cmd_select()
 *
 * Reports the word that is not a command instead of a page of help.
 */
int ctrl_unknown_cmd(int argc, char **argv);

#endif /* __BPFTOOL_CTRL_H */
