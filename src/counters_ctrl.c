// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The counters of values of any control type.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counters_ctrl.h"
#include "value_ctrl.h"

#define MAX_COUNTERS	4096

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

struct reader {
	ctrl_counter_fn fn;
	void *ctx;
	size_t pos;
};

static void read_counters(const struct ctrl_layout *layout, const void *data,
			  struct reader *r);

static void read_members(const struct ctrl_layout *layout, const void *data,
			 struct reader *r)
{
	const struct ctrl_layout *m = layout->members;
	const struct ctrl_layout *end = m + layout->nr_members;
	const void *inner;

	for (; m < end; m++) {
		inner = data && !ctrl_layout_is_hidden(m, data) &&
			!ctrl_mask_bit_read(&m->settable, data) ? data + m->offset : NULL;
		read_counters(m, inner, r);
	}
}

/*
 * Visits all counters there may be, always in the same order; without data none is
 * known.
 */
static void read_counters(const struct ctrl_layout *layout, const void *data,
			  struct reader *r)
{
	const struct ctrl_layout *m = layout->members;
	__u32 i;

	if (is_counter(layout)) {
		if (data)
			r->fn(r->pos, ctrl_layout_read(layout, data), r->ctx);
		r->pos++;
	} else if (layout->kind == CTRL_KIND_STRUCT) {
		read_members(layout, data, r);
	} else if (layout->kind == CTRL_KIND_ARRAY && has_counters(m)) {
		for (i = 0; i < layout->nr_elems; i++)
			read_counters(m, data ? data + i * m->size : NULL, r);
	}
}

void ctrl_counters_read(const struct ctrl_layout *layout, const void *value,
			ctrl_counter_fn fn, void *ctx)
{
	struct reader r = { .fn = fn, .ctx = ctx };

	read_counters(layout, value, &r);
}

static int add_name(struct ctrl_counters *counters, const char *name)
{
	const char **names;

	if (counters->nr == MAX_COUNTERS)
		return -E2BIG;

	names = reallocarray(counters->names, counters->nr + 1, sizeof(*names));
	if (!names)
		return -ENOMEM;
	counters->names = names;
	names[counters->nr] = strdup(*name ? name : "value");
	if (!names[counters->nr])
		return -ENOMEM;
	counters->nr++;
	return 0;
}

static int name_counters(struct ctrl_counters *counters, const struct ctrl_layout *layout,
			 const char *name);

static int name_members(struct ctrl_counters *counters, const struct ctrl_layout *layout,
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
		err = name_counters(counters, m, name);
		free(name);
	}
	return err;
}

static int name_elements(struct ctrl_counters *counters, const struct ctrl_layout *layout,
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
		err = name_counters(counters, layout->members, name);
		free(name);
	}
	return err;
}

/* In the order of read_counters(). */
static int name_counters(struct ctrl_counters *counters, const struct ctrl_layout *layout,
			 const char *name)
{
	if (is_counter(layout))
		return add_name(counters, name);
	if (layout->kind == CTRL_KIND_STRUCT)
		return name_members(counters, layout, name);
	if (layout->kind == CTRL_KIND_ARRAY)
		return name_elements(counters, layout, name);
	return 0;
}

int ctrl_counters_name(const struct ctrl_layout *layout, struct ctrl_counters *counters)
{
	*counters = (struct ctrl_counters){};
	return name_counters(counters, layout, "");
}

void ctrl_counters_free(struct ctrl_counters *counters)
{
	while (counters->nr)
		free((char *)counters->names[--counters->nr]);
	free(counters->names);
}
