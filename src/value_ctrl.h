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
struct ctrl_field {
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
	__u64 settable;
	__u16 valid_first;	/* of the members that it is about; 0: no such mask so far */
	__u16 settable_first;
};

/* ctrl_msg_set - note what is wrong
 *
 * Returns @err.
 */
int __printf(3, 4) ctrl_msg_set(struct ctrl_msg *msg, int err, const char *fmt, ...);

/* value_check_ctrl.c */

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
bool ctrl_member_is_mask(const struct btf *btf, const struct btf_type *t, __u16 i);

struct ctrl_field ctrl_field_root(const struct btf *btf, __u32 type_id);
struct ctrl_field ctrl_field_member(const struct ctrl_field *field, __u16 i);
struct ctrl_field ctrl_field_element(const struct ctrl_field *field, __u32 i);

/* The type without typedefs and qualifiers */
const struct btf_type *ctrl_field_type(const struct ctrl_field *field);
bool ctrl_field_is_ifindex(const struct ctrl_field *field);
/* An array of char is a string, and in all other respects a scalar. */
bool ctrl_field_is_string(const struct ctrl_field *field);
/* An enum is, if one of its enumerators is negative. */
bool ctrl_field_is_signed(const struct ctrl_field *field);
bool ctrl_field_is_bool(const struct ctrl_field *field);
/* Not a struct, nor an array other than a string */
bool ctrl_field_is_scalar(const struct ctrl_field *field);

/* The least and the greatest number that a scalar, or a bit field, can have */
void ctrl_field_range(const struct ctrl_field *field, __s64 *min, __u64 *max);

const char *ctrl_enumerator_name(const struct btf *btf, const struct btf_type *t,
				 __u16 i);
__u64 ctrl_enumerator_value(const struct btf_type *t, __u16 i);
/* How much of its enumerators' names an enum's names have in common */
size_t ctrl_enum_prefix_len(const struct btf *btf, const struct btf_type *t);

/* The bits of a scalar, or of a bit field, as a number */
__u64 ctrl_field_load(const struct ctrl_field *field, const void *data);
void ctrl_field_store(const struct ctrl_field *field, void *data, __u64 number);

/* Bits set in @mask of those of @field: all, or any? */
void ctrl_field_mark(const struct ctrl_field *field, void *mask);
bool ctrl_field_marked(const struct ctrl_field *field, const void *mask);

/* ctrl_member_index - look up a member of a struct, masks left out
 *
 * Returns -1 if there is none.
 */
int ctrl_member_index(const struct btf *btf, const struct btf_type *t,
		      const char *name, size_t len);

/* ctrl_member_unknown - note that there is no such member, and which there are */
int ctrl_member_unknown(const struct btf *btf, const struct btf_type *t,
			const char *path, struct ctrl_msg *msg);

/* ctrl_field_find - find a member by its path, such as "rings.num" or "x[2]"
 * @field: the whole value; changed to the member
 *
 * Returns 0 or a negative errno (noted).
 */
int ctrl_field_find(struct ctrl_field *field, const char *path,
		    struct ctrl_msg *msg);

/* ctrl_field_parse - store what a word says
 * @what: "member 'rings.num'" or "key", for messages
 * @word: a number, decimal or hexadecimal, or a name that the type allows
 * @data: the whole key or value
 *
 * Returns 0 or a negative errno (noted).
 */
int ctrl_field_parse(const struct ctrl_field *field, const char *what,
		     const char *word, void *data, struct ctrl_msg *msg);

/* ctrl_field_parse_ifname - the same with the name of an interface, be it "12" */
int ctrl_field_parse_ifname(const struct ctrl_field *field, const char *what,
			    const char *name, void *data, struct ctrl_msg *msg);

/* ctrl_field_refuse - note what a scalar takes, and what it got instead */
int ctrl_field_refuse(const struct ctrl_field *field, const char *what,
		      const char *got, struct ctrl_msg *msg);

/* ctrl_value_access - which bits of a value may an update change?
 * @value: the value as it is now
 * @settable: zeroed, as long as the value: those that are state
 * @commands: likewise: those that say what an update is to do
 */
void ctrl_value_access(const struct ctrl_field *field, const void *value,
		       void *settable, void *commands);

/* ctrl_value_select - write into the masks of a value which members it sets
 * @chosen: as long as the value: bits of what is to be set
 */
void ctrl_value_select(const struct ctrl_field *field, void *value, const void *chosen);

/* Returns 0 to go on, anything else to end the walk with that result. */
typedef int (*ctrl_scalar_fn)(const struct ctrl_field *field, const char *path,
			      void *ctx);

/* ctrl_field_for_each - call a function for each scalar, masks left out */
int ctrl_field_for_each(const struct ctrl_field *field, const char *path,
			ctrl_scalar_fn fn, void *ctx);

/* ctrl_field_dump_json - write a scalar, or an array of scalars */
void ctrl_field_dump_json(const struct ctrl_field *field, json_writer_t *jw,
			  const void *data);

/* ctrl_field_text - the same as a text, to be freed; NULL if there is no memory for it */
char *ctrl_field_text(const struct ctrl_field *field, const void *data);

enum ctrl_kind {
	CTRL_KIND_OTHER,	/* as its field is shown */
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
	struct ctrl_field field;	/* in the struct around it */
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

#endif /* __BPFTOOL_VALUE_CTRL_H */
