// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What became of the entries of "ctrl apply".
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply_report_ctrl.h"
#include "btf_dump_ctrl.h"
#include "main.h"
#include "name_ctrl.h"
#include "output_ctrl.h"
#include "value_ctrl.h"

/* What the report of an entry is made of */
struct report {
	const struct apply_entry *entry;
	const __u8 *mask;	/* bits of the members to name */
	const char *sep;	/* plain text: before the next one */
};

static int print_change(const struct ctrl_field *field, const char *path, void *ctx)
{
	struct report *rep = ctx;
	char *from, *to;

	if (!ctrl_field_marked(field, rep->mask))
		return 0;

	from = ctrl_field_text(field, rep->entry->type->now);
	to = ctrl_field_text(field, rep->entry->value);
	printf("%s%s %s -> %s", rep->sep, path, from ?: "?", to ?: "?");
	rep->sep = ", ";
	free(from);
	free(to);
	return 0;
}

static int print_ignored(const struct ctrl_field *field, const char *path, void *ctx)
{
	struct report *rep = ctx;

	if (!ctrl_field_marked(field, rep->mask))
		return 0;
	printf("%s%s", rep->sep, path);
	rep->sep = ", ";
	return 0;
}

static int json_change(const struct ctrl_field *field, const char *path, void *ctx)
{
	struct report *rep = ctx;

	if (!ctrl_field_marked(field, rep->mask))
		return 0;

	jsonw_start_object(json_wtr);
	jsonw_string_field(json_wtr, "member", path);
	jsonw_name(json_wtr, "from");
	ctrl_field_dump_json(field, json_wtr, rep->entry->type->now);
	jsonw_name(json_wtr, "to");
	ctrl_field_dump_json(field, json_wtr, rep->entry->value);
	jsonw_end_object(json_wtr);
	return 0;
}

static int json_ignored(const struct ctrl_field *field, const char *path, void *ctx)
{
	struct report *rep = ctx;

	if (ctrl_field_marked(field, rep->mask))
		jsonw_string(json_wtr, path);
	return 0;
}

static void report_members(const struct apply_entry *entry, const __u8 *mask,
			   const char *sep, ctrl_scalar_fn fn)
{
	struct ctrl_source *src = &entry->type->src;
	struct ctrl_field field = ctrl_field_root(src->btf, src->value_type_id);
	struct report rep = { .entry = entry, .mask = mask, .sep = sep };

	ctrl_field_for_each(&field, "", fn, &rep);
}

static bool any_bit(const __u8 *mask, __u32 size)
{
	__u32 i;

	for (i = 0; i < size && !mask[i]; i++)
		;
	return i < size;
}

static const char *entry_error(const struct apply_entry *entry, int err)
{
	return ctrl_source_strerror(&entry->type->src, err);
}

static void json_members(const struct apply_entry *entry, const char *name,
			 const __u8 *mask, ctrl_scalar_fn fn)
{
	jsonw_name(json_wtr, name);
	jsonw_start_array(json_wtr);
	report_members(entry, mask, NULL, fn);
	jsonw_end_array(json_wtr);
}

static void report_json(const struct apply_entry *entry, enum apply_outcome outcome,
			bool dry, bool read, int err, const char *where)
{
	static const char * const names[] = { "changed", "unchanged", "failed" };
	struct apply_type *type = entry->type;

	jsonw_start_object(json_wtr);
	ctrl_key_dump_json(&type->src, json_wtr, entry->key);
	jsonw_string_field(json_wtr, "outcome",
			   dry && outcome == APPLY_CHANGED ?
			   "would_change" : names[outcome]);
	if (read) {
		json_members(entry, "changes", type->changed, json_change);
		json_members(entry, "ignored", type->ignored, json_ignored);
	}
	if (err) {
		ctrl_json_name_field(json_wtr, "error", entry_error(entry, err));
		ctrl_json_name_field(json_wtr, "where", where);
	}
	jsonw_end_object(json_wtr);
}

static void print_members(const struct apply_entry *entry, const char *key,
			  const char *title, const __u8 *mask, ctrl_scalar_fn fn)
{
	if (!any_bit(mask, entry->type->src.value_size))
		return;
	printf("%s %s: %s", entry->type->src.name, key, title);
	report_members(entry, mask, "", fn);
	printf("\n");
}

static char *struct_text(struct ctrl_source *src, const void *key)
{
	char *text = NULL;
	size_t len;
	FILE *out;

	out = open_memstream(&text, &len);
	if (!out)
		return NULL;
	ctrl_key_print(src, key, out);
	fclose(out);
	return text;
}

static char *key_text(struct ctrl_source *src, const void *key)
{
	struct ctrl_field field = ctrl_field_root(src->btf, src->key_type_id);
	char name[IF_NAMESIZE], *text, *both;

	if (!ctrl_field_is_scalar(&field))
		return struct_text(src, key);
	text = ctrl_field_text(&field, key);
	if (!text || !ctrl_field_is_ifindex(&field) ||
	    !ctrl_source_ifname(src, ctrl_field_load(&field, key), name) ||
	    asprintf(&both, "%s (%s)", text, ctrl_name_to_print(name)) < 0)
		return text;
	free(text);
	return both;
}

static void report_plain(const struct apply_entry *entry, enum apply_outcome outcome,
			 bool read, int err, const char *where)
{
	struct apply_type *type = entry->type;
	char *key = key_text(&type->src, entry->key);

	if (err) {
		fflush(stdout);
		p_err("%s: can't %s key %s of %s: %s", where,
		      read ? "set" : "look up", key ?: "?", type->src.name,
		      entry_error(entry, err));
	} else if (outcome == APPLY_CHANGED) {
		print_members(entry, key ?: "?", "", type->changed, print_change);
	}
	if (read)
		print_members(entry, key ?: "?", "ignored, read-only: ",
			      type->ignored, print_ignored);
	free(key);
}

void apply_report(const struct apply_entry *entry, enum apply_outcome outcome,
		  bool dry, bool read, int err, const char *where)
{
	if (json_output)
		report_json(entry, outcome, dry, read, err, where);
	else
		report_plain(entry, outcome, read, err, where);
}
