// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl xdp: XDP on network devices.
 *
 * JSON has whatever the kernel's BTF describes. The tables know the counters of
 * struct bpf_ctrl_xdp_stats, as many of them as the kernel has.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctrl.h"
#include "main.h"
#include "xdp_ctrl.h"

/* Position among the counters; also the bit in bpf_ctrl_xdp_stats.valid. */
#define COUNTER(name)							\
	((offsetof(struct bpf_ctrl_xdp_stats, name) -			\
	  offsetof(struct bpf_ctrl_xdp_stats, packets)) / sizeof(__u64))
#define NR_COUNTERS							\
	((sizeof(struct bpf_ctrl_xdp_stats) -				\
	  offsetof(struct bpf_ctrl_xdp_stats, packets)) / sizeof(__u64))

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
	__u64 valid;
	__u64 counters[NR_COUNTERS];
};

/*
 * Rows whose cells are aligned with each other. There may be many more devices: then
 * these are printed, and memory does not grow with their number.
 */
#define MAX_ROWS	512
#define MAX_COLUMNS	16

struct xdp_walk {
	const struct xdp_request *req;
	struct ctrl_source attrs;	/* if attrs */
	struct xdp_row *rows;		/* of a table, not yet printed */
	size_t nr_rows;
	int width[MAX_COLUMNS];
	bool printed;			/* some rows, and the titles */
	bool counted;			/* some counter is not 0 */
};

struct xdp_column {
	const char *title;
	void (*cell)(const struct xdp_row *row, unsigned int arg,
		     char text[XDP_CELL_LEN]);
	unsigned int arg;
	bool left;
};

void xdp_format_number(__u64 number, char text[XDP_CELL_LEN])
{
	static const char units[] = "kMGTPE";
	__u64 unit = 1000, whole;
	unsigned int i = 0;

	if (number < 10000) {
		snprintf(text, XDP_CELL_LEN, "%llu", number);
		return;
	}

	while (number / unit >= 1000) {
		unit *= 1000;
		i++;
	}
	whole = number / unit;
	if (whole >= 100)
		snprintf(text, XDP_CELL_LEN, "%llu%c", whole, units[i]);
	else if (whole >= 10)
		snprintf(text, XDP_CELL_LEN, "%llu.%llu%c", whole,
			 number % unit / (unit / 10), units[i]);
	else
		snprintf(text, XDP_CELL_LEN, "%llu.%02llu%c", whole,
			 number % unit / (unit / 100), units[i]);
}

static void name_cell(const struct xdp_row *row, unsigned int arg,
		      char text[XDP_CELL_LEN])
{
	snprintf(text, XDP_CELL_LEN, "%s", row->name);
}

static void counter_cell(const struct xdp_row *row, unsigned int arg,
			 char text[XDP_CELL_LEN])
{
	if (row->valid >> arg & 1)
		xdp_format_number(row->counters[arg], text);
	else
		snprintf(text, XDP_CELL_LEN, "-");
}

static void attr_cell(const struct xdp_row *row, unsigned int arg,
		      char text[XDP_CELL_LEN])
{
	xdp_attr_text(&row->attr, arg, text);
}

static const struct xdp_column stats_columns[] = {
	{ "DEV",	name_cell,	0, true },
	{ "PACKETS",	counter_cell,	COUNTER(packets) },
	{ "BYTES",	counter_cell,	COUNTER(bytes) },
	{ "ABORTED",	counter_cell,	COUNTER(aborted) },
	{ "DROP",	counter_cell,	COUNTER(drop) },
	{ "PASS",	counter_cell,	COUNTER(pass) },
	{ "TX",		counter_cell,	COUNTER(tx) },
	{ "REDIRECT",	counter_cell,	COUNTER(redirect) },
	{ "REDIR-ERR",	counter_cell,	COUNTER(redirect_errors) },
	{ "INVALID",	counter_cell,	COUNTER(invalid) },
	{ "XMIT",	counter_cell,	COUNTER(xmit_packets) },
	{ "XMIT-BYTES",	counter_cell,	COUNTER(xmit_bytes) },
	{ "XMIT-DROP",	counter_cell,	COUNTER(xmit_drops) },
	{}
};

static const struct xdp_column show_columns[] = {
	{ "DEV",	name_cell,	0, true },
	{ "MODE",	attr_cell,	XDP_ATTR_MODE, true },
	{ "PROG",	attr_cell,	XDP_ATTR_PROG },
	{ "PACKETS",	counter_cell,	COUNTER(packets) },
	{ "BYTES",	counter_cell,	COUNTER(bytes) },
	{ "DROP",	counter_cell,	COUNTER(drop) },
	{ "PASS",	counter_cell,	COUNTER(pass) },
	{ "TX",		counter_cell,	COUNTER(tx) },
	{ "REDIRECT",	counter_cell,	COUNTER(redirect) },
	{ "XMIT",	counter_cell,	COUNTER(xmit_packets) },
	{ "MD",		attr_cell,	XDP_ATTR_MD, true },
	{ "RINGS",	attr_cell,	XDP_ATTR_RINGS },
	{ "FEATURES",	attr_cell,	XDP_ATTR_FEATURES, true },
	{}
};

/* At least what it was for the rows before */
static void widen_column(const struct xdp_column *col, const struct xdp_walk *walk,
			 int *width)
{
	char text[XDP_CELL_LEN];
	int len;
	size_t i;

	for (i = 0; i < walk->nr_rows; i++) {
		col->cell(&walk->rows[i], col->arg, text);
		len = strlen(text);
		if (len > *width)
			*width = len;
	}
}

/* The last column is not padded: no blanks at the end of a line. */
static void print_cell(const struct xdp_column *col, int width, const char *text)
{
	bool last = !col[1].title;

	if (col->left)
		width = last ? 0 : -width;
	printf("%*s%s", width, text, last ? "\n" : "  ");
}

static void print_titles(const struct xdp_column *columns, struct xdp_walk *walk)
{
	const struct xdp_column *col;

	for (col = columns; col->title; col++)
		print_cell(col, walk->width[col - columns], col->title);
	walk->printed = true;
}

static void print_rows(struct xdp_walk *walk)
{
	const struct xdp_column *columns, *col;
	char text[XDP_CELL_LEN];
	int *width = walk->width;
	size_t i;

	BUILD_BUG_ON(ARRAY_SIZE(stats_columns) > MAX_COLUMNS);
	BUILD_BUG_ON(ARRAY_SIZE(show_columns) > MAX_COLUMNS);

	columns = walk->req->attrs ? show_columns : stats_columns;
	for (col = columns; col->title; col++) {
		if (!walk->printed)
			width[col - columns] = strlen(col->title);
		widen_column(col, walk, &width[col - columns]);
	}
	if (!walk->printed)
		print_titles(columns, walk);
	for (i = 0; i < walk->nr_rows; i++) {
		for (col = columns; col->title; col++) {
			col->cell(&walk->rows[i], col->arg, text);
			print_cell(col, width[col - columns], text);
		}
	}
	walk->nr_rows = 0;
}

static int add_row(struct xdp_walk *walk, const struct xdp_row *row)
{
	if (!walk->rows)
		walk->rows = calloc(MAX_ROWS, sizeof(*walk->rows));
	if (!walk->rows) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	if (walk->nr_rows == MAX_ROWS)
		print_rows(walk);
	walk->rows[walk->nr_rows++] = *row;
	return 0;
}

static int show_row_json(struct ctrl_source *src, const struct xdp_walk *walk,
			 const struct xdp_row *row, __u32 ifindex, const void *value)
{
	int err;

	jsonw_start_object(json_wtr);
	jsonw_uint_field(json_wtr, "ifindex", ifindex);
	jsonw_string_field(json_wtr, "ifname", row->name);
	if (walk->req->attrs)
		xdp_attr_show_json(&row->attr, walk->attrs.method);
	jsonw_name(json_wtr, "stats");
	err = ctrl_value_dump_json(src, json_wtr, value);
	jsonw_end_object(json_wtr);
	if (err)
		p_err("can't show statistics of device %s by their BTF: %s",
		      row->name, strerror(-err));
	return err;
}

/* An older kernel has fewer counters: those it has not are not valid either. */
static bool read_counters(const struct ctrl_source *src, const void *value,
			  struct xdp_row *row)
{
	struct bpf_ctrl_xdp_stats stats = {};
	size_t i;

	memcpy(&stats, value, src->value_size < sizeof(stats) ?
			      src->value_size : sizeof(stats));
	row->valid = stats.valid;
	memcpy(row->counters, &stats.packets, sizeof(row->counters));

	for (i = 0; i < NR_COUNTERS; i++)
		if (row->counters[i])
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
	      strerror(-err));
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
	counted = read_counters(src, value, &row);
	walk->counted |= counted;
	wanted = counted || req->all || req->dev;
	if (!wanted && !req->attrs)
		return 0;
	ret = identify_row(src, walk, ifindex, &row);
	if (ret <= 0)
		return ret;
	if (!wanted && !in_use(&row.attr))
		return 0;

	return json_output ? show_row_json(src, walk, &row, ifindex, value) :
			     add_row(walk, &row);
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
		      err == -ENOENT ? "no such device" : strerror(-err));
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
	if (access(XDP_STATS_PIN, F_OK))
		p_info("XDP is counted while this is on: %s ctrl xdp set stats on",
		       bin_name);
	else if (!walk->printed)
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
	else if (!err && walk->nr_rows)
		print_rows(walk);
	ctrl_output_end();

	if (!err)
		explain_nothing(walk);
	return err;
}

int xdp_stats_open(struct ctrl_source *src)
{
	int err;

	err = ctrl_source_open(src, BPF_CTRL_XDP_STATS, "xdp_stats");
	if (!err && src->key_size != sizeof(__u32)) {
		p_err("can't use XDP statistics of this kernel: keys have %u bytes",
		      src->key_size);
		err = -EINVAL;
	}
	if (!err && json_output)
		err = ctrl_source_load_btf(src);
	return err;
}

static int xdp_ctrl_show(const struct xdp_request *req)
{
	struct xdp_walk walk = { .req = req, .attrs = { .fd = -1, .sock = -1 } };
	struct ctrl_source src;
	int err;

	err = xdp_stats_open(&src);
	if (!err && req->attrs)
		err = xdp_attr_open(&walk.attrs);
	if (!err)
		err = show_rows(&src, &walk);
	free(walk.rows);
	ctrl_source_close(&walk.attrs);
	ctrl_source_close(&src);
	return err;
}

int xdp_parse_dev(int *argc, char ***argv, const char **dev, __u32 *ifindex)
{
	if (*dev) {
		p_err("device already specified");
		return -1;
	}
	if (*argc < 2) {
		p_err("'dev' needs the name of a device");
		return -1;
	}
	NEXT_ARGP();

	*dev = **argv;
	*ifindex = if_nametoindex(*dev);
	if (!*ifindex) {
		p_err("can't find device '%s': %s", *dev, strerror(errno));
		return -1;
	}
	NEXT_ARGP();
	return 0;
}

static int parse_request(int argc, char **argv, struct xdp_request *req)
{
	while (argc && !req->watch) {
		if (is_prefix(*argv, "dev")) {
			if (xdp_parse_dev(&argc, &argv, &req->dev,
					  &req->ifindex))
				return -1;
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

	if (parse_request(argc, argv, &req))
		return -1;
	if (req.watch)
		return xdp_watch(req.dev, req.ifindex, req.all, &req.opts);
	return xdp_ctrl_show(&req);
}

static int do_help(int argc, char **argv)
{
	static const char text[] =
		"Usage: %1$s ctrl xdp { show | list } [dev NAME] [all]\n"
		"       %1$s ctrl xdp stats [dev NAME] [all] [watch [interval S] [count N]]\n"
		"       %1$s ctrl xdp metadata dev NAME [format c]\n"
		"       %1$s ctrl xdp set { ATTRIBUTE | help }\n"
		"       %1$s ctrl xdp help\n"
		"\n"
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
	{ "set",	do_xdp_set },
	{ "metadata",	do_xdp_metadata },
	{ 0 }
};

int do_ctrl_xdp(int argc, char **argv)
{
	return cmd_select(cmds, argc, argv, ctrl_unknown_cmd);
}
