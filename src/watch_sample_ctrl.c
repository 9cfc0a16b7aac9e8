// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Samples of counters, and how they are shown: a table that is redrawn on a
 * terminal, else a line for each key and sample, as JSON or for people.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "error_ctrl.h"
#include "main.h"
#include "number_ctrl.h"
#include "output_ctrl.h"
#include "watch_sample_ctrl.h"
#include "watch_screen_ctrl.h"

#define NSEC_PER_SEC	1000000000ULL
#define MIN_INTERVAL	0.01
#define MAX_INTERVAL	86400

/* A number, or one with a decimal point: neither signs nor exponents, "inf" or "nan" */
static double parse_seconds(const char *word)
{
	__u64 number;
	char *end;
	double seconds;

	if (!ctrl_number_parse(word, &number))
		return number;
	if (!isdigit(*word) || strspn(word, "0123456789.") != strlen(word))
		return 0;
	seconds = strtod(word, &end);
	return *end ? 0 : seconds;
}

static int parse_interval(const char *word, struct watch_options *opts)
{
	double seconds = parse_seconds(word);

	if (seconds < MIN_INTERVAL || seconds > MAX_INTERVAL) {
		p_err("interval '%s' is no number of seconds from %g to %d",
		      word, MIN_INTERVAL, MAX_INTERVAL);
		return -1;
	}
	opts->interval_ns = seconds * NSEC_PER_SEC;
	return 0;
}

static int parse_count(const char *word, struct watch_options *opts)
{
	if (!ctrl_number_parse(word, &opts->count) && opts->count)
		return 0;

	p_err("count '%s' is no number from 1 on", word);
	return -1;
}

static const struct watch_word {
	const char *word;
	int (*parse)(const char *word, struct watch_options *opts);
	size_t offset;
} words[] = {
	{ "interval",	parse_interval,	offsetof(struct watch_options, interval_ns) },
	{ "count",	parse_count,	offsetof(struct watch_options, count) },
	{}
};

int watch_parse_options(int argc, char **argv, struct watch_options *opts)
{
	const struct watch_word *w;

	while (argc) {
		for (w = words; w->word && !is_prefix(*argv, w->word); w++)
			;
		if (!w->word) {
			p_err("expected 'interval' or 'count', got: '%s'", *argv);
			return -1;
		}
		if (*(__u64 *)((void *)opts + w->offset)) {
			p_err("%s already specified", w->word);
			return -1;
		}
		NEXT_ARG();
		if (!argc) {
			p_err("'%s' needs a number", w->word);
			return -1;
		}
		if (w->parse(GET_ARG(), opts))
			return -1;
	}
	return 0;
}

static size_t entry_size(const struct ctrl_source *src)
{
	return src->key_size + src->value_size;
}

static int add_entry(struct ctrl_source *src, const void *key, const void *value,
		     void *ctx)
{
	struct watch_sample *sample = ctx;
	size_t size = entry_size(src);
	void *entry;

	if (sample->nr == sample->max) {
		sample->max = sample->max * 2 ?: 64;
		entry = reallocarray(sample->entries, sample->max, size);
		if (!entry) {
			p_err("mem alloc failed");
			return -ENOMEM;
		}
		sample->entries = entry;
	}

	entry = sample->entries + sample->nr++ * size;
	memcpy(entry, key, src->key_size);
	memcpy(entry + src->key_size, value, src->value_size);
	return 0;
}

static int read_one(struct watch *w, struct watch_sample *sample)
{
	void *value;
	int err;

	value = calloc(1, w->src->value_size);
	if (!value) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}

	err = ctrl_source_get(w->src, w->key, value);
	if (!err)
		err = add_entry(w->src, w->key, value, sample);
	else if (err == -ENOENT && w->prev.nr)
		p_err("%s is gone", w->what);
	else
		p_err("can't look up %s: %s", w->what, ctrl_source_strerror(w->src, err));
	free(value);
	return err;
}

static int cmp_keys(const void *a, const void *b, void *size)
{
	return memcmp(*(void **)a, *(void **)b, *(__u32 *)size);
}

static int sort_sample(struct watch *w, struct watch_sample *sample)
{
	const void **sorted;
	size_t i;

	sorted = reallocarray(sample->sorted, sample->max, sizeof(*sorted));
	if (!sorted && sample->max) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	sample->sorted = sorted;

	for (i = 0; i < sample->nr; i++)
		sorted[i] = sample->entries + i * entry_size(w->src);
	if (sample->nr)
		qsort_r(sorted, sample->nr, sizeof(*sorted), cmp_keys,
			&w->src->key_size);
	return 0;
}

static int take_sample(struct watch *w)
{
	struct watch_sample sample = w->prev;
	int err;

	w->prev = w->cur;
	sample.nr = 0;
	sample.time_ns = screen_now();
	err = w->key ? read_one(w, &sample) :
		       ctrl_source_for_each(w->src, add_entry, &sample);
	if (!err)
		err = sort_sample(w, &sample);
	w->cur = sample;
	return err;
}

static const void *find_before(const struct watch *w, const void *key)
{
	const struct watch_sample *prev = &w->prev;
	size_t low = 0, high = prev->nr, mid;
	int cmp;

	while (low < high) {
		mid = low + (high - low) / 2;
		cmp = memcmp(key, prev->sorted[mid], w->src->key_size);
		if (!cmp)
			return prev->sorted[mid] + w->src->key_size;
		if (cmp < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

/* A counter that is less than before has started anew: there is no rate. */
static void compare(struct watch_counter *counter, bool known, __u64 before,
		    double seconds)
{
	if (!counter->known || !known || counter->value < before)
		return;

	counter->has_delta = true;
	counter->delta = counter->value - before;
	counter->rate = counter->delta / seconds;
}

/* What came since the first sample goes on with each. */
static void add_totals(const struct watch *w, const struct watch_row *row)
{
	const size_t size = entry_size(w->src), nr = w->nr_counters;
	__u64 *totals = w->cur.totals + (row->key - w->cur.entries) / size * nr;
	const void *prev = row->before ? row->before - w->src->key_size : NULL;
	const __u64 *from = prev ? w->prev.totals + (prev - w->prev.entries) / size * nr : NULL;
	size_t i;

	for (i = 0; i < nr; i++) {
		totals[i] = (from ? from[i] : 0) + row->counters[i].delta;
		row->counters[i].total = totals[i];
	}
}

static void count_row(const struct watch *w, struct watch_row *row,
		      struct watch_counter *before)
{
	double seconds = (w->cur.time_ns - w->prev.time_ns) / (double)NSEC_PER_SEC;
	size_t i;

	memset(row->counters, 0, w->nr_counters * sizeof(*row->counters));
	w->view->read(w, row->value, row->counters);
	if (!row->before || seconds <= 0)
		return;

	w->view->read(w, row->before, before);
	for (i = 0; i < w->nr_counters; i++)
		compare(&row->counters[i], before[i].known, before[i].value,
			seconds);
}

/* One more set of counters is for what was before. */
static int alloc_rows(struct watch *w)
{
	size_t nr = w->nr_counters ?: 1;
	struct watch_counter *counters;
	struct watch_row *rows;
	__u64 *totals;

	totals = reallocarray(w->cur.totals, w->cur.max ?: 1, nr * sizeof(*totals));
	if (totals)
		w->cur.totals = totals;
	rows = reallocarray(w->rows, w->cur.max ?: 1, sizeof(*rows));
	if (rows)
		w->rows = rows;
	counters = reallocarray(w->counters, w->cur.max + 1, nr * sizeof(*counters));
	if (counters)
		w->counters = counters;
	if (rows && counters && totals)
		return 0;

	p_err("mem alloc failed");
	return -ENOMEM;
}

static int count_rows(struct watch *w)
{
	const size_t size = entry_size(w->src);
	struct watch_counter *before;
	struct watch_row *row;
	size_t i;

	if (alloc_rows(w))
		return -ENOMEM;

	w->nr_rows = 0;
	before = w->counters + w->cur.nr * w->nr_counters;
	for (i = 0; i < w->cur.nr; i++) {
		row = &w->rows[w->nr_rows];
		row->key = w->cur.entries + i * size;
		row->value = row->key + w->src->key_size;
		row->before = find_before(w, row->key);
		row->counters = w->counters + w->nr_rows * w->nr_counters;
		memset(before, 0, w->nr_counters * sizeof(*before));
		count_row(w, row, before);
		add_totals(w, row);
		if (!w->view->wanted || w->view->wanted(w, row))
			w->nr_rows++;
	}
	return 0;
}

bool watch_has_changed(const struct watch *w, const struct watch_row *row)
{
	size_t i;

	for (i = 0; i < w->nr_counters; i++)
		if (row->counters[i].has_delta && row->counters[i].delta)
			return true;
	return false;
}

static void show_deltas_json(const struct watch *w, const struct watch_row *row)
{
	size_t i;

	jsonw_name(json_wtr, "delta");
	jsonw_start_object(json_wtr);
	for (i = 0; i < w->nr_counters; i++)
		if (row->counters[i].has_delta)
			jsonw_uint_field(json_wtr, w->names[i],
					 row->counters[i].delta);
	jsonw_end_object(json_wtr);

	jsonw_name(json_wtr, "rate");
	jsonw_start_object(json_wtr);
	for (i = 0; i < w->nr_counters; i++)
		if (row->counters[i].has_delta)
			jsonw_float_field_fmt(json_wtr, w->names[i], "%.1f",
					      row->counters[i].rate);
	jsonw_end_object(json_wtr);

	jsonw_name(json_wtr, "total");
	jsonw_start_object(json_wtr);
	for (i = 0; i < w->nr_counters; i++)
		if (row->counters[i].known)
			jsonw_uint_field(json_wtr, w->names[i], row->counters[i].total);
	jsonw_end_object(json_wtr);
}

static void show_row_json(struct watch *w, const struct watch_row *row)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	jsonw_start_object(json_wtr);
	w->view->json(w, row);
	jsonw_float_field_fmt(json_wtr, "time", "%.3f",
			      now.tv_sec + now.tv_nsec / 1e9);
	if (row->before)
		show_deltas_json(w, row);
	jsonw_end_object(json_wtr);
}

static void show_row_plain(struct watch *w, const struct watch_row *row)
{
	time_t now = time(NULL);
	char text[16];
	struct tm tm;

	strftime(text, sizeof(text), "%H:%M:%S", localtime_r(&now, &tm));
	printf("%s ", text);
	w->view->line(w, stdout, row);
	putchar('\n');
}

/*
 * JSON lines: each object is a text of its own. The last one is ended by bpftool.
 * Where the output is a part of another text, that of a batch, it is an array.
 */
static int show_lines(struct watch *w, bool array, bool last)
{
	bool lines = json_output && !array;
	size_t i;

	for (i = 0; i < w->nr_rows; i++) {
		if (json_output)
			show_row_json(w, &w->rows[i]);
		else
			show_row_plain(w, &w->rows[i]);
		if (lines)
			jsonw_reset(json_wtr);
		if (lines && !(last && i + 1 == w->nr_rows))
			putchar('\n');
	}
	/* bpftool ends the line: it is not to be an empty one */
	if (lines && last && !w->nr_rows)
		jsonw_null(json_wtr);
	return fflush(stdout) ? -errno : 0;
}

/* Of what has grown at all. With -j the last objects have it. */
static void show_total_row(struct watch *w, const struct watch_row *row)
{
	bool any = false;
	size_t i;

	for (i = 0; i < w->nr_counters; i++) {
		if (!row->counters[i].total)
			continue;
		if (!any)
			w->view->name(w, stdout, row);
		printf("%s  %s +%llu", any ? "" : ":", w->names[i], row->counters[i].total);
		any = true;
	}
	if (any)
		putchar('\n');
}

static void show_totals(struct watch *w)
{
	size_t i;

	if (json_output || !w->nr_rows)
		return;
	printf("total in %.1f s\n",
	       (w->cur.time_ns - w->start_ns) / (double)NSEC_PER_SEC);
	for (i = 0; i < w->nr_rows; i++)
		show_total_row(w, &w->rows[i]);
}

static void sleep_until(__u64 ns)
{
	const struct timespec ts = {
		.tv_sec = ns / NSEC_PER_SEC,
		.tv_nsec = ns % NSEC_PER_SEC,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

/* Without drift; what could not be kept up with is left out. */
static __u64 next_time(const struct watch *w, __u64 last)
{
	__u64 now = screen_now(), interval = w->opts->interval_ns ?: NSEC_PER_SEC;
	__u64 due = last + interval;

	return due > now ? due : now + interval;
}

static int run_lines(struct watch *w)
{
	bool array = json_output && __fpending(stdout);
	__u64 nr = 0, due = w->cur.time_ns;
	int err;

	err = count_rows(w);
	ctrl_output_begin();
	if (array)
		jsonw_start_array(json_wtr);
	while (!err && (!w->opts->count || nr < w->opts->count)) {
		nr++;
		due = next_time(w, due);
		sleep_until(due);
		err = take_sample(w);
		if (!err)
			err = count_rows(w);
		if (!err)
			err = show_lines(w, array, nr == w->opts->count);
	}
	if (array)
		jsonw_end_array(json_wtr);
	if (!err)
		show_totals(w);
	ctrl_output_end();
	return err;
}

static int draw(struct watch *w, struct screen *screen)
{
	FILE *out = screen_frame(screen);
	time_t now = time(NULL);
	char text[16];
	struct tm tm;

	strftime(text, sizeof(text), "%H:%M:%S", localtime_r(&now, &tm));
	fprintf(out, "%s  %s  every %g s%s\n", w->title, text,
		(w->opts->interval_ns ?: NSEC_PER_SEC) / (double)NSEC_PER_SEC,
		screen->has_keys ? "  q quits" : "");
	return w->view->table(w, out, screen->lines > 1 ? screen->lines - 1 : 1) ?:
	       screen_draw(screen);
}

static int run_screen(struct watch *w, struct screen *screen)
{
	__u64 nr = 0, due = w->cur.time_ns;
	enum screen_event event;
	int err;

	err = count_rows(w) ?: draw(w, screen);
	while (!err && (!w->opts->count || nr < w->opts->count)) {
		due = next_time(w, due);
		do {
			event = screen_wait(screen, due);
			if (event == SCREEN_REDRAW)
				err = draw(w, screen);
		} while (event == SCREEN_REDRAW && !err);
		if (event == SCREEN_QUIT)
			break;
		nr++;
		err = take_sample(w) ?: count_rows(w) ?: draw(w, screen);
	}
	return err;
}

static int run_on_terminal(struct watch *w)
{
	struct screen screen;
	int err;

	err = screen_open(&screen);
	if (err) {
		p_err("can't use the terminal: %s", ctrl_strerror(err));
		return err;
	}
	ctrl_output_begin();
	err = run_screen(w, &screen);
	screen_close(&screen);
	if (!err)
		show_totals(w);
	ctrl_output_end();
	return err;
}

static void free_sample(struct watch_sample *sample)
{
	free(sample->entries);
	free(sample->sorted);
	free(sample->totals);
}

int watch_run(struct watch *w)
{
	int err;

	err = take_sample(w);
	w->start_ns = w->cur.time_ns;
	if (!err)
		err = !json_output && screen_possible() ? run_on_terminal(w) :
							  run_lines(w);
	free_sample(&w->cur);
	free_sample(&w->prev);
	free(w->rows);
	free(w->counters);
	return err;
}
