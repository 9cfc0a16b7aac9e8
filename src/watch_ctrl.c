// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl watch: counters of any control type.
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
#include "counters_ctrl.h"
#include "main.h"
#include "registry_ctrl.h"
#include "table_ctrl.h"
#include "value_ctrl.h"
#include "watch_sample_ctrl.h"

#define KEY_LEN		80

static void take_counter(size_t i, __u64 value, void *ctx)
{
	struct watch_counter *counters = ctx;

	counters[i].known = true;
	counters[i].value = value;
}

static void any_read(const struct watch *w, const void *value,
		     struct watch_counter *counters)
{
	ctrl_counters_read(w->src->value_layout, value, take_counter, counters);
}

static void any_json(struct watch *w, const struct watch_row *row)
{
	ctrl_key_dump_json(w->src, json_wtr, row->key);
	jsonw_name(json_wtr, "value");
	ctrl_value_dump_json(w->src, json_wtr, row->value);
}

static void any_name(struct watch *w, FILE *out, const struct watch_row *row)
{
	ctrl_key_print(w->src, row->key, out);
}

static void any_line(struct watch *w, FILE *out, const struct watch_row *row)
{
	const struct watch_counter *c;
	size_t i;

	ctrl_key_print(w->src, row->key, out);
	fputc(':', out);
	for (i = 0; i < w->nr_counters; i++) {
		c = &row->counters[i];
		if (!c->known)
			continue;
		fprintf(out, "  %s %llu", w->names[i], c->value);
		if (c->has_delta)
			fprintf(out, " +%llu %.1f/s", c->delta, c->rate);
	}
}

/* Where not all lines have room, those that say more come first. */
enum any_rank { RANK_CHANGING, RANK_STANDING, RANK_ZERO, NR_RANKS };

struct any_table {
	struct ctrl_table table;
	size_t room;
	bool all;
	enum any_rank rank;
};

static enum any_rank counter_rank(const struct watch_counter *c)
{
	if (c->has_delta && c->delta)
		return RANK_CHANGING;
	return c->value ? RANK_STANDING : RANK_ZERO;
}

static bool is_shown(const struct any_table *any, const struct watch_counter *c)
{
	return c->known && any->room && (any->all || counter_rank(c) == any->rank);
}

static int any_cells(struct any_table *any, const char *key,
		     const char *name, const struct watch_counter *c)
{
	struct ctrl_table *table = &any->table;
	int err;

	any->room--;
	err = ctrl_table_add(table, "%s", key) ?:
	      ctrl_table_add(table, "%s", name) ?:
	      ctrl_table_add(table, "%llu", c->value);
	if (err)
		return err;
	if (!c->has_delta)
		return ctrl_table_add(table, "-") ?: ctrl_table_add(table, "-");
	return ctrl_table_add(table, "%+lld", c->delta) ?:
	       ctrl_table_add(table, "%.1f", c->rate);
}

static int any_row(struct watch *w, struct any_table *any, const struct watch_row *row)
{
	char key[KEY_LEN + 1] = "";
	int err = 0;
	FILE *text;
	size_t i;

	for (i = 0; i < w->nr_counters && !err; i++) {
		if (!is_shown(any, &row->counters[i]))
			continue;
		if (!*key) {
			text = fmemopen(key, sizeof(key), "w");
			if (!text)
				return -ENOMEM;
			ctrl_key_print(w->src, row->key, text);
			fclose(text);
		}
		err = any_cells(any, key, w->names[i], &row->counters[i]);
	}
	return err;
}

static int any_rows(struct watch *w, struct any_table *any)
{
	int err = 0;
	size_t i;

	for (i = 0; i < w->nr_rows && any->room && !err; i++)
		err = any_row(w, any, &w->rows[i]);
	return err;
}

static size_t count_known(const struct watch *w)
{
	size_t i, nr = 0;

	for (i = 0; i < w->nr_rows * w->nr_counters; i++)
		nr += w->counters[i].known;
	return nr;
}

static int any_table(struct watch *w, FILE *out, unsigned int lines)
{
	struct ctrl_column columns[] = {
		{ "KEY",	true,	16 },
		{ "COUNTER",	true },
		{ "VALUE",	false,	16 },
		{ "DELTA",	false,	12 },
		{ "PER-SECOND",	false,	12 },
		{}
	};
	struct any_table any = { .table.columns = columns };
	size_t i, known = count_known(w), room = lines - 1;
	int err;

	/* also of those that are not shown now: the columns stay where they are */
	for (i = 0; i < w->nr_counters; i++)
		if (strlen(w->names[i]) > (size_t)columns[1].width)
			columns[1].width = strlen(w->names[i]);

	any.all = known <= room;
	any.room = any.all || !room ? room : room - 1;
	room = any.room;
	do
		err = any_rows(w, &any);
	while (!err && !any.all && ++any.rank < NR_RANKS);
	err = err ?: ctrl_table_titles(&any.table, out);
	if (!err)
		ctrl_table_print(&any.table, out);
	if (!err && known > room)
		fprintf(out, "%zu more\n", known - room);
	ctrl_table_free(&any.table);
	return err;
}

static const struct watch_view any_view = {
	.read = any_read,
	.table = any_table,
	.name = any_name,
	.line = any_line,
	.json = any_json,
};

static int watch_counters(struct watch *w)
{
	struct ctrl_counters counters;
	int err;

	err = ctrl_counters_name(w->src->value_layout, &counters);
	w->names = counters.names;
	w->nr_counters = counters.nr;
	if (err)
		p_err("can't watch %s: %s", w->src->name, strerror(-err));
	if (!err && !w->nr_counters) {
		p_err("can't watch %s: its values have no counters (unsigned integers of 64 bits)",
		      w->src->name);
		err = -ENODATA;
	}
	err = err ?: watch_run(w);
	ctrl_counters_free(&counters);
	return err;
}

static int watch_type(struct ctrl_source *src, const char *word,
		      const struct watch_options *opts)
{
	struct watch w = {
		.src = src, .view = &any_view, .opts = opts, .title = src->name,
	};
	char *what = NULL;
	void *key = NULL;
	int err = 0;

	if (word) {
		key = calloc(1, src->key_size);
		if (!key || asprintf(&what, "key '%s' of %s", word, src->name) < 0) {
			p_err("mem alloc failed");
			err = -ENOMEM;
		}
		err = err ?: ctrl_key_parse(src, word, key);
		w.key = key;
		w.what = what;
	}
	if (!err)
		err = watch_counters(&w);
	free(what);
	free(key);
	return err;
}

int do_ctrl_watch(int argc, char **argv)
{
	struct ctrl_type_ref ref = {};
	const char *key = NULL;
	struct watch_options opts = {};
	struct ctrl_source src;
	struct ctrl_type type;
	int err;

	if (!REQ_ARGS(1) || ctrl_type_parse(&argc, &argv, &ref))
		return -1;
	if (argc && is_prefix(*argv, "key")) {
		NEXT_ARG();
		if (!REQ_ARGS(1))
			return -1;
		key = GET_ARG();
	}
	if (watch_parse_options(argc, argv, &opts))
		return -1;

	err = ctrl_type_open(&ref, &type, &src);
	if (err)
		return err;
	err = watch_type(&src, key, &opts);
	ctrl_source_close(&src);
	return err;
}
