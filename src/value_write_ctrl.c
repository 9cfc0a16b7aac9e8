// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Scalars as JSON, by their BTF.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdio.h>
#include <string.h>

#include "value_ctrl.h"

/* Text up to its end, if there is one and all before it can be shown */
static bool is_printable(const char *text, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (text[i] < ' ' || text[i] > '~')
			break;
	return i < size && !text[i];
}

static void write_array(const struct ctrl_field *field, json_writer_t *jw,
			const void *data)
{
	const char *text = data + field->bit / 8;
	struct ctrl_field element;
	__u32 i;

	if (ctrl_field_is_string(field) && is_printable(text, field->nr_bits / 8)) {
		jsonw_string(jw, text);
		return;
	}

	jsonw_start_array(jw);
	for (i = 0; i < btf_array(ctrl_field_type(field))->nelems; i++) {
		element = ctrl_field_element(field, i);
		ctrl_field_dump_json(&element, jw, data);
	}
	jsonw_end_array(jw);
}

/* By its name, else as a signed number, whatever its compiler made of it */
static void write_enum(const struct ctrl_field *field, json_writer_t *jw, __u64 number)
{
	const struct btf_type *t = ctrl_field_type(field);
	unsigned int unused = 64 - t->size * 8;
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++) {
		if ((number ^ ctrl_enumerator_value(t, i)) << unused)
			continue;
		jsonw_string(jw, ctrl_enumerator_name(field->btf, t, i));
		return;
	}
	jsonw_int(jw, (__s64)(number << unused) >> unused);
}

void ctrl_field_dump_json(const struct ctrl_field *field, json_writer_t *jw,
			  const void *data)
{
	const struct btf_type *t = ctrl_field_type(field);
	__u64 number;

	if (btf_is_array(t)) {
		write_array(field, jw, data);
		return;
	}

	number = ctrl_field_load(field, data);
	if (btf_is_any_enum(t))
		write_enum(field, jw, number);
	else if (ctrl_field_is_bool(field))
		jsonw_bool(jw, number);
	else if (ctrl_field_is_signed(field))
		jsonw_int(jw, number);
	else
		jsonw_uint(jw, number);
}

char *ctrl_field_text(const struct ctrl_field *field, const void *data)
{
	json_writer_t *jw = NULL;
	char *text = NULL;
	size_t len;
	FILE *out;

	out = open_memstream(&text, &len);
	if (out)
		jw = jsonw_new(out);
	if (jw) {
		ctrl_field_dump_json(field, jw, data);
		jsonw_destroy(&jw);
	}
	if (!out || fclose(out) || !text)
		return NULL;
	/* with which a writer ends */
	text[strcspn(text, "\n")] = '\0';
	return text;
}
