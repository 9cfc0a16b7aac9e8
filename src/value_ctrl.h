/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_VALUE_CTRL_H
#define __BPFTOOL_VALUE_CTRL_H

#include <stdbool.h>
#include <bpf/btf.h>
#include <linux/types.h>

#include "main.h"

/*
 * Parts of keys and values, found by their BTF, which must have passed
 * ctrl_btf_check(): nothing below checks again that types and offsets are sound.
 */

/* A part of a key or value, from all of it down to a bit field. */
struct ctrl_slot {
	const struct btf *btf;
	__u32 type_id;		/* as declared: typedefs are hints */
	__u32 bit;		/* offset in the whole key or value */
	__u32 nr_bits;
};

/* A sentence about what is wrong; callers say where, and report it. */
struct ctrl_msg {
	char text[ERR_MAX_LEN];
};

/*
 * What the masks of a struct (bpf_ctrl_valid_t, bpf_ctrl_settable_t) say of the
 * members after them. To be zeroed, then fed all members in order.
 */
struct ctrl_masks {
	__u64 valid;
	__u64 settable;
	__u16 valid_first;	/* 0: no such mask so far */
	__u16 settable_first;
};

/* ctrl_msg_set - note what is wrong
 *
 * Returns @err.
 */
int __printf(3, 4) ctrl_msg_set(struct ctrl_msg *msg, int err, const char *fmt, ...);

/* ctrl_btf_check - is a type one that can be shown and parsed?
 * @size: how many bytes there are to look at
 *
 * Accepts what the rules in linux/bpf_ctrl.h allow, of at most @size bytes,
 * whoever made the BTF. Returns 0 or -EINVAL.
 */
int ctrl_btf_check(const struct btf *btf, __u32 type_id, __u32 size);

/* Takes in member @i of struct @t, which is at @data. True if it is a mask. */
bool ctrl_masks_add(struct ctrl_masks *masks, const struct btf *btf,
		    const struct btf_type *t, __u16 i, const void *data);
bool ctrl_masks_known(const struct ctrl_masks *masks, __u16 i);
bool ctrl_masks_settable(const struct ctrl_masks *masks, __u16 i);

struct ctrl_slot ctrl_slot_root(const struct btf *btf, __u32 type_id);
struct ctrl_slot ctrl_slot_member(const struct ctrl_slot *slot, __u16 i);
struct ctrl_slot ctrl_slot_element(const struct ctrl_slot *slot, __u32 i);

/* The type without typedefs and qualifiers */
const struct btf_type *ctrl_slot_type(const struct ctrl_slot *slot);
bool ctrl_slot_is_ifindex(const struct ctrl_slot *slot);
/* An array of char is a string, and in all other respects a scalar. */
bool ctrl_slot_is_string(const struct ctrl_slot *slot);
bool ctrl_slot_is_bool(const struct ctrl_slot *slot);
/* Not a struct, nor an array other than a string */
bool ctrl_slot_is_scalar(const struct ctrl_slot *slot);

/* The least and the greatest number that a scalar, or a bit field, can have */
void ctrl_slot_range(const struct ctrl_slot *slot, __s64 *min, __u64 *max);

const char *ctrl_enumerator_name(const struct btf *btf, const struct btf_type *t,
				 __u16 i);
/* How much of its enumerators' names an enum's names have in common */
size_t ctrl_enum_prefix_len(const struct btf *btf, const struct btf_type *t);

/* The bits of a scalar, or of a bit field, as a number */
__u64 ctrl_slot_load(const struct ctrl_slot *slot, const void *data);
void ctrl_slot_store(const struct ctrl_slot *slot, void *data, __u64 number);

/* Bits set in @mask of those of @slot: all, or any? */
void ctrl_slot_mark(const struct ctrl_slot *slot, void *mask);
bool ctrl_slot_marked(const struct ctrl_slot *slot, const void *mask);

/* ctrl_member_index - look up a member of a struct, masks left out
 *
 * Returns -1 if there is none.
 */
int ctrl_member_index(const struct btf *btf, const struct btf_type *t,
		      const char *name, size_t len);

/* ctrl_member_unknown - note that there is no such member, and which there are */
int ctrl_member_unknown(const struct btf *btf, const struct btf_type *t,
			const char *path, struct ctrl_msg *msg);

/* ctrl_slot_find - find a member by its path, such as "rings.num" or "x[2]"
 * @slot: the whole value; changed to the member
 *
 * Returns 0 or a negative errno (noted).
 */
int ctrl_slot_find(struct ctrl_slot *slot, const char *path,
		   struct ctrl_msg *msg);

/* ctrl_slot_parse - store what a word says
 * @what: "member 'rings.num'" or "key", for messages
 * @word: a number, decimal or hexadecimal, or a name that the type allows
 * @data: the whole key or value
 *
 * Returns 0 or a negative errno (noted).
 */
int ctrl_slot_parse(const struct ctrl_slot *slot, const char *what,
		    const char *word, void *data, struct ctrl_msg *msg);

/* ctrl_slot_refuse - note what a scalar takes, and what it got instead */
int ctrl_slot_refuse(const struct ctrl_slot *slot, const char *what,
		     const char *got, struct ctrl_msg *msg);

/* ctrl_value_access - which bits of a value may an update change?
 * @value: the value as it is now
 * @settable: zeroed, as long as the value: those that are state
 * @selectors: likewise: those that say what an update is to do
 */
void ctrl_value_access(const struct ctrl_slot *slot, const void *value,
		       void *settable, void *selectors);

/* Returns 0 to go on, anything else to end the walk with that result. */
typedef int (*ctrl_scalar_fn)(const struct ctrl_slot *slot, const char *path,
			      void *ctx);

/* ctrl_slot_for_each - call a function for each scalar, masks left out */
int ctrl_slot_for_each(const struct ctrl_slot *slot, const char *path,
		       ctrl_scalar_fn fn, void *ctx);

/* ctrl_slot_dump_json - write a scalar; in btf_dump_ctrl.c
 *
 * Returns 0 or a negative errno (not reported).
 */
int ctrl_slot_dump_json(const struct ctrl_slot *slot, json_writer_t *jw,
			const void *data);

#endif /* __BPFTOOL_VALUE_CTRL_H */
