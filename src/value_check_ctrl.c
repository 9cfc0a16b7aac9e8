// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Is a type one that keys and values of control maps can have?
 *
 * What passes can be walked without further checks: its parts lie within its
 * size, do not overlap, and are not nested too deeply, so that their number is
 * bounded by that of the bits. bpftool's btf_dumper_type() relies on all this.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>

#include "value_ctrl.h"

#define MAX_DEPTH	16

static int check_type(const struct btf *btf, __u32 type_id, __u32 size, int depth);

static bool is_identifier(const struct btf *btf, __u32 name_off)
{
	const char *name = btf__name_by_offset(btf, name_off);

	if (!name || !*name || isdigit(*name))
		return false;
	while (isalnum(*name) || *name == '_')
		name++;
	return !*name;
}

static bool size_is_simple(__u32 size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

static int check_int(const struct btf_type *t)
{
	__u8 encoding = btf_int_encoding(t);

	/* only one of them at a time */
	return size_is_simple(t->size) && !btf_int_offset(t) &&
	       btf_int_bits(t) == t->size * 8 && !(encoding & (encoding - 1)) &&
	       encoding <= BTF_INT_BOOL &&
	       (encoding < BTF_INT_CHAR || t->size == 1) ? 0 : -EINVAL;
}

static int check_enum(const struct btf *btf, const struct btf_type *t)
{
	__u16 i;

	if (!size_is_simple(t->size) || (btf_is_enum64(t) && t->size != 8))
		return -EINVAL;

	for (i = 0; i < btf_vlen(t); i++)
		if (!is_identifier(btf, btf_is_enum(t) ?
				   btf_enum(t)[i].name_off :
				   btf_enum64(t)[i].name_off))
			return -EINVAL;
	return 0;
}

static int check_array(const struct btf *btf, const struct btf_type *t,
		       __u32 size, int depth)
{
	const struct btf_array *array = btf_array(t);
	__s64 elem_size = btf__resolve_size(btf, array->type);

	if (elem_size <= 0 || !array->nelems || array->nelems > size / elem_size)
		return -EINVAL;

	return check_type(btf, array->type, elem_size, depth);
}

/* A bit field is part of a number, and may cross what its type is aligned to. */
static int check_bitfield(const struct btf *btf, __u32 type_id, __u32 nr_bits)
{
	int id = btf__resolve_type(btf, type_id);
	const struct btf_type *t = id < 0 ? NULL : btf__type_by_id(btf, id);

	return t && (btf_is_int(t) || btf_is_any_enum(t)) &&
	       nr_bits <= t->size * 8 ? 0 : -EINVAL;
}

/* Members come in order: start is the end of the one before. */
static int check_member(const struct btf *btf, const struct btf_type *t, __u16 i,
			__u64 *start, int depth)
{
	const struct btf_member *m = btf_members(t) + i;
	__u32 bit = btf_member_bit_offset(t, i);
	__u32 nr_bits = btf_member_bitfield_size(t, i);
	__s64 size;
	int err;

	if (!is_identifier(btf, m->name_off) || bit < *start)
		return -EINVAL;

	size = btf__resolve_size(btf, m->type);
	if (size <= 0 || (!nr_bits && bit % 8))
		return -EINVAL;

	*start = bit + (nr_bits ?: (__u64)size * 8);
	if (*start > (__u64)t->size * 8)
		return -EINVAL;

	err = check_type(btf, m->type, size, depth);
	return err ?: nr_bits ? check_bitfield(btf, m->type, nr_bits) : 0;
}

static int check_struct(const struct btf *btf, const struct btf_type *t, int depth)
{
	__u64 start = 0;
	int err = 0;
	__u16 i;

	for (i = 0; i < btf_vlen(t) && !err; i++)
		err = check_member(btf, t, i, &start, depth);
	return err;
}

static int check_type(const struct btf *btf, __u32 type_id, __u32 size, int depth)
{
	int id = btf__resolve_type(btf, type_id);
	const struct btf_type *t = id < 0 ? NULL : btf__type_by_id(btf, id);

	if (!t || depth == MAX_DEPTH)
		return -EINVAL;

	switch (btf_kind(t)) {
	case BTF_KIND_INT:
		return t->size <= size ? check_int(t) : -EINVAL;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return t->size <= size ? check_enum(btf, t) : -EINVAL;
	case BTF_KIND_ARRAY:
		return check_array(btf, t, size, depth + 1);
	case BTF_KIND_STRUCT:
		return t->size <= size ? check_struct(btf, t, depth + 1) : -EINVAL;
	default:
		return -EINVAL;
	}
}

int ctrl_btf_check(const struct btf *btf, __u32 type_id, __u32 size)
{
	__s64 type_size = btf__resolve_size(btf, type_id);

	return type_size > 0 && type_size <= size ?
	       check_type(btf, type_id, size, 0) : -EINVAL;
}
