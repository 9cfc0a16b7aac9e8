/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_OBJECT_CTRL_H
#define __BPFTOOL_OBJECT_CTRL_H

#include "source_ctrl.h"
#include "table_ctrl.h"

/*
 * A control type with commands of its own, whose keys are numbers. Values are
 * handed over as the struct that this tool was built with: what an older kernel
 * does not have is zero. JSON has all that the kernel says, by its BTF.
 */
struct ctrl_object {
	__u32 ctrl_type;
	const char *name;		/* of the control type */
	const char *noun;		/* in messages, such as "packet socket" */
	const char *key_word;		/* before a key, such as "id" */
	__u32 key_size;
	size_t value_size;
	const struct ctrl_column *columns;

	/* Optional: whether to show this one among all. */
	bool (*wanted)(const void *value, void *ctx);
	/* Optional: what is there under this number instead of such an object, or NULL. */
	const char *(*absent)(__u64 key);
	/* Add what the tool knows besides to the JSON object. */
	void (*show_json)(struct ctrl_source *src, __u64 key, const void *value,
			  void *ctx);
	/* Add a row; returns 0 or a negative errno (reported). */
	int (*show_row)(struct ctrl_source *src, __u64 key, const void *value,
			struct ctrl_table *table, void *ctx);
	/* Optional: print what comes behind the table of one that was asked for. */
	void (*show_more)(const void *value, void *ctx);
};

/*
 * Changes a value that is then set. Returns 0, 1 if there is nothing to set, or a
 * negative errno (reported).
 */
typedef int (*ctrl_change_fn)(__u64 key, void *value);

/* ctrl_object_show - show one or all
 * @key: which, or NULL for all
 * @ctx: passed to the functions of @object
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_object_show(const struct ctrl_object *object, const __u64 *key,
		     void *ctx);

/* ctrl_object_change - read, change and set a value
 * @verb: what the change is, for messages
 * @change: called with the value as the kernel has it
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_object_change(const struct ctrl_object *object, __u64 key,
		       const char *verb, ctrl_change_fn change);

/* ctrl_object_parse_key - take the key's word and the key from a command line
 * @argc, @argv: advanced
 * @key: filled in
 *
 * Returns 0 or -1 (reported).
 */
int ctrl_object_parse_key(const struct ctrl_object *object, int *argc,
			  char ***argv, __u64 *key);

#endif /* __BPFTOOL_OBJECT_CTRL_H */
