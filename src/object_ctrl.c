// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What the commands for kprobes, cgroups and sockets have in common.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "btf_dump_ctrl.h"
#include "error_ctrl.h"
#include "main.h"
#include "number_ctrl.h"
#include "object_ctrl.h"
#include "output_ctrl.h"
#include "registry_ctrl.h"

struct object_view {
	const struct ctrl_object *object;
	struct ctrl_table table;
	void *value;		/* as this tool knows it */
	void *ctx;
	bool one;		/* asked for by its key */
};

static __u64 read_key(const struct ctrl_object *object, const void *key)
{
	__u64 number64;
	__u32 number;

	if (object->key_size == sizeof(number64)) {
		memcpy(&number64, key, sizeof(number64));
		return number64;
	}
	memcpy(&number, key, sizeof(number));
	return number;
}

static void write_key(const struct ctrl_object *object, __u64 key, void *to)
{
	__u32 number = key;

	if (object->key_size == sizeof(key))
		memcpy(to, &key, sizeof(key));
	else
		memcpy(to, &number, sizeof(number));
}

static void show_entry_json(struct ctrl_source *src, __u64 key, const void *value,
			    const struct object_view *view)
{
	jsonw_start_object(json_wtr);
	jsonw_string_field(json_wtr, "type", src->name);
	jsonw_lluint_field(json_wtr, "key", key);
	jsonw_name(json_wtr, "value");
	ctrl_value_dump_json(src, json_wtr, value);
	view->object->show_json(src, key, view->value, view->ctx);
	jsonw_end_object(json_wtr);
}

static int show_entry(struct ctrl_source *src, const void *key,
		      const void *value, void *ctx)
{
	struct object_view *view = ctx;
	const struct ctrl_object *object = view->object;
	__u64 number = read_key(object, key);

	memset(view->value, 0, object->value_size);
	memcpy(view->value, value, src->value_size < object->value_size ?
				   src->value_size : object->value_size);
	if (!view->one && object->wanted &&
	    !object->wanted(view->value, view->ctx))
		return 0;

	if (!json_output)
		return object->show_row(src, number, view->value, &view->table, view->ctx);
	show_entry_json(src, number, value, view);
	return 0;
}

static const char *why_not(const struct ctrl_object *object, const struct ctrl_source *src,
			   __u64 key, int err)
{
	if (err != -ENOENT)
		return ctrl_source_strerror(src, err);
	return object->absent && object->absent(key) ? object->absent(key) : "it does not exist";
}

static int report_error(const struct ctrl_object *object, const struct ctrl_source *src,
			const char *verb, __u64 key, int err)
{
	p_err("can't %s %s %llu: %s", verb, object->noun, (unsigned long long)key,
	      why_not(object, src, key, err));
	return err;
}

static void begin_output(void)
{
	ctrl_output_begin();
	if (json_output)
		jsonw_start_array(json_wtr);
}

static void end_output(struct object_view *view, int err)
{
	if (json_output)
		jsonw_end_array(json_wtr);
	else if (!err)
		ctrl_table_print(&view->table, stdout);
	ctrl_output_end();
}

/* An error comes instead of the array that is the output, not within it. */
static int show_one(struct ctrl_source *src, __u64 number,
		    struct object_view *view)
{
	char key[sizeof(number)];
	void *value;
	int err;

	value = calloc(1, src->value_size);
	if (!value) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	write_key(view->object, number, key);
	err = ctrl_source_get(src, key, value);
	if (err) {
		report_error(view->object, src, "get", number, err);
		goto out;
	}
	begin_output();
	err = show_entry(src, key, value, view);
	end_output(view, err);
	if (!err && !json_output && view->object->show_more)
		view->object->show_more(view->value, view->ctx);
out:
	free(value);
	return err;
}

static int show_all(struct ctrl_source *src, struct object_view *view)
{
	int err;

	begin_output();
	err = ctrl_source_for_each(src, show_entry, view);
	end_output(view, err);
	return err;
}

/* On failure, too, the source is to be closed. */
static int open_object(const struct ctrl_object *object, struct ctrl_source *src)
{
	int err;

	err = ctrl_source_open(src, object->ctrl_type, object->name);
	if (!err && src->key_size != object->key_size) {
		p_err("can't use control type %s of this kernel: keys have %u bytes",
		      object->name, src->key_size);
		err = -EINVAL;
	}
	return err;
}

int ctrl_object_show(const struct ctrl_object *object, const __u64 *key, void *ctx)
{
	struct object_view view = {
		.object = object,
		.table.columns = object->columns,
		.table.block = CTRL_TABLE_BLOCK,
		.ctx = ctx,
		.one = key,
	};
	struct ctrl_source src;
	int err;

	err = open_object(object, &src);
	if (!err && json_output)
		err = ctrl_source_load_btf(&src);
	if (err)
		goto out;
	view.value = calloc(1, object->value_size);
	if (!view.value) {
		p_err("mem alloc failed");
		err = -ENOMEM;
		goto out;
	}

	err = key ? show_one(&src, *key, &view) : show_all(&src, &view);
out:
	ctrl_table_free(&view.table);
	free(view.value);
	ctrl_source_close(&src);
	return err;
}

static int change_value(struct ctrl_source *src, const struct ctrl_object *object,
			__u64 number, void *value, const char *verb,
			ctrl_change_fn change)
{
	char key[sizeof(number)];
	int err;

	write_key(object, number, key);
	err = ctrl_source_get(src, key, value);
	if (err)
		return report_error(object, src, "get", number, err);

	if (src->limits) {
		p_err("can't %s %s %llu: %s", verb, object->noun,
		      (unsigned long long)number, src->limits);
		return -EOPNOTSUPP;
	}
	err = change(number, value);
	if (err)
		return err < 0 ? err : 0;

	err = ctrl_source_set(src, key, value);
	return err ? report_error(object, src, verb, number, err) : 0;
}

int ctrl_object_change(const struct ctrl_object *object, __u64 key,
		       const char *verb, ctrl_change_fn change)
{
	struct ctrl_source src;
	void *value = NULL;
	int err;

	err = open_object(object, &src);
	if (err)
		goto out;
	value = calloc(1, src.value_size > object->value_size ?
			  src.value_size : object->value_size);
	if (!value) {
		p_err("mem alloc failed");
		err = -ENOMEM;
		goto out;
	}
	err = change_value(&src, object, key, value, verb, change);
	if (!err && json_output)
		jsonw_null(json_wtr);
out:
	free(value);
	ctrl_source_close(&src);
	return err;
}

int ctrl_object_parse_key(const struct ctrl_object *object, int *argc,
			  char ***argv, __u64 *key)
{
	const char *word;

	if (!*argc) {
		p_err("expected '%s'", object->key_word);
		return -1;
	}
	if (!is_prefix(**argv, object->key_word)) {
		p_err("expected '%s', got: '%s'", object->key_word, **argv);
		return -1;
	}
	NEXT_ARGP();
	if (!*argc) {
		p_err("'%s' needs a number", object->key_word);
		return -1;
	}

	word = **argv;
	if (ctrl_number_parse(word, key) ||
	    (object->key_size == sizeof(__u32) && *key > (__u32)-1)) {
		p_err("can't parse %s '%s': not a number or too large",
		      object->key_word, word);
		return -1;
	}
	NEXT_ARGP();
	return 0;
}
