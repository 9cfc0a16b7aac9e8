// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl watch: counters of any control type.
 *
 * What is a counter in a type that this tool has never seen? Each unsigned integer
 * of 64 bits, also in structs and arrays, that its value says is known and that an
 * update of this object would not change: the kernel counts in 64 bits, while sizes,
 * ids and modes are smaller.
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
#include "main.h"
#include "registry_ctrl.h"
#include "table_ctrl.h"
#include "value_ctrl.h"
#include "watch_sample_ctrl.h"

#define MAX_COUNTERS	4096
#define KEY_LEN		80

static bool is_counter(const struct ctrl_layout *layout)
{
	return layout->kind == CTRL_KIND_UNSIGNED && layout->size == sizeof(__u64);
}

static bool has_counters(const struct ctrl_layout *layout)
{
	__u32 i;

	for (i = 0; i < layout->nr_members; i++)
		if (has_counters(&layout->members[i]))
			return true;
	return is_counter(layout);
}

/*
 * Visits all counters there may be, always in the same order; without data none is
 * known.
 */
static void read_counters(const struct ctrl_layout *layout, const void *data,
			  struct watch_counter **pos)
{
	const struct ctrl_layout *m = layout->members;
	const struct ctrl_layout *end = m + layout->nr_members;
	const void *inner;
	__u32 i;

	if (is_counter(layout)) {
		if (data) {
			(*pos)->known = true;
			(*pos)->value = ctrl_layout_read(layout, data);
		}
		(*pos)++;
	} else if (layout->kind == CTRL_KIND_STRUCT) {
		for (; m < end; m++) {
			inner = data && !ctrl_layout_is_hidden(m, data) &&
				!ctrl_mask_bit_read(&m->settable, data) ?
				data + m->offset : NULL;
			read_counters(m, inner, pos);
		}
	} else if (layout->kind == CTRL_KIND_ARRAY && has_counters(m)) {
		for (i = 0; i < layout->nr_elems; i++)
			read_counters(m, data ? data + i * m->size : NULL, pos);
	}
}

static int add_name(struct watch *w, const char *name)
{
	const char **names;

	if (w->nr_counters == MAX_COUNTERS)
		return -E2BIG;

	names = reallocarray(w->names, w->nr_counters + 1, sizeof(*names));
	if (!names)
		return -ENOMEM;
	w->names = names;
	names[w->nr_counters] = strdup(*name ? name : "value");
	if (!names[w->nr_counters])
		return -ENOMEM;
	w->nr_counters++;
	return 0;
}

static int name_counters(struct watch *w, const struct ctrl_layout *layout,
			 const char *name);

static int name_members(struct watch *w, const struct ctrl_layout *layout,
			const char *prefix)
{
	const struct ctrl_layout *m = layout->members;
	const struct ctrl_layout *end = m + layout->nr_members;
	char *name;
	int err = 0;

	for (; m < end && !err; m++) {
		if (asprintf(&name, "%s%s%s", prefix, *prefix ? "." : "",
			     m->name) < 0)
			return -ENOMEM;
		err = name_counters(w, m, name);
		free(name);
	}
	return err;
}

static int name_elements(struct watch *w, const struct ctrl_layout *layout,
			 const char *prefix)
{
	char *name;
	int err = 0;
	__u32 i;

	if (!has_counters(layout->members))
		return 0;

	for (i = 0; i < layout->nr_elems && !err; i++) {
		if (asprintf(&name, "%s[%u]", prefix, i) < 0)
			return -ENOMEM;
		err = name_counters(w, layout->members, name);
		free(name);
	}
	return err;
}

/* In the order of read_counters(). */
static int name_counters(struct watch *w, const struct ctrl_layout *layout,
			 const char *name)
{
	if (is_counter(layout))
		return add_name(w, name);
	if (layout->kind == CTRL_KIND_STRUCT)
		return name_members(w, layout, name);
	if (layout->kind == CTRL_KIND_ARRAY)
		return name_elements(w, layout, name);
	return 0;
}

static void any_read(const struct watch *w, const void *value,
		     struct watch_counter *counters)
{
	read_counters(w->src->value_layout, value, &counters);
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
	int err;

	err = name_counters(w, w->src->value_layout, "");
	if (err)
		p_err("can't watch %s: %s", w->src->name, strerror(-err));
	if (!err && !w->nr_counters) {
		p_err("can't watch %s: its values have no counters (unsigned integers of 64 bits)",
		      w->src->name);
		err = -ENODATA;
	}
	return err ?: watch_run(w);
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
	while (w.nr_counters)
		free((char *)w.names[--w.nr_counters]);
	free(w.names);
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
