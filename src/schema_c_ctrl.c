// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Types of a BTF object as a C header.
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

#include "main.h"
#include "schema_c_ctrl.h"

static void __printf(2, 0) print_to_file(void *ctx, const char *fmt,
					 va_list args)
{
	vfprintf(ctx, fmt, args);
}

static int dump_types(FILE *out, const struct ctrl_header *header)
{
	struct btf_dump *dump;
	int err = 0;
	size_t i;

	dump = btf_dump__new(header->btf, print_to_file, out, NULL);
	if (!dump)
		return -errno;
	for (i = 0; !err && i < ARRAY_SIZE(header->type_ids); i++)
		if (header->type_ids[i])
			err = btf_dump__dump_type(dump, header->type_ids[i]);
	btf_dump__free(dump);
	return err;
}

/* C++ has a bool, and so has C after <stdbool.h>. */
static void write_text(FILE *out, const char *text)
{
	static const char line[] = "typedef _Bool bool;\n";
	const char *pos = strstr(text, line);

	if (pos) {
		fwrite(text, 1, pos - text, out);
		fprintf(out, "#if !defined(__cplusplus) && !defined(bool)\n%s#endif\n",
			line);
		text = pos + strlen(line);
	}
	fputs(text, out);
}

static int write_types(FILE *out, const struct ctrl_header *header)
{
	char *text = NULL;
	FILE *types;
	size_t len;
	int err;

	types = open_memstream(&text, &len);
	if (!types)
		return -ENOMEM;
	err = dump_types(types, header);
	if (fclose(types))
		err = err ?: -ENOMEM;
	if (!err)
		write_text(out, text);
	free(text);
	return err;
}

static void write_guard(FILE *out, const char *directive, const char *name)
{
	fprintf(out, "%s __BPF_CTRL_", directive);
	for (; *name; name++)
		fputc(isalnum(*name) ? toupper(*name) : '_', out);
	fputs("_H__\n", out);
}

static int write_header(FILE *out, const struct ctrl_header *header)
{
	int err;

	fprintf(out, "/* %s */\n", header->comment);
	write_guard(out, "#ifndef", header->name);
	write_guard(out, "#define", header->name);
	fputc('\n', out);

	err = write_types(out, header);
	fputs("#endif\n", out);
	return err;
}

int ctrl_header_make(const struct ctrl_header *header, char **text)
{
	size_t len;
	FILE *out;
	int err;

	*text = NULL;
	out = open_memstream(text, &len);
	if (!out)
		return -ENOMEM;
	err = write_header(out, header);
	if (fclose(out))
		err = err ?: -ENOMEM;
	return err;
}
