/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What numbers of control types are called as metrics, by the conventions of Prometheus. */
#ifndef __BPFTOOL_METRICS_NAMES_CTRL_H
#define __BPFTOOL_METRICS_NAMES_CTRL_H

#include <stdbool.h>
#include <stddef.h>

enum metric_kind {
	METRIC_NONE,		/* not to be shown */
	METRIC_COUNTER,
	METRIC_GAUGE,
};

struct metric_name {
	enum metric_kind kind;
	char *family;		/* without what is behind the name of a counter */
	char *help;
	const char *unit;	/* that the name ends with, or NULL */
	unsigned int decimals;	/* so many digits of the number are behind the point */
	/* what tells it from others of its family: NAME="VALUE",... or empty */
	char *labels;
	bool element;		/* it is one of an array */
};

/* metric_name_counter - name a counter
 * @type: the control type
 * @path: of the counter, as "ctrl dump" has it: known to this tool or not
 * @name: filled in; to be released with metric_name_free(), even on failure
 *
 * A 64-bit number that by its name is none that is counted, such as a cookie, is of
 * METRIC_NONE. Returns 0 or -ENOMEM.
 */
int metric_name_counter(const char *type, const char *path, struct metric_name *name);

/* metric_name_gauge - name the next number of a type that goes up and down
 * @i: from 0; those that this tool knows
 * @path: set to that of the number, or to NULL if there are no more
 * @when: set to that of what is 0 where the number says nothing, or to NULL
 *
 * Otherwise as metric_name_counter().
 */
int metric_name_gauge(const char *type, size_t i, const char **path, const char **when,
		      struct metric_name *name);

void metric_name_free(struct metric_name *name);

/* metric_type_switch - the metric that says whether what a type has is counted
 * @help: set
 *
 * Returns NULL if nothing is switched.
 */
const char *metric_type_switch(const char *type, const char **help);

/* metric_sanitize - make any name one that a metric and a label can have, in place */
void metric_sanitize(char *name);

#endif /* __BPFTOOL_METRICS_NAMES_CTRL_H */
