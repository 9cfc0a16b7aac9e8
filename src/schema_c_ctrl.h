/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_SCHEMA_C_CTRL_H
#define __BPFTOOL_SCHEMA_C_CTRL_H

#include <linux/types.h>

struct btf;

/* Types that a program may include. */
struct ctrl_header {
	const char *name;	/* for the include guard */
	const char *comment;	/* the first line */
	const struct btf *btf;
	__u32 type_ids[8];	/* 0: none */
};

/* ctrl_header_make - write types as a C header that compiles on its own
 * @text: set to the header, to be freed, even on failure
 *
 * Returns 0 or a negative errno (not reported).
 */
int ctrl_header_make(const struct ctrl_header *header, char **text);

#endif /* __BPFTOOL_SCHEMA_C_CTRL_H */
