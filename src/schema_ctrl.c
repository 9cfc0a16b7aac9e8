// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl schema: the types of keys and values for programs to use.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctrl.h"
#include "main.h"

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

static int show_schema(const struct ctrl_type *type,
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

int do_ctrl_schema(int argc, char **argv)
{
	struct ctrl_source src;
	struct ctrl_type type;
	const char *name;
	int err;

	if (!REQ_ARGS(1))
		return -1;
	name = GET_ARG();
	if (argc) {
		if (!is_prefix(*argv, "format")) {
			p_err("expected 'format', got: '%s'", *argv);
			return -1;
		}
		NEXT_ARG();
		if (!REQ_ARGS(1))
			return -1;
		if (strcmp(*argv, "c")) {
			p_err("unknown format '%s', expected 'c'", *argv);
			return -1;
		}
		NEXT_ARG();
	}
	if (ctrl_no_more_args(argc, argv))
		return -1;

	err = ctrl_type_open(name, &type, &src);
	if (err)
		return err;
	err = show_schema(&type, &src);
	ctrl_source_close(&src);
	return err;
}
