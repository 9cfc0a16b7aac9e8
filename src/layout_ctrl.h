/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_LAYOUT_CTRL_H
#define __BPFTOOL_LAYOUT_CTRL_H

#include <stdbool.h>
#include <linux/types.h>

#include "value_ctrl.h"

enum ctrl_kind {
	CTRL_KIND_OTHER,	/* as its slot is shown */
	CTRL_KIND_UNSIGNED,	/* integer of 1, 2, 4 or 8 bytes */
	CTRL_KIND_SIGNED,
	CTRL_KIND_STRUCT,
	CTRL_KIND_ARRAY,	/* but a string is CTRL_KIND_OTHER */
	CTRL_KIND_HIDDEN,	/* a mask, which speaks of other members */
};

/* The bit of a mask that speaks of a member. */
struct ctrl_mask_bit {
	bool exists;
	__u8 bit;
	__u32 offset;		/* of the mask, in bytes, in the struct around it */
};

/*
 * What BTF says of a key, a value or a member, resolved once: entries are many,
 * types are few.
 */
struct ctrl_layout {
	const char *name;	/* of the member; "" for others */
	struct ctrl_slot slot;	/* in the struct around it */
	__u32 offset;		/* in bytes, likewise */
	__u32 size;		/* in bytes */
	enum ctrl_kind kind;
	bool is_ifindex;
	struct ctrl_mask_bit valid;	/* of a bpf_ctrl_valid_t: is it known? */
	struct ctrl_mask_bit settable;	/* of a bpf_ctrl_settable_t */
	/* of CTRL_KIND_STRUCT; of CTRL_KIND_ARRAY one, the element */
	struct ctrl_layout *members;
	__u32 nr_members;
	__u32 nr_elems;		/* of CTRL_KIND_ARRAY */
};

/* ctrl_layout_new - resolve a type that passed ctrl_btf_check()
 *
 * Returns NULL if there is no memory. The names are those in @btf. To be released
 * with ctrl_layout_free().
 */
struct ctrl_layout *ctrl_layout_new(const struct btf *btf, __u32 type_id);
void ctrl_layout_free(struct ctrl_layout *layout);

/* ctrl_layout_is_hidden - is this member not to be shown?
 * @data: the struct that the member is in
 *
 * True for masks, and for what the struct itself says is not known.
 */
bool ctrl_layout_is_hidden(const struct ctrl_layout *member, const void *data);

/* ctrl_mask_bit_read - is the bit there, and set?
 * @data: the struct that the mask is in
 */
bool ctrl_mask_bit_read(const struct ctrl_mask_bit *bit, const void *data);

/* ctrl_layout_read - the number in an integer of either kind, sign-extended */
__u64 ctrl_layout_read(const struct ctrl_layout *layout, const void *data);

#endif /* __BPFTOOL_LAYOUT_CTRL_H */
