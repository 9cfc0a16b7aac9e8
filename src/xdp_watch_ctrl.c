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

#include "main.h"
#include "watch_ctrl.h"
#include "xdp_ctrl.h"

#define NAME_WIDTH	(IF_NAMESIZE - 1)

/* In the order of the members of struct bpf_ctrl_xdp_stats. */
static const struct xdp_rate {
	const char *name;
	const char *title;
	unsigned int factor;
} rates[] = {
	{ "packets",		"PPS",		1 },
	{ "bytes",		"BIT/S",	8 },
	{ "aborted",		"ABORTED",	1 },
	{ "drop",		"DROP",		1 },
	{ "pass",		"PASS",		1 },
	{ "tx",			"TX",		1 },
	{ "redirect",		"REDIRECT",	1 },
	{ "redirect_errors",	"REDIR-ERR",	1 },
	{ "invalid",		"INVALID",	1 },
	{ "xmit_packets",	"XMIT",		1 },
	{ "xmit_bytes",		"XMIT-BIT/S",	8 },
	{ "xmit_drops",		"XMIT-DROP",	1 },
};

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

/* An older kernel has fewer counters: those it has not are not valid either. */
static void xdp_read(const struct watch *w, const void *value,
		     struct watch_counter *counters)
{
	struct bpf_ctrl_xdp_stats stats = {};
	const __u64 *values = &stats.packets;
	size_t i;

	memcpy(&stats, value, w->src->value_size < sizeof(stats) ?
			      w->src->value_size : sizeof(stats));
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		counters[i].known = stats.valid >> i & 1;
		counters[i].value = values[i];
	}
}

static bool xdp_wanted(const struct watch *w, const struct watch_row *row)
{
	const struct xdp_watch *x = w->ctx;
	size_t i;

	if (x->all || x->dev)
		return true;
	for (i = 0; i < ARRAY_SIZE(rates); i++)
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

static int xdp_json(struct watch *w, const struct watch_row *row)
{
	char name[IF_NAMESIZE];

	jsonw_uint_field(json_wtr, "ifindex", row_ifindex(row));
	if (ctrl_source_ifname(w->src, row_ifindex(row), name))
		jsonw_string_field(json_wtr, "ifname", name);
	jsonw_name(json_wtr, "stats");
	return ctrl_value_dump_json(w->src, json_wtr, row->value);
}

static void rate_cell(const struct watch_row *row, size_t i,
		      char text[XDP_CELL_LEN])
{
	if (row->counters[i].has_delta)
		xdp_format_number(row->counters[i].rate * rates[i].factor + 0.5,
				  text);
	else
		snprintf(text, XDP_CELL_LEN, "-");
}

static int xdp_line(struct watch *w, FILE *out, const struct watch_row *row)
{
	char text[XDP_CELL_LEN], name[IF_NAMESIZE];
	const char *c;
	size_t i;

	row_name(w, row, name);
	fprintf(out, "%s:", name);
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		if (!row->counters[i].known)
			continue;
		fputs("  ", out);
		for (c = rates[i].title; *c; c++)
			fputc(tolower(*c), out);
		rate_cell(row, i, text);
		fprintf(out, " %s", text);
	}
	return 0;
}

/* As wide as numbers may become, so that columns stay where they are. */
static int column_width(size_t i)
{
	int width = strlen(rates[i].title);

	return width < 5 ? 5 : width;
}

static void xdp_row(struct watch *w, FILE *out, const struct watch_row *row)
{
	char text[XDP_CELL_LEN], name[IF_NAMESIZE];
	size_t i;

	row_name(w, row, name);
	fprintf(out, "%-*s", NAME_WIDTH, name);
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		rate_cell(row, i, text);
		fprintf(out, "  %*s", column_width(i), text);
	}
	fputc('\n', out);
}

/* The first @room of those that have changed, or have not; returns how many. */
static size_t xdp_rows(struct watch *w, FILE *out, size_t room, bool changed)
{
	const struct watch_row *row = w->rows;
	size_t nr = 0;

	for (; nr < room && row < w->rows + w->nr_rows; row++) {
		if (watch_has_changed(w, row) != changed)
			continue;
		xdp_row(w, out, row);
		nr++;
	}
	return nr;
}

/* Where not all devices have room, those that stand still give way to others. */
static void xdp_table(struct watch *w, FILE *out, unsigned int lines)
{
	size_t i, room = lines - 1, shown;

	fprintf(out, "%-*s", NAME_WIDTH, "DEV");
	for (i = 0; i < ARRAY_SIZE(rates); i++)
		fprintf(out, "  %*s", column_width(i), rates[i].title);
	fputc('\n', out);

	if (w->nr_rows <= room) {
		for (i = 0; i < w->nr_rows; i++)
			xdp_row(w, out, &w->rows[i]);
		return;
	}

	room -= !!room;
	shown = xdp_rows(w, out, room, true);
	shown += xdp_rows(w, out, room - shown, false);
	fprintf(out, "%zu more\n", w->nr_rows - shown);
}

static const struct watch_view xdp_view = {
	.read = xdp_read,
	.wanted = xdp_wanted,
	.table = xdp_table,
	.line = xdp_line,
	.json = xdp_json,
};

int xdp_watch(const char *dev, __u32 ifindex, bool all,
	      const struct watch_options *opts)
{
	char what[IF_NAMESIZE + sizeof("device ''")];
	const char *names[ARRAY_SIZE(rates)];
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
		.nr_counters = ARRAY_SIZE(rates),
		.ctx = &x,
	};
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(rates); i++)
		names[i] = rates[i].name;
	snprintf(what, sizeof(what), "device '%s'", dev ?: "");

	err = xdp_stats_open(&src);
	if (!err)
		err = watch_run(&w);
	ctrl_source_close(&src);
	return err;
}
