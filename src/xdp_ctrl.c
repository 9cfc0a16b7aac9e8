// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl xdp: XDP on network devices.
 *
 * JSON has whatever the kernel's BTF describes, the tables have the counters that this
 * tool knows, as many of them as the kernel has.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_ctrl.h"
#include "btf_dump_ctrl.h"
#include "error_ctrl.h"
#include "main.h"
#include "number_ctrl.h"
#include "output_ctrl.h"
#include "pin_ctrl.h"
#include "registry_ctrl.h"
#include "table_ctrl.h"
#include "xdp_attr_ctrl.h"
#include "xdp_counters_ctrl.h"
#include "xdp_dev_ctrl.h"
#include "xdp_prog_ctrl.h"
#include "xdp_watch_ctrl.h"

#define MAX_COLUMNS	(XDP_NR_COUNTERS + 10)

/* The words after "show" or "stats". */
struct xdp_request {
	const char *dev;	/* only this device */
	__u32 ifindex;
	bool all;		/* also those that never ran XDP */
	bool attrs;		/* show more than counters */
	bool watch;
	struct watch_options opts;
};

struct xdp_row {
	char name[IF_NAMESIZE];
	struct bpf_ctrl_xdp_attr attr;	/* if attrs */
	struct bpf_ctrl_xdp_stats stats;
};

struct xdp_walk {
	const struct xdp_request *req;
	struct ctrl_source attrs;	/* if attrs */
	struct ctrl_table table;
	struct ctrl_column columns[MAX_COLUMNS];
	bool counted;			/* some counter is not 0 */
};

/* Columns of attributes, before and behind those of counters */
static const struct xdp_column {
	struct ctrl_column column;
	enum xdp_attr_cell cell;
} attr_columns[] = {
	{ { "MODE",	true },	XDP_ATTR_MODE },
	{ { "PROG" },		XDP_ATTR_PROG },
	{ { "NAME",	true },	XDP_ATTR_NAME },
	{ { "TAG",	true },	XDP_ATTR_TAG },
	{ { "MD",	true },	XDP_ATTR_MD },
	{ { "RINGS" },		XDP_ATTR_RINGS },
	{ { "FEATURES",	true },	XDP_ATTR_FEATURES },
};

#define NR_BEFORE	4

static bool has_column(const struct xdp_request *req, size_t counter)
{
	return !req->attrs || xdp_counters[counter].in_show;
}

static void init_table(struct xdp_walk *walk)
{
	bool attrs = walk->req->attrs;
	struct ctrl_column *column = walk->columns;
	size_t i;

	BUILD_BUG_ON(1 + XDP_NR_COUNTERS + ARRAY_SIZE(attr_columns) + 1 > MAX_COLUMNS);

	*column++ = (struct ctrl_column){ "DEV", true };
	for (i = 0; attrs && i < NR_BEFORE; i++)
		*column++ = attr_columns[i].column;
	for (i = 0; i < XDP_NR_COUNTERS; i++)
		if (has_column(walk->req, i))
			*column++ = (struct ctrl_column){ xdp_counters[i].title };
	for (i = NR_BEFORE; attrs && i < ARRAY_SIZE(attr_columns); i++)
		*column++ = attr_columns[i].column;

	walk->table.columns = walk->columns;
	walk->table.block = CTRL_TABLE_BLOCK;
}

static int add_attrs(struct xdp_walk *walk, const struct xdp_row *row, size_t i, size_t end)
{
	char text[XDP_CELL_LEN];
	int err = 0;

	for (; walk->req->attrs && i < end && !err; i++) {
		xdp_attr_text(&row->attr, attr_columns[i].cell, text);
		err = ctrl_table_add(&walk->table, "%s", text);
	}
	return err;
}

static int add_counters(struct xdp_walk *walk, const struct xdp_row *row)
{
	char text[CTRL_NUMBER_LEN];
	int err = 0;
	size_t i;

	for (i = 0; i < XDP_NR_COUNTERS && !err; i++) {
		if (!has_column(walk->req, i))
			continue;
		ctrl_number_format(xdp_counter_value(&row->stats, i), text);
		err = ctrl_table_add(&walk->table, "%s",
				     xdp_counter_known(&row->stats, i) ? text : "-");
	}
	return err;
}

static int add_row(struct xdp_walk *walk, const struct xdp_row *row)
{
	return ctrl_table_add(&walk->table, "%s", row->name) ?:
	       add_attrs(walk, row, 0, NR_BEFORE) ?:
	       add_counters(walk, row) ?:
	       add_attrs(walk, row, NR_BEFORE, ARRAY_SIZE(attr_columns));
}

static void show_row_json(struct ctrl_source *src, const struct xdp_walk *walk,
			  const struct xdp_row *row, __u32 ifindex, const void *value)
{
	jsonw_start_object(json_wtr);
	jsonw_uint_field(json_wtr, "ifindex", ifindex);
	ctrl_json_name_field(json_wtr, "ifname", row->name);
	if (walk->req->attrs)
		xdp_attr_show_json(&row->attr, walk->attrs.method);
	jsonw_name(json_wtr, "stats");
	ctrl_value_dump_json(src, json_wtr, value);
	jsonw_end_object(json_wtr);
}

static bool has_counted(const struct bpf_ctrl_xdp_stats *stats)
{
	size_t i;

	for (i = 0; i < XDP_NR_COUNTERS; i++)
		if (xdp_counter_value(stats, i))
			return true;
	return false;
}

/* Returns 1, 0 if the device has gone, or a negative errno (reported). */
static int identify_row(struct ctrl_source *src, struct xdp_walk *walk,
			__u32 ifindex, struct xdp_row *row)
{
	int err;

	if (!ctrl_source_ifname(src, ifindex, row->name))
		return 0;
	if (!walk->req->attrs)
		return 1;

	err = xdp_attr_get(&walk->attrs, ifindex, &row->attr);
	if (!err)
		return 1;
	if (err == -ENOENT)
		return 0;
	p_err("can't get XDP attributes of device '%s': %s", row->name,
	      ctrl_strerror(err));
	return err;
}

static bool in_use(const struct bpf_ctrl_xdp_attr *attr)
{
	return attr->mode != BPF_CTRL_XDP_MODE_NONE || attr->rings.num ||
	       attr->enable_md;
}

static int show_entry(struct ctrl_source *src, const void *key,
		      const void *value, void *ctx)
{
	struct xdp_walk *walk = ctx;
	const struct xdp_request *req = walk->req;
	struct xdp_row row = {};
	bool wanted, counted;
	__u32 ifindex;
	int ret;

	memcpy(&ifindex, key, sizeof(ifindex));
	xdp_counters_read(value, src->value_size, &row.stats);
	counted = has_counted(&row.stats);
	walk->counted |= counted;
	wanted = counted || req->all || req->dev;
	if (!wanted && !req->attrs)
		return 0;
	ret = identify_row(src, walk, ifindex, &row);
	if (ret <= 0)
		return ret;
	if (!wanted && !in_use(&row.attr))
		return 0;

	if (!json_output)
		return add_row(walk, &row);
	show_row_json(src, walk, &row, ifindex, value);
	return 0;
}

static int show_one(struct ctrl_source *src, struct xdp_walk *walk)
{
	const struct xdp_request *req = walk->req;
	void *value;
	int err;

	value = calloc(1, src->value_size);
	if (!value) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	err = ctrl_source_get(src, &req->ifindex, value);
	if (err)
		p_err("can't get XDP statistics of device '%s': %s", req->dev,
		      err == -ENOENT ? "no such device" : ctrl_strerror(err));
	else
		err = show_entry(src, &req->ifindex, value, walk);
	free(value);
	return err;
}

/* People may wonder why there is nothing to see; programs know. */
static void explain_nothing(const struct xdp_walk *walk)
{
	if (json_output || walk->counted)
		return;
	if (xdp_hint_counting() && !walk->table.printed)
		p_info("no device has run XDP while it was counted, see them all: %s ctrl xdp %s all",
		       bin_name, walk->req->attrs ? "show" : "stats");
}

static int show_rows(struct ctrl_source *src, struct xdp_walk *walk)
{
	int err;

	ctrl_output_begin();
	if (json_output)
		jsonw_start_array(json_wtr);
	if (walk->req->dev)
		err = show_one(src, walk);
	else
		err = ctrl_source_for_each(src, show_entry, walk);
	if (json_output)
		jsonw_end_array(json_wtr);
	else if (!err)
		ctrl_table_print(&walk->table, stdout);
	ctrl_output_end();

	if (!err)
		explain_nothing(walk);
	return err;
}

static int xdp_ctrl_show(const struct xdp_request *req)
{
	struct xdp_walk walk = { .req = req, .attrs = { .fd = -1, .sock = -1 } };
	struct ctrl_source src;
	int err;

	init_table(&walk);
	err = xdp_stats_open(&src);
	if (!err && req->attrs)
		err = xdp_attr_open(&walk.attrs);
	if (!err)
		err = show_rows(&src, &walk);
	ctrl_table_free(&walk.table);
	xdp_progs_forget();
	ctrl_source_close(&walk.attrs);
	ctrl_source_close(&src);
	return err;
}

static int parse_request(int argc, char **argv, struct xdp_request *req)
{
	int err;

	while (argc && !req->watch) {
		if (is_prefix(*argv, "dev")) {
			err = xdp_parse_dev(&argc, &argv, &req->dev, &req->ifindex);
			if (err)
				return err;
		} else if (is_prefix(*argv, "all")) {
			req->all = true;
			NEXT_ARG();
		} else if (!req->attrs && is_prefix(*argv, "watch")) {
			req->watch = true;
			NEXT_ARG();
		} else {
			p_err("expected 'dev'%s'all'%s, got: '%s'",
			      req->attrs ? " or " : ", ",
			      req->attrs ? "" : " or 'watch'", *argv);
			return -1;
		}
	}
	return req->watch ? watch_parse_options(argc, argv, &req->opts) : 0;
}

static int do_show(int argc, char **argv)
{
	struct xdp_request req = { .attrs = true };

	return parse_request(argc, argv, &req) ?: xdp_ctrl_show(&req);
}

static int do_stats(int argc, char **argv)
{
	struct xdp_request req = {};
	int err;

	err = parse_request(argc, argv, &req);
	if (err)
		return err;
	if (req.watch)
		return xdp_watch(req.dev, req.ifindex, req.all, &req.opts);
	return xdp_ctrl_show(&req);
}

static void show_counting_json(__u64 users, bool pinned)
{
	jsonw_start_object(json_wtr);
	jsonw_bool_field(json_wtr, "counting", users);
	jsonw_uint_field(json_wtr, "users", users);
	if (pinned)
		jsonw_string_field(json_wtr, "pinned", XDP_STATS_PIN);
	jsonw_end_object(json_wtr);
}

static void show_counting_plain(__u64 users, bool pinned)
{
	if (!users)
		printf("off\n");
	else
		printf("on, by %llu map%s%s\n", (unsigned long long)users, users == 1 ? "" : "s",
		       pinned ? ", pinned at " XDP_STATS_PIN : "");
}

/* What is pinned need not be what has packets counted, so that is said of an own one only. */
static int do_counting(int argc, char **argv)
{
	struct ctrl_source src;
	__u64 users;
	bool pinned;
	int err;

	if (ctrl_no_more_args(argc, argv))
		return -1;
	/* who may not look at what is pinned hears that, not that nothing is */
	err = ctrl_source_open(&src, BPF_CTRL_XDP_STATS, "xdp_stats");
	ctrl_source_close(&src);
	if (!err)
		err = ctrl_type_users(BPF_CTRL_XDP_STATS, &users);
	if (err)
		return err;
	pinned = users && ctrl_pin_exists(XDP_STATS_PIN);
	if (json_output)
		show_counting_json(users, pinned);
	else
		show_counting_plain(users, pinned);
	return 0;
}

static int do_help(int argc, char **argv)
{
	static const char text[] =
		"Usage: %1$s ctrl xdp { show | list } [dev NAME] [all]\n"
		"       %1$s ctrl xdp stats [dev NAME] [all] [watch [interval S] [count N]]\n"
		"       %1$s ctrl xdp counting\n"
		"       %1$s ctrl xdp metadata dev NAME [format c]\n"
		"       %1$s ctrl xdp set { ATTRIBUTE | help }\n"
		"       %1$s ctrl xdp help\n"
		"\n"
		"       'counting' says whether XDP is counted now, see 'set stats'.\n"
		"       Devices that never ran XDP are left out unless 'all' is given.\n"
		"       In tables, 12.3k is 12300 to 12399 and '-' is not counted. RINGS are\n"
		"       redirect rings and, if known, their size, '-' if there can be none; MD is\n"
		"       metadata in front of packets. 'format c' is a header for programs that\n"
		"       read it.\n";

	return ctrl_help(text);
}

static const struct cmd cmds[] = {
	{ "show",	do_show },
	{ "list",	do_show },
	{ "help",	do_help },
	{ "stats",	do_stats },
	{ "counting",	do_counting },
	{ "set",	do_xdp_set },
	{ "metadata",	do_xdp_metadata },
	{ 0 }
};

int do_ctrl_xdp(int argc, char **argv)
{
	return ctrl_select(cmds, argc, argv);
}
