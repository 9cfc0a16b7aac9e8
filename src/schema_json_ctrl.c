// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * JSON Schema (2020-12) of what "ctrl dump" prints and "ctrl apply" takes.
 *
 * No member of a value is required: a dump leaves out what is not known, and apply
 * keeps what is not named.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <string.h>

#include <bpf/btf.h>

#include "main.h"
#include "schema_json_ctrl.h"
#include "value_ctrl.h"

static void write_layout(json_writer_t *jw, const struct ctrl_layout *layout);

static void write_type(json_writer_t *jw, const char *type)
{
	jsonw_string_field(jw, "type", type);
}

static void write_range(json_writer_t *jw, const struct ctrl_field *field)
{
	__u64 max;
	__s64 min;

	ctrl_field_range(field, &min, &max);
	write_type(jw, "integer");
	jsonw_int_field(jw, "minimum", min);
	jsonw_uint_field(jw, "maximum", max);
}

/* Full names are what dump prints, apply takes short ones, too. */
static void write_names(json_writer_t *jw, const struct btf *btf,
			const struct btf_type *t)
{
	size_t prefix = ctrl_enum_prefix_len(btf, t);
	const char *name;
	__u16 i;

	jsonw_name(jw, "enum");
	jsonw_start_array(jw);
	for (i = 0; i < btf_vlen(t); i++) {
		name = ctrl_enumerator_name(btf, t, i);
		jsonw_string(jw, name);
		if (prefix)
			jsonw_string(jw, name + prefix);
	}
	jsonw_end_array(jw);
}

/* A value that has no name is a number. */
static void write_enum(json_writer_t *jw, const struct ctrl_field *field)
{
	const struct btf_type *t = ctrl_field_type(field);

	jsonw_name(jw, "anyOf");
	jsonw_start_array(jw);
	if (btf_vlen(t)) {
		jsonw_start_object(jw);
		write_names(jw, field->btf, t);
		jsonw_end_object(jw);
	}
	jsonw_start_object(jw);
	write_type(jw, "integer");
	jsonw_end_object(jw);
	jsonw_end_array(jw);
}

/* Where it is no text it is an array of numbers. */
static void write_string(json_writer_t *jw, const struct ctrl_field *field)
{
	struct ctrl_field element = ctrl_field_element(field, 0);
	__u32 nr = btf_array(ctrl_field_type(field))->nelems;

	jsonw_name(jw, "anyOf");
	jsonw_start_array(jw);
	jsonw_start_object(jw);
	write_type(jw, "string");
	jsonw_uint_field(jw, "maxLength", nr - 1);
	jsonw_end_object(jw);

	jsonw_start_object(jw);
	write_type(jw, "array");
	jsonw_name(jw, "items");
	jsonw_start_object(jw);
	write_range(jw, &element);
	jsonw_end_object(jw);
	jsonw_uint_field(jw, "maxItems", nr);
	jsonw_end_object(jw);
	jsonw_end_array(jw);
}

static void write_array(json_writer_t *jw, const struct ctrl_layout *layout)
{
	write_type(jw, "array");
	jsonw_name(jw, "items");
	jsonw_start_object(jw);
	write_layout(jw, layout->members);
	jsonw_end_object(jw);
	jsonw_uint_field(jw, "maxItems", layout->nr_elems);
}

static void write_ifname(json_writer_t *jw, const char *member)
{
	char prop[ERR_MAX_LEN];

	if (strcmp(member, "ifindex"))
		snprintf(prop, sizeof(prop), "%s_ifname", member);
	else
		snprintf(prop, sizeof(prop), "ifname");
	jsonw_name(jw, prop);
	jsonw_start_object(jw);
	write_type(jw, "string");
	jsonw_string_field(jw, "description", "the name of this interface");
	jsonw_end_object(jw);
}

static void write_struct(json_writer_t *jw, const struct ctrl_layout *layout)
{
	const struct ctrl_layout *m = layout->members;
	const struct ctrl_layout *end = m + layout->nr_members;

	write_type(jw, "object");
	jsonw_name(jw, "properties");
	jsonw_start_object(jw);
	for (; m < end; m++) {
		if (m->kind == CTRL_KIND_HIDDEN)
			continue;
		jsonw_name(jw, m->name);
		jsonw_start_object(jw);
		write_layout(jw, m);
		jsonw_end_object(jw);
		if (m->is_ifindex)
			write_ifname(jw, m->name);
	}
	jsonw_end_object(jw);
	jsonw_bool_field(jw, "additionalProperties", false);
}

static void write_scalar(json_writer_t *jw, const struct ctrl_field *field)
{
	if (ctrl_field_is_string(field))
		write_string(jw, field);
	else if (ctrl_field_is_bool(field))
		write_type(jw, "boolean");
	else if (btf_is_any_enum(ctrl_field_type(field)))
		write_enum(jw, field);
	else
		write_range(jw, field);
}

/* The fields of the schema of a key, a value or a member */
static void write_layout(json_writer_t *jw, const struct ctrl_layout *layout)
{
	switch (layout->kind) {
	case CTRL_KIND_STRUCT:
		write_struct(jw, layout);
		break;
	case CTRL_KIND_ARRAY:
		write_array(jw, layout);
		break;
	default:
		write_scalar(jw, &layout->field);
	}
	if (layout->is_ifindex)
		jsonw_string_field(jw, "description", "index of an interface");
}

static void write_required(json_writer_t *jw, const char *first,
			   const char *second)
{
	jsonw_name(jw, "required");
	jsonw_start_array(jw);
	jsonw_string(jw, first);
	if (second)
		jsonw_string(jw, second);
	jsonw_end_array(jw);
}

/* apply finds an interface by its name alone, too. */
static void write_which_key(json_writer_t *jw, const struct ctrl_source *src)
{
	static const char * const names[] = { "key", "ifname" };
	size_t i;

	jsonw_name(jw, "anyOf");
	jsonw_start_array(jw);
	for (i = 0; i < (src->key_layout->is_ifindex ? 2 : 1); i++) {
		jsonw_start_object(jw);
		write_required(jw, names[i], NULL);
		jsonw_end_object(jw);
	}
	jsonw_end_array(jw);
}

static void write_entry(json_writer_t *jw, const struct ctrl_type *type,
			const struct ctrl_source *src)
{
	write_type(jw, "object");
	jsonw_name(jw, "properties");
	jsonw_start_object(jw);

	jsonw_name(jw, "type");
	jsonw_start_object(jw);
	jsonw_string_field(jw, "const", src->name);
	jsonw_end_object(jw);

	jsonw_name(jw, "key");
	jsonw_start_object(jw);
	write_layout(jw, src->key_layout);
	jsonw_end_object(jw);
	if (src->key_layout->is_ifindex)
		write_ifname(jw, "ifindex");

	jsonw_name(jw, "value");
	jsonw_start_object(jw);
	write_layout(jw, src->value_layout);
	/* of single members only the value itself can say so */
	if (!(type->info.ops & BPF_CTRL_OP_UPDATE))
		jsonw_bool_field(jw, "readOnly", true);
	jsonw_end_object(jw);

	jsonw_end_object(jw);
	write_required(jw, "type", "value");
	write_which_key(jw, src);
	jsonw_bool_field(jw, "additionalProperties", false);
}

static void write_ref(json_writer_t *jw)
{
	jsonw_string_field(jw, "$ref", "#/$defs/entry");
}

void ctrl_schema_write_json(json_writer_t *jw, const struct ctrl_type *type,
			    const struct ctrl_source *src)
{
	jsonw_start_object(jw);
	jsonw_string_field(jw, "$schema",
			   "https://json-schema.org/draft/2020-12/schema");
	jsonw_string_field(jw, "title", src->name);
	jsonw_string_field(jw, "description",
			   "what bpftool -j ctrl dump prints and bpftool ctrl apply takes");

	jsonw_name(jw, "oneOf");
	jsonw_start_array(jw);
	jsonw_start_object(jw);
	write_ref(jw);
	jsonw_end_object(jw);
	jsonw_start_object(jw);
	write_type(jw, "array");
	jsonw_name(jw, "items");
	jsonw_start_object(jw);
	write_ref(jw);
	jsonw_end_object(jw);
	jsonw_end_object(jw);
	jsonw_end_array(jw);

	jsonw_name(jw, "$defs");
	jsonw_start_object(jw);
	jsonw_name(jw, "entry");
	jsonw_start_object(jw);
	write_entry(jw, type, src);
	jsonw_end_object(jw);
	jsonw_end_object(jw);
	jsonw_end_object(jw);
}
