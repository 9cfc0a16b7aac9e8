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
#include <linux/if_link.h>
#include <linux/netdev.h>

#include <bpf/bpf.h>

#include "ctrl.h"
#include "main.h"

#define STATS_PIN	"/sys/fs/bpf/bpftool_ctrl_xdp_stats"
#define CELL_LEN	128

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
};

struct xdp_row {
	char name[IF_NAMESIZE];
	const struct ctrl_netdev *dev;	/* NULL unless attrs */
	__u64 valid;
	__u64 counters[NR_COUNTERS];
};

struct xdp_walk {
	const struct xdp_request *req;
	struct ctrl_netdev *devs;	/* all of them, ascending, if attrs */
	size_t nr_devs;
	struct xdp_row *rows;		/* what is to be shown as a table */
	size_t nr_rows;
	size_t max_rows;
	bool counted;			/* some counter is not 0 */
};

struct xdp_column {
	const char *title;
	void (*cell)(const struct xdp_row *row, unsigned int arg,
		     char text[CELL_LEN]);
	unsigned int arg;
	bool left;
};

/* in the order of the bits of enum netdev_xdp_act */
static const char * const feature_names[] = {
	"basic", "redirect", "ndo-xmit", "xsk-zerocopy", "hw-offload", "rx-sg",
	"ndo-xmit-sg",
};

static const char * const mode_names[] = {
	[XDP_ATTACHED_NONE]	= "none",
	[XDP_ATTACHED_DRV]	= "native",
	[XDP_ATTACHED_SKB]	= "generic",
	[XDP_ATTACHED_HW]	= "offload",
	[XDP_ATTACHED_MULTI]	= "multi",
};

static const char *mode_name(const struct ctrl_netdev *dev)
{
	return dev->attached < ARRAY_SIZE(mode_names) ?
	       mode_names[dev->attached] : "unknown";
}

/* Bits that this tool has no name for are shown as numbers. */
static void feature_name(unsigned int bit, char text[CELL_LEN])
{
	if (bit < ARRAY_SIZE(feature_names))
		snprintf(text, CELL_LEN, "%s", feature_names[bit]);
	else
		snprintf(text, CELL_LEN, "0x%llx", 1ULL << bit);
}

/*
 * Up to 9999 exact, then three digits and a power of 1000, rounded down so that
 * nothing is shown as more than it is: 12345 is 12.3k.
 */
static void format_number(__u64 number, char text[CELL_LEN])
{
	static const char units[] = "kMGTPE";
	__u64 unit = 1000, whole;
	unsigned int i = 0;

	if (number < 10000) {
		snprintf(text, CELL_LEN, "%llu", number);
		return;
	}

	while (number / unit >= 1000) {
		unit *= 1000;
		i++;
	}
	whole = number / unit;
	if (whole >= 100)
		snprintf(text, CELL_LEN, "%llu%c", whole, units[i]);
	else if (whole >= 10)
		snprintf(text, CELL_LEN, "%llu.%llu%c", whole,
			 number % unit / (unit / 10), units[i]);
	else
		snprintf(text, CELL_LEN, "%llu.%02llu%c", whole,
			 number % unit / (unit / 100), units[i]);
}

static void name_cell(const struct xdp_row *row, unsigned int arg,
		      char text[CELL_LEN])
{
	snprintf(text, CELL_LEN, "%s", row->name);
}

static void counter_cell(const struct xdp_row *row, unsigned int arg,
			 char text[CELL_LEN])
{
	if (row->valid >> arg & 1)
		format_number(row->counters[arg], text);
	else
		snprintf(text, CELL_LEN, "-");
}

static void mode_cell(const struct xdp_row *row, unsigned int arg,
		      char text[CELL_LEN])
{
	snprintf(text, CELL_LEN, "%s", mode_name(row->dev));
}

static void append(char text[CELL_LEN], const char *sep, const char *word)
{
	size_t len = strlen(text);

	snprintf(text + len, CELL_LEN - len, "%s%s", len ? sep : "", word);
}

static void prog_cell(const struct xdp_row *row, unsigned int arg,
		      char text[CELL_LEN])
{
	const struct ctrl_netdev *dev = row->dev;
	const __u32 ids[] = {
		dev->drv_prog_id, dev->skb_prog_id, dev->hw_prog_id,
	};
	char id[CELL_LEN];
	size_t i;

	*text = '\0';
	if (dev->attached == XDP_ATTACHED_MULTI) {
		for (i = 0; i < ARRAY_SIZE(ids); i++) {
			snprintf(id, sizeof(id), "%u", ids[i]);
			if (ids[i])
				append(text, ",", id);
		}
	} else if (dev->attached != XDP_ATTACHED_NONE) {
		snprintf(text, CELL_LEN, "%u", dev->prog_id);
	}
	if (!*text)
		snprintf(text, CELL_LEN, "-");
}

static void features_cell(const struct xdp_row *row, unsigned int arg,
			  char text[CELL_LEN])
{
	char name[CELL_LEN];
	unsigned int bit;

	*text = '\0';
	for (bit = 0; bit < 64; bit++) {
		if (!(row->dev->features >> bit & 1))
			continue;
		feature_name(bit, name);
		append(text, ",", name);
	}
	if (!*text)
		snprintf(text, CELL_LEN, "-");
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
	{ "MODE",	mode_cell,	0, true },
	{ "PROG",	prog_cell },
	{ "PACKETS",	counter_cell,	COUNTER(packets) },
	{ "BYTES",	counter_cell,	COUNTER(bytes) },
	{ "DROP",	counter_cell,	COUNTER(drop) },
	{ "PASS",	counter_cell,	COUNTER(pass) },
	{ "TX",		counter_cell,	COUNTER(tx) },
	{ "REDIRECT",	counter_cell,	COUNTER(redirect) },
	{ "XMIT",	counter_cell,	COUNTER(xmit_packets) },
	{ "FEATURES",	features_cell,	0, true },
	{}
};

static int column_width(const struct xdp_column *col,
			const struct xdp_walk *walk)
{
	size_t width = strlen(col->title), i;
	char text[CELL_LEN];

	for (i = 0; i < walk->nr_rows; i++) {
		col->cell(&walk->rows[i], col->arg, text);
		if (strlen(text) > width)
			width = strlen(text);
	}
	return width;
}

/* The last column is not padded: no blanks at the end of a line. */
static void print_cell(const struct xdp_column *col, int width, const char *text)
{
	bool last = !col[1].title;

	if (col->left)
		width = last ? 0 : -width;
	printf("%*s%s", width, text, last ? "\n" : "  ");
}

static void print_table(const struct xdp_column *columns,
			const struct xdp_walk *walk)
{
	int width[ARRAY_SIZE(stats_columns)];
	const struct xdp_column *col;
	char text[CELL_LEN];
	size_t i;

	BUILD_BUG_ON(ARRAY_SIZE(show_columns) > ARRAY_SIZE(width));

	for (col = columns; col->title; col++) {
		width[col - columns] = column_width(col, walk);
		print_cell(col, width[col - columns], col->title);
	}
	for (i = 0; i < walk->nr_rows; i++) {
		for (col = columns; col->title; col++) {
			col->cell(&walk->rows[i], col->arg, text);
			print_cell(col, width[col - columns], text);
		}
	}
}

static int add_row(struct xdp_walk *walk, const struct xdp_row *row)
{
	size_t max = walk->max_rows ? walk->max_rows * 2 : 64;
	struct xdp_row *rows;

	if (walk->nr_rows == walk->max_rows) {
		rows = realloc(walk->rows, max * sizeof(*rows));
		if (!rows) {
			p_err("mem alloc failed");
			return -ENOMEM;
		}
		walk->rows = rows;
		walk->max_rows = max;
	}
	walk->rows[walk->nr_rows++] = *row;
	return 0;
}

static void show_prog_json(const struct ctrl_netdev *dev)
{
	const struct {
		const char *mode;
		__u32 id;
	} progs[] = {
		{ mode_names[XDP_ATTACHED_DRV],	dev->drv_prog_id },
		{ mode_names[XDP_ATTACHED_SKB],	dev->skb_prog_id },
		{ mode_names[XDP_ATTACHED_HW],	dev->hw_prog_id },
	};
	size_t i;

	jsonw_string_field(json_wtr, "mode", mode_name(dev));
	if (dev->attached == XDP_ATTACHED_NONE)
		return;
	if (dev->attached != XDP_ATTACHED_MULTI) {
		jsonw_uint_field(json_wtr, "prog_id", dev->prog_id);
		return;
	}

	jsonw_name(json_wtr, "progs");
	jsonw_start_array(json_wtr);
	for (i = 0; i < ARRAY_SIZE(progs); i++) {
		if (!progs[i].id)
			continue;
		jsonw_start_object(json_wtr);
		jsonw_string_field(json_wtr, "mode", progs[i].mode);
		jsonw_uint_field(json_wtr, "prog_id", progs[i].id);
		jsonw_end_object(json_wtr);
	}
	jsonw_end_array(json_wtr);
}

static void show_features_json(const struct ctrl_netdev *dev)
{
	char name[CELL_LEN];
	unsigned int bit;

	if (!dev->has_features)
		return;

	jsonw_name(json_wtr, "features");
	jsonw_start_array(json_wtr);
	for (bit = 0; bit < 64; bit++) {
		if (!(dev->features >> bit & 1))
			continue;
		feature_name(bit, name);
		jsonw_string(json_wtr, name);
	}
	jsonw_end_array(json_wtr);
}

static int show_row_json(struct ctrl_source *src, const struct xdp_row *row,
			 __u32 ifindex, const void *value)
{
	int err;

	jsonw_start_object(json_wtr);
	jsonw_uint_field(json_wtr, "ifindex", ifindex);
	jsonw_string_field(json_wtr, "ifname", row->name);
	if (row->dev) {
		show_prog_json(row->dev);
		show_features_json(row->dev);
	}
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

static int cmp_ifindex(const void *key, const void *dev)
{
	__u32 a = *(const __u32 *)key;
	__u32 b = ((const struct ctrl_netdev *)dev)->ifindex;

	return a < b ? -1 : a > b;
}

/* Returns false if the device has gone, or has come, since it was listed. */
static bool identify_row(struct ctrl_source *src, const struct xdp_walk *walk,
			 __u32 ifindex, struct xdp_row *row)
{
	if (!walk->req->attrs)
		return ctrl_source_ifname(src, ifindex, row->name);

	row->dev = bsearch(&ifindex, walk->devs, walk->nr_devs,
			   sizeof(*walk->devs), cmp_ifindex);
	if (!row->dev)
		return false;
	memcpy(row->name, row->dev->name, sizeof(row->name));
	return true;
}

static int show_entry(struct ctrl_source *src, const void *key,
		      const void *value, void *ctx)
{
	struct xdp_walk *walk = ctx;
	const struct xdp_request *req = walk->req;
	struct xdp_row row = {};
	bool wanted, counted;
	__u32 ifindex;

	memcpy(&ifindex, key, sizeof(ifindex));
	counted = read_counters(src, value, &row);
	walk->counted |= counted;
	wanted = counted || req->all || req->dev;
	if (!wanted && !req->attrs)
		return 0;
	if (!identify_row(src, walk, ifindex, &row))
		return 0;
	if (!wanted && row.dev->attached == XDP_ATTACHED_NONE)
		return 0;

	return json_output ? show_row_json(src, &row, ifindex, value) :
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
	if (access(STATS_PIN, F_OK))
		p_info("XDP is counted while this is on: %s ctrl xdp set stats on",
		       bin_name);
	else if (!walk->nr_rows)
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
		print_table(walk->req->attrs ? show_columns : stats_columns,
			    walk);
	ctrl_output_end();

	if (!err)
		explain_nothing(walk);
	return err;
}

static int open_stats(struct ctrl_source *src)
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
	struct xdp_walk walk = { .req = req };
	struct ctrl_source src;
	int err;

	err = open_stats(&src);
	if (!err && req->attrs)
		err = ctrl_netdevs_get(req->ifindex, &walk.devs, &walk.nr_devs);
	if (!err)
		err = show_rows(&src, &walk);
	free(walk.rows);
	free(walk.devs);
	ctrl_source_close(&src);
	return err;
}

static int parse_dev(int *argc, char ***argv, struct xdp_request *req)
{
	if (req->dev) {
		p_err("device already specified");
		return -1;
	}
	if (*argc < 2) {
		p_err("'dev' needs the name of a device");
		return -1;
	}
	NEXT_ARGP();

	req->dev = **argv;
	req->ifindex = if_nametoindex(req->dev);
	if (!req->ifindex) {
		p_err("can't find device '%s': %s", req->dev, strerror(errno));
		return -1;
	}
	NEXT_ARGP();
	return 0;
}

static int parse_request(int argc, char **argv, struct xdp_request *req)
{
	while (argc) {
		if (is_prefix(*argv, "dev")) {
			if (parse_dev(&argc, &argv, req))
				return -1;
		} else if (is_prefix(*argv, "all")) {
			req->all = true;
			NEXT_ARG();
		} else {
			p_err("expected 'dev' or 'all', got: '%s'", *argv);
			return -1;
		}
	}
	return 0;
}

static int do_show(int argc, char **argv)
{
	struct xdp_request req = { .attrs = true };

	return parse_request(argc, argv, &req) ?: xdp_ctrl_show(&req);
}

static int do_stats(int argc, char **argv)
{
	struct xdp_request req = {};

	return parse_request(argc, argv, &req) ?: xdp_ctrl_show(&req);
}

/* Returns 1 if the pin is there and ours, 0 if there is none, -1 (reported). */
static int check_stats_pin(void)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int fd, err;

	fd = bpf_obj_get(STATS_PIN);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0) {
		p_err("can't open %s: %s", STATS_PIN, strerror(-fd));
		return -1;
	}

	err = get_fd_type(fd) == BPF_OBJ_MAP ?
	      bpf_map_get_info_by_fd(fd, &info, &len) : -EINVAL;
	close(fd);
	if (!err && info.type == BPF_MAP_TYPE_CONTROL &&
	    info.map_extra == BPF_CTRL_XDP_STATS)
		return 1;

	p_err("can't use %s: it is not a control map for XDP statistics",
	      STATS_PIN);
	return -1;
}

static int stats_on(void)
{
	int pinned;

	pinned = check_stats_pin();
	if (pinned)
		return pinned < 0 ? pinned : 0;

	return ctrl_map_pin(BPF_CTRL_XDP_STATS, "xdp_stats", STATS_PIN);
}

static int stats_off(void)
{
	struct ctrl_source src;
	int err, pinned;

	pinned = check_stats_pin();
	if (pinned < 0)
		return pinned;
	if (!pinned) {
		/* already off, unless there is nothing to switch */
		err = ctrl_source_open(&src, BPF_CTRL_REGISTRY, "registry");
		ctrl_source_close(&src);
		return err;
	}

	if (unlink(STATS_PIN) && errno != ENOENT) {
		p_err("can't remove %s: %s", STATS_PIN, strerror(errno));
		return -1;
	}
	return 0;
}

static int do_set_stats(int argc, char **argv)
{
	bool on;
	int err;

	if (!REQ_ARGS(1))
		return -1;
	on = !strcmp(*argv, "on");
	if (!on && strcmp(*argv, "off")) {
		p_err("expected 'on' or 'off', got: '%s'", *argv);
		return -1;
	}
	NEXT_ARG();
	if (argc) {
		p_err("unexpected word '%s'", *argv);
		return -1;
	}

	err = on ? stats_on() : stats_off();
	if (!err && json_output)
		jsonw_null(json_wtr);
	return err;
}

static int do_set_help(int argc, char **argv)
{
	if (json_output) {
		jsonw_null(json_wtr);
		return 0;
	}

	fprintf(stderr,
		"Usage: %1$s ctrl xdp set stats { on | off }\n"
		"       %1$s ctrl xdp set help\n"
		"\n"
		"       'stats on' keeps XDP counted on all devices by pinning a map at\n"
		"       %2$s, 'stats off' removes it\n"
		"       " HELP_SPEC_OPTIONS " |\n"
		"                    {-n|--nomount} }\n"
		"",
		bin_name, STATS_PIN);

	return 0;
}

static const struct cmd set_cmds[] = {
	{ "stats",	do_set_stats },
	{ "help",	do_set_help },
	{ 0 }
};

static int do_set(int argc, char **argv)
{
	if (!REQ_ARGS(1))
		return -1;

	return cmd_select(set_cmds, argc, argv, ctrl_unknown_cmd);
}

static int do_help(int argc, char **argv)
{
	if (json_output) {
		jsonw_null(json_wtr);
		return 0;
	}

	fprintf(stderr,
		"Usage: %1$s ctrl xdp { show | list } [dev NAME] [all]\n"
		"       %1$s ctrl xdp stats [dev NAME] [all]\n"
		"       %1$s ctrl xdp set stats { on | off }\n"
		"       %1$s ctrl xdp help\n"
		"\n"
		"       Devices that never ran XDP are left out unless 'all' is given.\n"
		"       In tables, 12.3k is 12300 to 12399 and '-' is not counted.\n"
		"       " HELP_SPEC_OPTIONS " |\n"
		"                    {-n|--nomount} }\n"
		"",
		bin_name);

	return 0;
}

static const struct cmd cmds[] = {
	{ "show",	do_show },
	{ "list",	do_show },
	{ "help",	do_help },
	{ "stats",	do_stats },
	{ "set",	do_set },
	{ 0 }
};

int do_ctrl_xdp(int argc, char **argv)
{
	return cmd_select(cmds, argc, argv, ctrl_unknown_cmd);
}
