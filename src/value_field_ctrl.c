// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Parts of keys and values, read and written by their BTF.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "value_ctrl.h"

#define MASK_BITS	64

static const struct btf_type *resolve(const struct btf *btf, __u32 type_id)
{
	int id = btf__resolve_type(btf, type_id);

	return id < 0 ? NULL : btf__type_by_id(btf, id);
}

/* A hint counts only on the type that linux/bpf_ctrl.h has it on. */
static bool is_hint(const struct btf *btf, __u32 type_id, const char *hint,
		    __u32 size)
{
	const struct btf_type *t = btf__type_by_id(btf, type_id);

	while (btf_is_mod(t) || btf_is_typedef(t)) {
		if (btf_is_typedef(t) &&
		    !strcmp(btf__name_by_offset(btf, t->name_off), hint)) {
			t = resolve(btf, type_id);
			return t && btf_is_int(t) && t->size == size;
		}
		t = btf__type_by_id(btf, t->type);
	}
	return false;
}

bool ctrl_masks_add(struct ctrl_masks *masks, const struct btf *btf,
		    const struct btf_type *t, __u16 i, const void *data)
{
	const struct btf_member *m = btf_members(t) + i;

	if (btf_member_bitfield_size(t, i))
		return false;

	if (is_hint(btf, m->type, "bpf_ctrl_valid_t", sizeof(__u64))) {
		masks->valid_first = i + 1;
		return true;
	}
	if (is_hint(btf, m->type, "bpf_ctrl_settable_t", sizeof(masks->settable))) {
		memcpy(&masks->settable, data, sizeof(masks->settable));
		masks->settable_first = i + 1;
		return true;
	}
	return false;
}

static bool mask_has(__u64 mask, __u16 bit)
{
	return bit < MASK_BITS && mask >> bit & 1;
}

static bool masks_settable(const struct ctrl_masks *masks, __u16 i)
{
	return !masks->settable_first ||
	       mask_has(masks->settable, i - masks->settable_first);
}

bool ctrl_member_is_mask(const struct btf *btf, const struct btf_type *t, __u16 i)
{
	struct ctrl_masks masks = {};
	__u64 none = 0;

	return ctrl_masks_add(&masks, btf, t, i, &none);
}

static bool has_settable_mask(const struct btf *btf, const struct btf_type *t)
{
	struct ctrl_masks masks = {};
	__u64 none = 0;
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++)
		ctrl_masks_add(&masks, btf, t, i, &none);
	return masks.settable_first;
}

static __u32 type_bits(const struct btf *btf, __u32 type_id)
{
	return btf__resolve_size(btf, type_id) * 8;
}

struct ctrl_field ctrl_field_root(const struct btf *btf, __u32 type_id)
{
	return (struct ctrl_field){
		.btf = btf,
		.type_id = type_id,
		.nr_bits = type_bits(btf, type_id),
	};
}

struct ctrl_field ctrl_field_member(const struct ctrl_field *field, __u16 i)
{
	const struct btf_type *t = ctrl_field_type(field);
	__u32 type_id = btf_members(t)[i].type;

	return (struct ctrl_field){
		.btf = field->btf,
		.type_id = type_id,
		.bit = field->bit + btf_member_bit_offset(t, i),
		.nr_bits = btf_member_bitfield_size(t, i) ?:
			   type_bits(field->btf, type_id),
	};
}

struct ctrl_field ctrl_field_element(const struct ctrl_field *field, __u32 i)
{
	__u32 type_id = btf_array(ctrl_field_type(field))->type;
	__u32 nr_bits = type_bits(field->btf, type_id);

	return (struct ctrl_field){
		.btf = field->btf,
		.type_id = type_id,
		.bit = field->bit + i * nr_bits,
		.nr_bits = nr_bits,
	};
}

const struct btf_type *ctrl_field_type(const struct ctrl_field *field)
{
	return resolve(field->btf, field->type_id);
}

bool ctrl_field_is_ifindex(const struct ctrl_field *field)
{
	return field->nr_bits == 32 &&
	       is_hint(field->btf, field->type_id, "bpf_ctrl_ifindex_t", sizeof(__u32));
}

/* As in btf_dumper_type(): a typedef of char does not make strings. */
bool ctrl_field_is_string(const struct ctrl_field *field)
{
	const struct btf_type *t = ctrl_field_type(field);

	if (!btf_is_array(t))
		return false;

	t = btf__type_by_id(field->btf, btf_array(t)->type);
	while (btf_is_mod(t))
		t = btf__type_by_id(field->btf, t->type);
	return btf_is_int(t) && t->size == 1 &&
	       (btf_int_encoding(t) == BTF_INT_CHAR ||
		!strcmp(btf__name_by_offset(field->btf, t->name_off), "char"));
}

bool ctrl_field_is_bool(const struct ctrl_field *field)
{
	const struct btf_type *t = ctrl_field_type(field);

	return btf_is_int(t) && btf_int_encoding(t) == BTF_INT_BOOL;
}

bool ctrl_field_is_scalar(const struct ctrl_field *field)
{
	const struct btf_type *t = ctrl_field_type(field);

	return ctrl_field_is_string(field) || !(btf_is_struct(t) || btf_is_array(t));
}

bool ctrl_field_is_signed(const struct ctrl_field *field)
{
	const struct btf_type *t = ctrl_field_type(field);

	return btf_is_int(t) ? btf_int_encoding(t) & BTF_INT_SIGNED : btf_kflag(t);
}

/* Bits are numbered as in BTF: from the lowest of the first byte, or from the
 * highest where that is how the machine stores numbers.
 */
static __u8 bit_in_byte(__u32 bit)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return 1 << bit % 8;
#else
	return 0x80 >> bit % 8;
#endif
}

static __u32 bit_of_digit(const struct ctrl_field *field, __u32 digit)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return field->bit + digit;
#else
	return field->bit + field->nr_bits - 1 - digit;
#endif
}

__u64 ctrl_field_load(const struct ctrl_field *field, const void *data)
{
	const __u8 *bytes = data;
	__u64 number = 0;
	__u32 i, bit;

	for (i = 0; i < field->nr_bits; i++) {
		bit = bit_of_digit(field, i);
		if (bytes[bit / 8] & bit_in_byte(bit))
			number |= 1ULL << i;
	}
	/* as wide as it gets, for whoever prints it */
	if (ctrl_field_is_signed(field) && field->nr_bits < 64 &&
	    number >> (field->nr_bits - 1))
		number |= ~0ULL << field->nr_bits;
	return number;
}

void ctrl_field_store(const struct ctrl_field *field, void *data, __u64 number)
{
	__u8 *bytes = data;
	__u32 i, bit;

	for (i = 0; i < field->nr_bits; i++) {
		bit = bit_of_digit(field, i);
		if (number >> i & 1)
			bytes[bit / 8] |= bit_in_byte(bit);
		else
			bytes[bit / 8] &= ~bit_in_byte(bit);
	}
}

void ctrl_field_mark(const struct ctrl_field *field, void *mask)
{
	__u8 *bytes = mask;
	__u32 bit;

	for (bit = field->bit; bit < field->bit + field->nr_bits; bit++)
		bytes[bit / 8] |= bit_in_byte(bit);
}

bool ctrl_field_marked(const struct ctrl_field *field, const void *mask)
{
	const __u8 *bytes = mask;
	__u32 bit;

	for (bit = field->bit; bit < field->bit + field->nr_bits; bit++)
		if (bytes[bit / 8] & bit_in_byte(bit))
			return true;
	return false;
}

int ctrl_member_index(const struct btf *btf, const struct btf_type *t,
		      const char *name, size_t len)
{
	const char *member;
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++) {
		member = btf__name_by_offset(btf, btf_members(t)[i].name_off);
		if (strlen(member) == len && !memcmp(member, name, len) &&
		    !ctrl_member_is_mask(btf, t, i))
			return i;
	}
	return -1;
}

const char *ctrl_enumerator_name(const struct btf *btf, const struct btf_type *t,
				 __u16 i)
{
	return btf__name_by_offset(btf, btf_is_enum(t) ? btf_enum(t)[i].name_off :
				   btf_enum64(t)[i].name_off);
}

__u64 ctrl_enumerator_value(const struct btf_type *t, __u16 i)
{
	if (btf_is_enum64(t))
		return btf_enum64_value(btf_enum64(t) + i);

	return btf_kflag(t) ? (__u64)btf_enum(t)[i].val : (__u32)btf_enum(t)[i].val;
}

/* What all enumerators begin with, up to and including a "_" */
size_t ctrl_enum_prefix_len(const struct btf *btf, const struct btf_type *t)
{
	const char *name, *first;
	size_t len, same;
	__u16 i;

	if (!btf_vlen(t))
		return 0;

	first = ctrl_enumerator_name(btf, t, 0);
	len = strlen(first);
	for (i = 0; i < btf_vlen(t); i++) {
		name = ctrl_enumerator_name(btf, t, i);
		for (same = 0; same < len && name[same] == first[same]; same++)
			;
		len = same;
		/* something must be left of each */
		if (!name[len] && len)
			len--;
	}
	while (len && first[len - 1] != '_')
		len--;
	return len;
}

void ctrl_field_range(const struct ctrl_field *field, __s64 *min, __u64 *max)
{
	const struct btf_type *t = ctrl_field_type(field);
	bool is_signed = ctrl_field_is_signed(field);

	*min = is_signed ? (__s64)(~0ULL << (field->nr_bits - 1)) : 0;
	*max = ~0ULL >> (64 - field->nr_bits);
	if (is_signed)
		*max >>= 1;
	/* not all are kept apart by compilers, and all are shown as signed */
	if (btf_is_any_enum(t))
		*min = (__s64)(~0ULL << (field->nr_bits - 1));
}

static void access_struct(const struct ctrl_field *field, const void *value,
			  void *settable, void *commands)
{
	const struct btf_type *t = ctrl_field_type(field);
	bool has_mask = has_settable_mask(field->btf, t);
	struct ctrl_masks masks = {};
	struct ctrl_field member;
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++) {
		member = ctrl_field_member(field, i);
		if (ctrl_masks_add(&masks, field->btf, t, i, value + member.bit / 8))
			continue;
		if (has_mask && !masks.settable_first)
			ctrl_field_mark(&member, commands);
		else if (masks_settable(&masks, i))
			ctrl_value_access(&member, value, settable, commands);
	}
}

void ctrl_value_access(const struct ctrl_field *field, const void *value,
		       void *settable, void *commands)
{
	const struct btf_type *t = ctrl_field_type(field);
	struct ctrl_field element;
	__u32 i;

	if (ctrl_field_is_scalar(field)) {
		ctrl_field_mark(field, settable);
		return;
	}
	if (btf_is_struct(t)) {
		access_struct(field, value, settable, commands);
		return;
	}
	for (i = 0; i < btf_array(t)->nelems; i++) {
		element = ctrl_field_element(field, i);
		ctrl_value_access(&element, value, settable, commands);
	}
}

static void select_struct(const struct ctrl_field *field, void *value,
			  const void *chosen)
{
	const struct btf_type *t = ctrl_field_type(field);
	struct ctrl_field mask = {}, member;
	struct ctrl_masks masks = {};
	__u64 selected = 0;
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++) {
		member = ctrl_field_member(field, i);
		if (ctrl_masks_add(&masks, field->btf, t, i, value + member.bit / 8)) {
			if (masks.settable_first == i + 1)
				mask = member;
			continue;
		}
		if (!ctrl_field_marked(&member, chosen))
			continue;
		if (masks_settable(&masks, i) && masks.settable_first)
			selected |= 1ULL << (i - masks.settable_first);
		ctrl_value_select(&member, value, chosen);
	}
	if (masks.settable_first)
		ctrl_field_store(&mask, value, selected);
}

void ctrl_value_select(const struct ctrl_field *field, void *value, const void *chosen)
{
	const struct btf_type *t = ctrl_field_type(field);
	struct ctrl_field element;
	__u32 i;

	if (btf_is_struct(t)) {
		select_struct(field, value, chosen);
		return;
	}
	if (ctrl_field_is_scalar(field))
		return;
	for (i = 0; i < btf_array(t)->nelems; i++) {
		element = ctrl_field_element(field, i);
		ctrl_value_select(&element, value, chosen);
	}
}

static int walk_part(const struct ctrl_field *field, __u32 i, const char *path,
		     ctrl_scalar_fn fn, void *ctx)
{
	const struct btf_type *t = ctrl_field_type(field);
	struct ctrl_field part;
	char *name;
	int err;

	if (btf_is_array(t)) {
		part = ctrl_field_element(field, i);
		err = asprintf(&name, "%s[%u]", path, i);
	} else {
		if (ctrl_member_is_mask(field->btf, t, i))
			return 0;
		part = ctrl_field_member(field, i);
		err = asprintf(&name, "%s%s%s", path, *path ? "." : "",
			       btf__name_by_offset(field->btf,
						   btf_members(t)[i].name_off));
	}
	if (err < 0)
		return -ENOMEM;

	err = ctrl_field_for_each(&part, name, fn, ctx);
	free(name);
	return err;
}

int ctrl_field_for_each(const struct ctrl_field *field, const char *path,
			ctrl_scalar_fn fn, void *ctx)
{
	const struct btf_type *t = ctrl_field_type(field);
	__u32 i, nr;
	int err = 0;

	if (ctrl_field_is_scalar(field))
		return fn(field, path, ctx);

	nr = btf_is_array(t) ? btf_array(t)->nelems : btf_vlen(t);
	for (i = 0; i < nr && !err; i++)
		err = walk_part(field, i, path, fn, ctx);
	return err;
}
