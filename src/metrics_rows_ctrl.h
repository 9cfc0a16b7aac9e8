/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The numbers of a control type's objects that are metrics, and their samples. */
#ifndef __BPFTOOL_METRICS_ROWS_CTRL_H
#define __BPFTOOL_METRICS_ROWS_CTRL_H

#include <linux/bits.h>
#include <stdio.h>

#include "metrics_names_ctrl.h"
#include "metrics_samples_ctrl.h"
#include "value_ctrl.h"

struct ctrl_source;
struct metrics_text;

#define METRIC_MAX_DEPTH	4

/* Behind 10,000 labels one of some 40,000 new ones is taken for one that was there. */
#define METRICS_FILTER_SHIFT	20
#define METRICS_FILTER_BITS	BIT(METRICS_FILTER_SHIFT)
#define METRICS_FILTER_BYTES	(METRICS_FILTER_BITS / 8)

/* The members that lead to a number in a value, NULL behind the last */
struct metric_path {
	const struct ctrl_layout *steps[METRIC_MAX_DEPTH + 1];
};

/* A number that objects have. */
struct metric {
	struct metric_name name;
	size_t family;		/* the first that has its family, and the samples */
	struct metrics_samples samples;
	/* of a gauge: where it is, and what is 0 where it says nothing, if there is such */
	struct metric_path path;
	struct metric_path when;
};

/* A part of a key, or a string in a value */
struct metric_label {
	char *name;
	struct ctrl_field field;
	const struct ctrl_layout *member;	/* of the value; NULL: of the key */
};

struct metrics {
	struct ctrl_source *src;
	struct metrics_text *text;
	bool all;		/* also objects of which all numbers are 0 */
	unsigned char *filter;	/* of the labels of all types so far, 0 at first */
	struct metric *metrics;
	size_t nr_counters;	/* these come first, as ctrl_counters_read() has them */
	size_t nr;
	struct metric_label *labels;
	size_t nr_labels;
	/* of the object that is read */
	__u64 *numbers;
	bool *known;
	FILE *out;		/* its labels, in line */
	char *line;
	size_t line_len;
	bool has_names;		/* as labels, which others might have, too */
};

/* metrics_describe - find out what numbers a type has
 * @m: src, whose BTF is loaded, text, all and filter are set; to be released with
 *	metrics_free(), even on failure
 *
 * Returns 0 or a negative errno (reported).
 */
int metrics_describe(struct metrics *m);

/* metrics_show - write those of all objects
 *
 * Returns 0 or a negative errno (reported).
 */
int metrics_show(struct metrics *m);

void metrics_free(struct metrics *m);

#endif /* __BPFTOOL_METRICS_ROWS_CTRL_H */
