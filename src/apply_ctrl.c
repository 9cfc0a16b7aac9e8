// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl apply: make the kernel's values those of a JSON text.
 *
 * All of the text is converted before anything is sent. Then each entry is applied
 * on its own: its members go over what the kernel reports at that moment, and an
 * update is sent only if that changes something.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply_entries_ctrl.h"
#include "apply_report_ctrl.h"
#include "command_ctrl.h"
#include "error_ctrl.h"
#include "main.h"
#include "output_ctrl.h"
#include "update_ctrl.h"
#include "value_ctrl.h"
#include "xdp_dev_ctrl.h"

/* A tree takes about ten times as much: this is enough for 50,000 devices. */
#define APPLY_MAX_INPUT	(16UL << 20)
#define READ_SIZE	(64UL << 10)

struct apply {
	struct apply_entries all;
	size_t outcomes[NR_OUTCOMES];
	bool dry_run;
};

/* Returns true if the entry changes something. */
static bool plan_entry(const struct apply_entry *entry)
{
	struct apply_type *type = entry->type;
	struct ctrl_source *src = &type->src;
	struct ctrl_field field = ctrl_field_root(src->btf, src->value_type_id);
	__u8 differs, send, any = 0;
	__u32 i;

	memset(type->settable, 0, src->value_size);
	memset(type->commands, 0, src->value_size);
	ctrl_value_access(&field, type->now, type->settable, type->commands);

	for (i = 0; i < src->value_size; i++) {
		differs = (type->now[i] ^ entry->value[i]) & entry->given[i];
		send = type->settable[i] | type->commands[i];
		type->changed[i] = differs & type->settable[i];
		type->ignored[i] = differs & ~send;
		send &= entry->given[i];
		type->then[i] = (type->now[i] & ~send) | (entry->value[i] & send);
		any |= type->changed[i];
	}
	ctrl_value_select(&field, type->then, type->changed);
	return any;
}

static int send_entry(const struct apply_entry *entry, bool dry)
{
	struct apply_type *type = entry->type;
	struct ctrl_source *src = &type->src;

	return dry ? ctrl_update_check(src, type->type->id, entry->key, type->now, type->then) :
		     ctrl_source_set(src, entry->key, type->then);
}

static void apply_entry(struct apply *apply, const struct apply_entry *entry)
{
	enum apply_outcome outcome = APPLY_UNCHANGED;
	struct apply_type *type = entry->type;
	struct ctrl_source *src = &type->src;
	struct ctrl_msg where;
	bool read;
	int err;

	err = ctrl_source_get(src, entry->key, type->now);
	read = !err;
	if (read && plan_entry(entry)) {
		outcome = APPLY_CHANGED;
		err = send_entry(entry, apply->dry_run);
	}
	if (err) {
		outcome = APPLY_FAILED;
		ctrl_json_where(&apply->all.json, entry->pos, &where);
	}

	apply->outcomes[outcome]++;
	apply_report(entry, outcome, apply->dry_run, read, err, where.text);
}

static int apply_entries(struct apply *apply)
{
	size_t i;

	ctrl_output_begin();
	if (json_output)
		jsonw_start_array(json_wtr);
	for (i = 0; i < apply->all.nr; i++)
		apply_entry(apply, &apply->all.entries[i]);
	if (json_output)
		jsonw_end_array(json_wtr);
	else
		printf("%zu %s, %zu unchanged, %zu failed\n",
		       apply->outcomes[APPLY_CHANGED],
		       apply->dry_run ? "would change" : "changed",
		       apply->outcomes[APPLY_UNCHANGED],
		       apply->outcomes[APPLY_FAILED]);
	ctrl_output_end();

	if (!apply->outcomes[APPLY_FAILED])
		return 0;
	return apply->outcomes[APPLY_FAILED] == apply->all.nr ? -EIO : CTRL_PARTLY_APPLIED;
}

static int read_file(FILE *file, const char *name, char **text, size_t *len)
{
	size_t max = 0, nr;
	char *new;
	int err;

	do {
		if (max - *len < READ_SIZE) {
			max = max ? max * 2 : 2 * READ_SIZE;
			new = realloc(*text, max);
			if (!new) {
				p_err("mem alloc failed");
				return -ENOMEM;
			}
			*text = new;
		}
		nr = fread(*text + *len, 1, READ_SIZE - 1, file);
		if (ferror(file)) {
			err = -errno;
			p_err("can't read %s: %s", name, strerror(-err));
			return err;
		}
		*len += nr;
		if (*len > APPLY_MAX_INPUT) {
			p_err("can't apply %s: it has more than %lu MiB", name,
			      APPLY_MAX_INPUT >> 20);
			return -EFBIG;
		}
	} while (nr);

	(*text)[*len] = '\0';
	return 0;
}

/*
 * Standard input as stdio has it: of a batch that comes from there, too, that is what is
 * behind the line with this command.
 */
static int read_text(const char *path, struct apply *apply, char **text)
{
	const char *name = path ?: "stdin";
	FILE *file = stdin;
	size_t len = 0;
	int err;

	if (path) {
		file = fopen(path, "re");
		if (!file) {
			err = -errno;
			p_err("can't open %s: %s", path, strerror(-err));
			return err;
		}
	}
	err = read_file(file, name, text, &len);
	if (path)
		fclose(file);
	else
		clearerr(file);
	apply->all.json = (struct ctrl_json){
		.name = name, .text = *text, .len = len, .pos = *text,
	};
	return err;
}

static int apply_file(const char *path, __u32 ifindex, bool dry)
{
	struct apply apply = { .dry_run = dry };
	char *text = NULL;
	int err;

	err = read_text(path, &apply, &text);
	apply.all.ifindex = ifindex;
	err = err ?: apply_entries_convert(&apply.all);
	if (!err)
		err = apply_entries(&apply);
	apply_entries_free(&apply.all);
	free(text);
	return err;
}

int do_ctrl_apply(int argc, char **argv)
{
	const char *path = NULL, *dev = NULL;
	bool dry = dry_run;
	__u32 ifindex = 0;
	int err;

	/* in a batch, options are words */
	while (argc) {
		if (!strcmp(*argv, "--dry-run")) {
			dry = true;
			NEXT_ARG();
		} else if (!dev && !strcmp(*argv, "dev")) {
			err = xdp_parse_dev(&argc, &argv, &dev, &ifindex);
			if (err)
				return err;
		} else if (!path) {
			path = GET_ARG();
		} else {
			return ctrl_no_more_args(argc, argv);
		}
	}
	if (path && !strcmp(path, "-"))
		path = NULL;
	return apply_file(path, ifindex, dry);
}
