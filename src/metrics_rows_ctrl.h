/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The numbers of a control type's objects that are metrics: a row for each object. */
#ifndef __BPFTOOL_METRICS_ROWS_CTRL_H
#define __BPFTOOL_METRICS_ROWS_CTRL_H

#include <stdio.h>

#include "metrics_names_ctrl.h"
#include "value_ctrl.h"

struct ctrl_source;

#define METRIC_MAX_DEPTH	4

/* A number that objects have. */
struct metric {
	struct metric_name name;
	size_t family;		/* the first that has its family */
	/* of a gauge: the members that lead to it, NULL behind the last */
	const struct ctrl_layout *steps[METRIC_MAX_DEPTH + 1];
};

/* A part of a key, or a string in a value */
struct metric_label {
	char *name;
	struct ctrl_field field;
	const struct ctrl_layout *member;	/* of the value; NULL: of the key */
};

/* One allocation, with all that it points to */
struct metric_row {
	__u64 *numbers;
	bool *known;
	char *labels;
	bool repeated;		/* a later row has the same labels */
};

struct metrics {
	struct ctrl_source *src;
	bool all;		/* also objects of which all numbers are 0 */
	struct metric *metrics;
	size_t nr_counters;	/* these come first, as ctrl_counters_read() has them */
	size_t nr;
	struct metric_label *labels;
	size_t nr_labels;
	struct metric_row **rows;
	size_t nr_rows;
	size_t max_rows;
	struct metric_row *scratch;	/* of the object that is read */
	FILE *out;		/* its labels, in text */
	char *text;
	size_t text_len;
};

/* metrics_describe - find out what numbers a type has
 * @m: src, whose BTF is loaded, and all are set; to be released with metrics_free(), even
 *	on failure
 *
 * Returns 0 or a negative errno (reported).
 */
int metrics_describe(struct metrics *m);

/* metrics_read - read them, of all objects
 *
 * Returns 0 or a negative errno (reported).
 */
int metrics_read(struct metrics *m);

void metrics_free(struct metrics *m);

#endif /* __BPFTOOL_METRICS_ROWS_CTRL_H */
