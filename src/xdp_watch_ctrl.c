// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl xdp stats watch: rates of XDP on network devices.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "btf_dump_ctrl.h"
#include "main.h"
#include "name_ctrl.h"
#include "number_ctrl.h"
#include "output_ctrl.h"
#include "table_ctrl.h"
#include "xdp_counters_ctrl.h"
#include "xdp_dev_ctrl.h"
#include "xdp_watch_ctrl.h"

#define NAME_WIDTH	(IF_NAMESIZE - 1)
/* of "12.3k": numbers never take more */
#define NUMBER_WIDTH	5

struct xdp_watch {
	const char *dev;
	bool all;
};

static __u32 row_ifindex(const struct watch_row *row)
{
	__u32 ifindex;

	memcpy(&ifindex, row->key, sizeof(ifindex));
	return ifindex;
}

static void xdp_read(const struct watch *w, const void *value,
		     struct watch_counter *counters)
{
	struct bpf_ctrl_xdp_stats stats;
	size_t i;

	xdp_counters_read(value, w->src->value_size, &stats);
	for (i = 0; i < XDP_NR_COUNTERS; i++) {
		counters[i].known = xdp_counter_known(&stats, i);
		counters[i].value = xdp_counter_value(&stats, i);
	}
}

static bool xdp_wanted(const struct watch *w, const struct watch_row *row)
{
	const struct xdp_watch *x = w->ctx;
	size_t i;

	if (x->all || x->dev)
		return true;
	for (i = 0; i < XDP_NR_COUNTERS; i++)
		if (row->counters[i].known && row->counters[i].value)
			return true;
	return false;
}

/* A device may go, with its name, after it was counted. */
static void row_name(struct watch *w, const struct watch_row *row,
		     char name[IF_NAMESIZE])
{
	if (!ctrl_source_ifname(w->src, row_ifindex(row), name))
		snprintf(name, IF_NAMESIZE, "%u", row_ifindex(row));
}

static void xdp_json(struct watch *w, const struct watch_row *row)
{
	char name[IF_NAMESIZE];

	jsonw_uint_field(json_wtr, "ifindex", row_ifindex(row));
	if (ctrl_source_ifname(w->src, row_ifindex(row), name))
		ctrl_json_name_field(json_wtr, "ifname", name);
	jsonw_name(json_wtr, "stats");
	ctrl_value_dump_json(w->src, json_wtr, row->value);
}

static void rate_text(const struct watch_row *row, size_t i, char text[CTRL_NUMBER_LEN])
{
	if (row->counters[i].has_delta)
		ctrl_number_format(row->counters[i].rate * xdp_counters[i].rate_factor + 0.5,
				   text);
	else
		snprintf(text, CTRL_NUMBER_LEN, "-");
}

static void xdp_name(struct watch *w, FILE *out, const struct watch_row *row)
{
	char name[IF_NAMESIZE];

	row_name(w, row, name);
	fputs(ctrl_name_to_print(name), out);
}

static void xdp_line(struct watch *w, FILE *out, const struct watch_row *row)
{
	char text[CTRL_NUMBER_LEN];
	const char *c;
	size_t i;

	xdp_name(w, out, row);
	fputc(':', out);
	for (i = 0; i < XDP_NR_COUNTERS; i++) {
		if (!row->counters[i].known)
			continue;
		fputs("  ", out);
		for (c = xdp_counters[i].rate_title; *c; c++)
			fputc(tolower(*c), out);
		rate_text(row, i, text);
		fprintf(out, " %s", text);
	}
}

static int xdp_row(struct watch *w, struct ctrl_table *table, const struct watch_row *row)
{
	char text[CTRL_NUMBER_LEN], name[IF_NAMESIZE];
	size_t i;
	int err;

	row_name(w, row, name);
	err = ctrl_table_add(table, "%s", name);
	for (i = 0; i < XDP_NR_COUNTERS && !err; i++) {
		rate_text(row, i, text);
		err = ctrl_table_add(table, "%s", text);
	}
	return err;
}

/* The first @room of those that have changed, or have not; takes them from @room. */
static int xdp_rows(struct watch *w, struct ctrl_table *table, size_t *room, bool changed)
{
	const struct watch_row *row = w->rows;
	int err = 0;

	for (; *room && row < w->rows + w->nr_rows && !err; row++) {
		if (watch_has_changed(w, row) != changed)
			continue;
		err = xdp_row(w, table, row);
		--*room;
	}
	return err;
}

/* Where not all devices have room, those that stand still give way to others. */
static int fill_table(struct watch *w, struct ctrl_table *table, size_t room, size_t *left)
{
	size_t i, rest;
	int err = 0;

	*left = 0;
	if (w->nr_rows <= room) {
		for (i = 0; i < w->nr_rows && !err; i++)
			err = xdp_row(w, table, &w->rows[i]);
		return err;
	}

	rest = room -= !!room;
	err = xdp_rows(w, table, &rest, true) ?: xdp_rows(w, table, &rest, false);
	*left = w->nr_rows - (room - rest);
	return err;
}

static int xdp_table(struct watch *w, FILE *out, unsigned int lines)
{
	struct ctrl_column columns[1 + XDP_NR_COUNTERS + 1] = {
		{ "DEV", true, NAME_WIDTH },
	};
	struct ctrl_table table = { .columns = columns };
	size_t i, left;
	int err;

	for (i = 0; i < XDP_NR_COUNTERS; i++)
		columns[1 + i] = (struct ctrl_column){
			xdp_counters[i].rate_title, false, NUMBER_WIDTH
		};
	err = fill_table(w, &table, lines - 1, &left) ?: ctrl_table_titles(&table, out);
	if (!err)
		ctrl_table_print(&table, out);
	if (!err && left)
		fprintf(out, "%zu more\n", left);
	ctrl_table_free(&table);
	return err;
}

static const struct watch_view xdp_view = {
	.read = xdp_read,
	.wanted = xdp_wanted,
	.table = xdp_table,
	.name = xdp_name,
	.line = xdp_line,
	.json = xdp_json,
};

int xdp_watch(const char *dev, __u32 ifindex, bool all,
	      const struct watch_options *opts)
{
	char what[IF_NAMESIZE + sizeof("device ''")];
	const char *names[XDP_NR_COUNTERS];
	struct xdp_watch x = { .dev = dev, .all = all };
	struct ctrl_source src;
	struct watch w = {
		.src = &src,
		.view = &xdp_view,
		.opts = opts,
		.key = dev ? &ifindex : NULL,
		.what = what,
		.title = "XDP, per second",
		.names = names,
		.nr_counters = XDP_NR_COUNTERS,
		.ctx = &x,
	};
	size_t i;
	int err;

	for (i = 0; i < XDP_NR_COUNTERS; i++)
		names[i] = xdp_counters[i].name;
	snprintf(what, sizeof(what), "device '%s'", dev ?: "");

	err = xdp_stats_open(&src);
	if (!err && !json_output)
		xdp_hint_counting();
	if (!err)
		err = watch_run(&w);
	ctrl_source_close(&src);
	return err;
}
