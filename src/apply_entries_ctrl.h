/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_APPLY_ENTRIES_CTRL_H
#define __BPFTOOL_APPLY_ENTRIES_CTRL_H

#include "registry_ctrl.h"
#include "value_json_ctrl.h"

/* A control type that the text mentions; buffers as long as its value */
struct apply_type {
	struct apply_type *next;
	const struct ctrl_type *type;
	struct ctrl_source src;
	__u8 *now;		/* what the kernel reports */
	__u8 *then;		/* what is sent */
	__u8 *settable;
	__u8 *commands;
	__u8 *changed;		/* bits that differ and can be set */
	__u8 *ignored;		/* bits that differ and can't */
};

struct apply_entry {
	struct apply_type *type;
	void *key;		/* one allocation: key, value, given */
	__u8 *value;
	__u8 *given;		/* bits that the text has */
	const char *pos;	/* where it is in the text */
};

/* All of a text */
struct apply_entries {
	struct ctrl_json json;
	__u32 ifindex;		/* if not 0 only entries with a name of this device */
	struct ctrl_types list;	/* of this kernel */
	struct apply_type *types;
	struct apply_entry *entries;
	size_t nr;
	size_t max;
	struct apply_faults {
		FILE *out;
		char *text;	/* lines: what is wrong with the text */
		size_t len;
		size_t nr;
	} faults;
};

/* apply_entries_convert - convert the text in json to entries
 * @all: ifindex is set or 0, the rest is zero; to be released with apply_entries_free(), even
 *	on failure. The text must live as long.
 *
 * Returns 0 or a negative errno (reported: every entry that is wrong, with its place in the
 * text).
 */
int apply_entries_convert(struct apply_entries *all);
void apply_entries_free(struct apply_entries *all);

#endif /* __BPFTOOL_APPLY_ENTRIES_CTRL_H */
