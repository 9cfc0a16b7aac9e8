// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl set: change members of a value by their names.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_ctrl.h"
#include "btf_dump_ctrl.h"
#include "error_ctrl.h"
#include "main.h"
#include "registry_ctrl.h"
#include "value_ctrl.h"

/* Buffers as long as the value, in one allocation */
struct set_value {
	void *value;
	void *settable;
	void *commands;
	void *given;
};

static int set_value_init(struct set_value *v, __u32 size)
{
	char *mem = calloc(4, size);

	if (!mem) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	*v = (struct set_value){ mem, mem + size, mem + 2 * size, mem + 3 * size };
	return 0;
}

static void set_value_free(struct set_value *v)
{
	free(v->value);
}

/* NAME VALUE */
static int set_member(const struct ctrl_field *root, struct set_value *v,
		      const char *name, const char *word)
{
	struct ctrl_field field = *root;
	struct ctrl_msg what, msg;
	int err;

	err = ctrl_field_find(&field, name, &msg);
	if (err)
		goto report;
	if (!ctrl_field_marked(&field, v->settable) &&
	    !ctrl_field_marked(&field, v->commands)) {
		p_err("member '%s' is read-only here", name);
		return -EPERM;
	}

	ctrl_msg_set(&what, 0, "member '%s'", name);
	err = ctrl_field_parse(&field, what.text, word, v->value, &msg);
	if (err)
		goto report;

	if (ctrl_field_marked(&field, v->given)) {
		p_err("member '%s' is given twice", name);
		return CTRL_BAD_WORD;
	}
	ctrl_field_mark(&field, v->given);
	return 0;
report:
	p_err("%s", msg.text);
	return CTRL_BAD_WORD;
}

static int set_members(struct ctrl_source *src, struct set_value *v, int argc,
		       char **argv)
{
	struct ctrl_field root = ctrl_field_root(src->btf, src->value_type_id);
	int err;

	ctrl_value_access(&root, v->value, v->settable, v->commands);
	for (; argc > 1; argc -= 2, argv += 2) {
		err = set_member(&root, v, argv[0], argv[1]);
		if (err)
			return err;
	}
	if (argc) {
		p_err("member '%s' needs a value", *argv);
		return CTRL_BAD_WORD;
	}
	ctrl_value_select(&root, v->value, v->given);
	return 0;
}

/* Members that are not named keep the value they have. */
static int set_key(struct ctrl_source *src, const char *word, int argc,
		   char **argv)
{
	struct set_value v = {};
	void *key;
	int err;

	key = calloc(1, src->key_size);
	if (!key) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	err = set_value_init(&v, src->value_size) ?: ctrl_key_parse(src, word, key);
	if (err)
		goto out;

	err = ctrl_source_get(src, key, v.value);
	if (err) {
		p_err("can't look up key '%s' of %s: %s", word, src->name,
		      ctrl_source_strerror(src, err));
		goto out;
	}
	err = set_members(src, &v, argc, argv);
	if (err)
		goto out;

	err = ctrl_source_set(src, key, v.value);
	if (err)
		p_err("can't set key '%s' of %s: %s", word, src->name,
		      ctrl_source_strerror(src, err));
out:
	set_value_free(&v);
	free(key);
	return err;
}

int do_ctrl_set(int argc, char **argv)
{
	struct ctrl_source src;
	struct ctrl_type type;
	struct ctrl_type_ref ref = { .change = true };
	const char *key;
	int err;

	if (!REQ_ARGS(5) || ctrl_type_parse(&argc, &argv, &ref) || !REQ_ARGS(4))
		return -1;
	if (!is_prefix(*argv, "key")) {
		p_err("expected 'key', got: '%s'", *argv);
		return -1;
	}
	NEXT_ARG();
	key = GET_ARG();

	err = ctrl_type_open(&ref, &type, &src);
	if (err)
		return err;
	if (type.info.ops & BPF_CTRL_OP_UPDATE) {
		err = set_key(&src, key, argc, argv);
	} else {
		p_err("control type %s is read-only", src.name);
		err = -EPERM;
	}
	ctrl_source_close(&src);
	if (!err && json_output)
		jsonw_null(json_wtr);
	return err;
}
