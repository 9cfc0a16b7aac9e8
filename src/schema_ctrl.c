// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl schema: the types of keys and values for programs to use.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_ctrl.h"
#include "main.h"
#include "output_ctrl.h"
#include "registry_ctrl.h"
#include "schema_c_ctrl.h"
#include "schema_json_ctrl.h"

/* A header that compiles on its own. */
static int make_header(const struct ctrl_type *type,
		       const struct ctrl_source *src, char **text)
{
	struct ctrl_header header = {
		.name		= type->info.name,
		.btf		= src->btf,
		.type_ids	= { src->key_type_id, src->value_type_id },
	};
	char comment[256];

	snprintf(comment, sizeof(comment),
		 "control type %s (ctrl_type %u): key %s, value %s",
		 type->info.name, type->id, type->info.key_type,
		 type->info.value_type);
	header.comment = comment;
	return ctrl_header_make(&header, text);
}

static int show_schema_c(const struct ctrl_type *type,
			 const struct ctrl_source *src)
{
	char *text;
	int err;

	err = make_header(type, src, &text);
	if (err) {
		p_err("can't write types of %s: %s", src->name, strerror(-err));
		goto out;
	}

	if (json_output) {
		jsonw_start_object(json_wtr);
		jsonw_string_field(json_wtr, "type", src->name);
		jsonw_string_field(json_wtr, "format", "c");
		jsonw_string_field(json_wtr, "schema", text);
		jsonw_end_object(json_wtr);
	} else {
		fputs(text, stdout);
	}
out:
	free(text);
	return err;
}

static int show_schema_json(const struct ctrl_type *type,
			    const struct ctrl_source *src)
{
	json_writer_t *jw = json_wtr;

	if (!json_output) {
		jw = jsonw_new(stdout);
		if (!jw) {
			p_err("mem alloc failed");
			return -ENOMEM;
		}
		jsonw_pretty(jw, true);
	}

	ctrl_output_begin();
	ctrl_schema_write_json(jw, type, src);
	if (!json_output)
		jsonw_destroy(&jw);
	ctrl_output_end();
	return 0;
}

static const struct schema_format {
	const char *name;
	int (*show)(const struct ctrl_type *type, const struct ctrl_source *src);
} formats[] = {
	{ "c",		show_schema_c },	/* if none is asked for */
	{ "json",	show_schema_json },
};

static const struct schema_format *find_format(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];

	p_err("unknown format '%s', expected 'c' or 'json'", name);
	return NULL;
}

int do_ctrl_schema(int argc, char **argv)
{
	const struct schema_format *format = formats;
	struct ctrl_source src;
	struct ctrl_type type;
	struct ctrl_type_ref ref = {};
	int err;

	if (!REQ_ARGS(1) || ctrl_type_parse(&argc, &argv, &ref))
		return -1;
	if (argc) {
		if (!is_prefix(*argv, "format")) {
			p_err("expected 'format', got: '%s'", *argv);
			return -1;
		}
		NEXT_ARG();
		if (!REQ_ARGS(1))
			return -1;
		format = find_format(GET_ARG());
		if (!format)
			return -1;
	}
	if (ctrl_no_more_args(argc, argv))
		return -1;

	err = ctrl_type_open(&ref, &type, &src);
	if (err)
		return err;
	err = format->show(&type, &src);
	ctrl_source_close(&src);
	return err;
}
