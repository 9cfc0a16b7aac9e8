// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl schema: the types of keys and values for programs to use.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "ctrl.h"
#include "main.h"

static void __printf(2, 0) print_to_file(void *ctx, const char *fmt,
					 va_list args)
{
	vfprintf(ctx, fmt, args);
}

static int write_types(const struct ctrl_source *src, FILE *out)
{
	struct btf_dump *dump;
	int err;

	dump = btf_dump__new(src->btf, print_to_file, out, NULL);
	if (!dump)
		return -errno;
	err = btf_dump__dump_type(dump, src->key_type_id);
	if (!err)
		err = btf_dump__dump_type(dump, src->value_type_id);
	btf_dump__free(dump);
	return err;
}

static void write_guard(const char *name, FILE *out)
{
	fputs("__BPF_CTRL_", out);
	for (; *name; name++)
		fputc(isalnum(*name) ? toupper(*name) : '_', out);
	fputs("_H__\n", out);
}

/* A header that compiles on its own. */
static int write_header(const struct ctrl_type *type,
			const struct ctrl_source *src, FILE *out)
{
	int err;

	fprintf(out, "/* control type %s (ctrl_type %u): key %s, value %s */\n",
		type->info.name, type->id, type->info.key_type,
		type->info.value_type);
	fputs("#ifndef ", out);
	write_guard(type->info.name, out);
	fputs("#define ", out);
	write_guard(type->info.name, out);
	fputc('\n', out);

	err = write_types(src, out);
	fputs("#endif\n", out);
	return err;
}

static int show_schema(const struct ctrl_type *type,
		       const struct ctrl_source *src)
{
	char *text = NULL;
	size_t len;
	FILE *out;
	int err;

	out = open_memstream(&text, &len);
	if (!out) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	err = write_header(type, src, out);
	if (fclose(out))
		err = err ?: -ENOMEM;
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
