// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The layout of keys and values: their BTF, resolved once.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "value_ctrl.h"

/* Which masks came before a member, and where they are. */
struct known_masks {
	struct ctrl_masks masks;
	__u32 valid_offset;
	__u32 settable_offset;
};

static bool resolve(struct ctrl_layout *layout);

static enum ctrl_kind kind_of(const struct ctrl_field *field)
{
	const struct btf_type *t = ctrl_field_type(field);

	if (btf_is_struct(t))
		return CTRL_KIND_STRUCT;
	if (btf_is_array(t) && !ctrl_field_is_string(field))
		return CTRL_KIND_ARRAY;
	if (!btf_is_int(t) || ctrl_field_is_bool(field) || field->bit % 8 ||
	    field->nr_bits != t->size * 8 || btf_int_encoding(t) == BTF_INT_CHAR)
		return CTRL_KIND_OTHER;
	return btf_int_encoding(t) == BTF_INT_SIGNED ? CTRL_KIND_SIGNED :
						       CTRL_KIND_UNSIGNED;
}

static bool take_mask(struct known_masks *known, const struct btf_type *t,
		      __u16 i, const struct ctrl_layout *member)
{
	const __u64 none = 0;

	if (!ctrl_masks_add(&known->masks, member->field.btf, t, i, &none))
		return false;

	if (known->masks.valid_first == i + 1)
		known->valid_offset = member->offset;
	else
		known->settable_offset = member->offset;
	return true;
}

static struct ctrl_mask_bit mask_bit(__u16 first, __u32 offset, __u16 i)
{
	if (!first || i - first >= 64)
		return (struct ctrl_mask_bit){};
	return (struct ctrl_mask_bit){ true, i - first, offset };
}

static bool resolve_members(const struct btf_type *t, struct ctrl_layout *layout)
{
	const struct ctrl_field root = ctrl_field_root(layout->field.btf,
						     layout->field.type_id);
	struct known_masks known = {};
	struct ctrl_layout *m;
	__u16 i;

	layout->members = calloc(btf_vlen(t) ?: 1, sizeof(*m));
	if (!layout->members)
		return false;

	for (i = 0; i < btf_vlen(t); i++) {
		m = &layout->members[layout->nr_members++];
		m->name = btf__name_by_offset(root.btf, btf_members(t)[i].name_off);
		m->field = ctrl_field_member(&root, i);
		m->offset = m->field.bit / 8;
		if (take_mask(&known, t, i, m)) {
			m->kind = CTRL_KIND_HIDDEN;
			continue;
		}
		m->valid = mask_bit(known.masks.valid_first,
				    known.valid_offset, i);
		m->settable = mask_bit(known.masks.settable_first,
				       known.settable_offset, i);
		if (!resolve(m))
			return false;
	}
	return true;
}

static bool resolve_element(const struct btf_type *t, struct ctrl_layout *layout)
{
	layout->members = calloc(1, sizeof(*layout->members));
	if (!layout->members)
		return false;

	layout->nr_members = 1;
	layout->nr_elems = btf_array(t)->nelems;
	layout->members->name = "";
	layout->members->field = ctrl_field_root(layout->field.btf,
						 btf_array(t)->type);
	return resolve(layout->members);
}

static bool resolve(struct ctrl_layout *layout)
{
	const struct btf_type *t = ctrl_field_type(&layout->field);

	layout->kind = kind_of(&layout->field);
	layout->size = layout->field.nr_bits / 8;
	layout->is_ifindex = ctrl_field_is_ifindex(&layout->field);

	switch (layout->kind) {
	case CTRL_KIND_STRUCT:
		return resolve_members(t, layout);
	case CTRL_KIND_ARRAY:
		return resolve_element(t, layout);
	default:
		return true;
	}
}

static void free_members(struct ctrl_layout *layout)
{
	__u32 i;

	for (i = 0; i < layout->nr_members; i++)
		free_members(&layout->members[i]);
	free(layout->members);
}

void ctrl_layout_free(struct ctrl_layout *layout)
{
	if (!layout)
		return;

	free_members(layout);
	free(layout);
}

struct ctrl_layout *ctrl_layout_new(const struct btf *btf, __u32 type_id)
{
	struct ctrl_layout *layout = calloc(1, sizeof(*layout));

	if (!layout)
		return NULL;

	layout->name = "";
	layout->field = ctrl_field_root(btf, type_id);
	if (resolve(layout))
		return layout;

	ctrl_layout_free(layout);
	return NULL;
}

bool ctrl_mask_bit_read(const struct ctrl_mask_bit *bit, const void *data)
{
	__u64 mask;

	if (!bit->exists)
		return false;

	memcpy(&mask, data + bit->offset, sizeof(mask));
	return mask >> bit->bit & 1;
}

bool ctrl_layout_is_hidden(const struct ctrl_layout *member, const void *data)
{
	return member->kind == CTRL_KIND_HIDDEN ||
	       (member->valid.exists && !ctrl_mask_bit_read(&member->valid, data));
}

__u64 ctrl_layout_read(const struct ctrl_layout *layout, const void *data)
{
	unsigned int unused = 64 - layout->size * 8;
	union {
		__u8 v8;
		__u16 v16;
		__u32 v32;
		__u64 v64;
	} u;
	__u64 v;

	memcpy(&u, data, layout->size);
	v = layout->size == 1 ? u.v8 : layout->size == 2 ? u.v16 :
	    layout->size == 4 ? u.v32 : u.v64;
	if (layout->kind == CTRL_KIND_SIGNED)
		v = (__s64)(v << unused) >> unused;
	return v;
}
