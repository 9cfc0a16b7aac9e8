/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_WATCH_SAMPLE_CTRL_H
#define __BPFTOOL_WATCH_SAMPLE_CTRL_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/types.h>

#include "source_ctrl.h"

/* The words "[interval S] [count N]". */
struct watch_options {
	__u64 interval_ns;	/* 0: not given, a second */
	__u64 count;		/* 0: not given, for ever */
};

struct watch_counter {
	__u64 value;
	__u64 delta;
	__u64 total;		/* of all deltas */
	double rate;		/* per second */
	bool known;		/* value is: it is counted */
	bool has_delta;		/* delta and rate are: there was a value before */
};

/* A key in the last sample, and its counters. */
struct watch_row {
	const void *key;
	const void *value;
	const void *before;	/* the value of this key in the sample before, or NULL */
	struct watch_counter *counters;
};

struct watch;

/* How a control type, or any, is watched. */
struct watch_view {
	/* the counters of a value: sets known and value of all */
	void (*read)(const struct watch *w, const void *value,
		     struct watch_counter *counters);
	/* is this row to be shown? NULL: all are */
	bool (*wanted)(const struct watch *w, const struct watch_row *row);
	/* a table of rows for people, that has so many lines; 0 or a negative errno */
	int (*table)(struct watch *w, FILE *out, unsigned int lines);
	/* which row it is, for people */
	void (*name)(struct watch *w, FILE *out, const struct watch_row *row);
	/* a line for people that is one row, without its end */
	void (*line)(struct watch *w, FILE *out, const struct watch_row *row);
	/* the fields of a JSON object that come before those of all views */
	void (*json)(struct watch *w, const struct watch_row *row);
};

struct watch_sample {
	__u64 time_ns;
	void *entries;		/* key and value, key and value, ... */
	const void **sorted;	/* by the bytes of the key */
	__u64 *totals;		/* of each counter of each entry */
	size_t nr;
	size_t max;
};

struct watch {
	/* given by the caller of watch_run() */
	struct ctrl_source *src;
	const struct watch_view *view;
	const struct watch_options *opts;
	const void *key;	/* only this one, or NULL */
	const char *what;	/* what the key is, for messages */
	const char *title;	/* of the table */
	const char **names;	/* of the counters */
	size_t nr_counters;
	void *ctx;
	/* its own */
	__u64 start_ns;
	struct watch_sample cur;
	struct watch_sample prev;
	struct watch_row *rows;	/* of cur, those that are wanted */
	struct watch_counter *counters;
	size_t nr_rows;
};

/* watch_parse_options - take the words "interval S" and "count N", all there are
 *
 * Returns 0, or -1 (reported), also if another word comes.
 */
int watch_parse_options(int argc, char **argv, struct watch_options *opts);

/* watch_run - show samples until there were enough, and then what came meanwhile
 *
 * Returns 0 or a negative errno (reported).
 */
int watch_run(struct watch *w);

/* watch_has_changed - has a counter of this row another value than before? */
bool watch_has_changed(const struct watch *w, const struct watch_row *row);

#endif /* __BPFTOOL_WATCH_SAMPLE_CTRL_H */
