/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_REGISTRY_CTRL_H
#define __BPFTOOL_REGISTRY_CTRL_H

#include "source_ctrl.h"

/* What control types there are, and opening one: the only place that chooses its source. */

/* A control type as the running kernel's registry reports it. */
struct ctrl_type {
	__u32 id;
	const char *source;	/* what serves it, see struct ctrl_source */
	struct bpf_ctrl_info info;
	bool users_known;	/* those of info */
};

/* What the registry reports, in ascending order of control types. */
struct ctrl_types {
	struct ctrl_type *types;	/* to be freed */
	size_t nr;
};

/* ctrl_source_open - open a control type for reading
 *
 * The kernel's own where it has control maps, else a fallback.
 * @src: filled in; to be released with ctrl_source_close(), even on failure
 * @ctrl_type: value of enum bpf_ctrl_type
 * @name: what to call it; must live as long as @src
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_source_open(struct ctrl_source *src, __u32 ctrl_type, const char *name);

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

/* ctrl_type_users - how many there are that have the kernel do what a type is for
 *
 * Without control maps, what its fallback has that does it. Returns 0 or a negative
 * errno (reported).
 */
int ctrl_type_users(__u32 ctrl_type, __u64 *users);

/* How a command says of which type: by its name, or by a map of it, "pinned PATH" or "id ID" */
struct ctrl_type_ref {
	const char *name;
	const char *path;
	__u32 map_id;		/* unless one of them is set */
	bool change;		/* it is to be set, not only read */
};

/* ctrl_type_parse - take these words from a command line
 * @argc, @argv: one word at least; advanced
 *
 * Returns 0 or -1 (reported).
 */
int ctrl_type_parse(int *argc, char ***argv, struct ctrl_type_ref *ref);

/* ctrl_type_open - open a type, with its BTF
 * @type: filled in; must live as long as @src, whose name it has
 * @src: filled in; to be released with ctrl_source_close() on success
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_type_open(const struct ctrl_type_ref *ref, struct ctrl_type *type,
		   struct ctrl_source *src);

#endif /* __BPFTOOL_REGISTRY_CTRL_H */
