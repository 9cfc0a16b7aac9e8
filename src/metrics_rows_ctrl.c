// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Objects as samples of numbers, with what tells them from each other as labels.
 *
 * A text has the samples of one metric behind each other, and objects are read once: until all
 * are the samples of each metric are kept (metrics_samples_ctrl.h).
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "counters_ctrl.h"
#include "metrics_rows_ctrl.h"
#include "metrics_text_ctrl.h"
#include "source_ctrl.h"

static struct metric *add_metric(struct metrics *m)
{
	struct metric *metrics = reallocarray(m->metrics, m->nr + 1, sizeof(*metrics));

	if (!metrics)
		return NULL;
	m->metrics = metrics;
	metrics += m->nr++;
	*metrics = (struct metric){};
	return metrics;
}

static int describe_counters(struct metrics *m)
{
	struct ctrl_counters counters;
	struct metric *metric;
	size_t i;
	int err;

	err = ctrl_counters_name(m->src->value_layout, &counters);
	for (i = 0; i < counters.nr && !err; i++) {
		metric = add_metric(m);
		err = metric ? metric_name_counter(m->src->name, counters.names[i],
						   &metric->name) : -ENOMEM;
	}
	ctrl_counters_free(&counters);
	m->nr_counters = m->nr;
	return err;
}

static const struct ctrl_layout *find_member(const struct ctrl_layout *layout,
					     const char *name, size_t len)
{
	const struct ctrl_layout *member = layout->members;
	const struct ctrl_layout *end = member + layout->nr_members;

	if (layout->kind != CTRL_KIND_STRUCT)
		return NULL;
	for (; member < end; member++)
		if (!strncmp(member->name, name, len) && !member->name[len])
			return member;
	return NULL;
}

/* Of another kernel's value this may lead nowhere, or not to a scalar: then it is empty. */
static struct metric_path find_path(const struct ctrl_layout *layout, const char *path)
{
	struct metric_path found = {};
	size_t i, len;

	for (i = 0; *path && i < METRIC_MAX_DEPTH; i++) {
		len = strcspn(path, ".");
		layout = find_member(layout, path, len);
		if (!layout)
			return (struct metric_path){};
		found.steps[i] = layout;
		path += len + (path[len] == '.');
	}
	return *path || !ctrl_field_is_scalar(&layout->field) ? (struct metric_path){} : found;
}

static int describe_gauges(struct metrics *m)
{
	const char *path, *when;
	struct metric *metric;
	size_t i;
	int err;

	for (i = 0;; i++) {
		metric = add_metric(m);
		if (!metric)
			return -ENOMEM;
		err = metric_name_gauge(m->src->name, i, &path, &when, &metric->name);
		if (err)
			return err;
		if (!path)
			return 0;
		metric->path = find_path(m->src->value_layout, path);
		if (when)
			metric->when = find_path(m->src->value_layout, when);
		if (!*metric->path.steps)
			metric->name.kind = METRIC_NONE;
	}
}

/* Two names that are one, but for what a metric's name can't have, get told apart. */
static int tell_apart(struct metrics *m)
{
	struct metric_name *name, *other;
	size_t i, j;
	char *longer;

	for (i = 0; i < m->nr; i++) {
		name = &m->metrics[i].name;
		for (j = 0; j < i && name->kind; j++) {
			other = &m->metrics[j].name;
			if (!other->kind || strcmp(name->family, other->family) ||
			    strcmp(name->labels, other->labels))
				continue;
			if (asprintf(&longer, "%s_", name->family) < 0)
				return -ENOMEM;
			free(name->family);
			name->family = longer;
			j = -1;
		}
	}
	return 0;
}

static void find_families(struct metrics *m)
{
	size_t i, j;

	for (i = 0; i < m->nr; i++) {
		for (j = 0; j < i; j++)
			if (m->metrics[i].name.kind && m->metrics[j].name.kind &&
			    !strcmp(m->metrics[i].name.family, m->metrics[j].name.family))
				break;
		m->metrics[i].family = j;
	}
}

/* Is there a label NAME="..." among those? */
static bool has_label(const char *labels, const char *name)
{
	size_t len = strlen(name);

	for (; labels; labels = strchr(labels, ',')) {
		labels += *labels == ',';
		if (!strncmp(labels, name, len) && labels[len] == '=')
			return true;
	}
	return false;
}

static bool is_taken(const struct metrics *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->nr_labels; i++)
		if (!strcmp(m->labels[i].name, name))
			return true;
	for (i = 0; i < m->nr; i++)
		if (has_label(m->metrics[i].name.labels, name))
			return true;
	return false;
}

static int add_label(struct metrics *m, const char *name, const struct ctrl_field *field,
		     const struct ctrl_layout *member)
{
	struct metric_label *labels;
	char *own, *longer;

	labels = reallocarray(m->labels, m->nr_labels + 1, sizeof(*labels));
	if (!labels)
		return -ENOMEM;
	m->labels = labels;
	own = strdup(name);
	if (!own)
		return -ENOMEM;
	metric_sanitize(own);
	while (is_taken(m, own)) {
		if (asprintf(&longer, "%s_", own) < 0)
			longer = NULL;
		free(own);
		own = longer;
		if (!own)
			return -ENOMEM;
	}
	labels[m->nr_labels++] = (struct metric_label){ own, *field, member };
	return 0;
}

/* "bpf_ctrl_link_id_t" is link_id; of other types only the key is known. */
static int add_plain_key(struct metrics *m, const struct ctrl_field *field)
{
	static const char prefix[] = "bpf_ctrl_";
	const struct btf_type *t = btf__type_by_id(field->btf, field->type_id);
	const char *name = btf__name_by_offset(field->btf, t->name_off);
	size_t len = name ? strlen(name) : 0, before = strlen(prefix);
	char *cut;
	int err;

	if (len <= before + 2 || strncmp(name, prefix, before) || strcmp(name + len - 2, "_t"))
		return add_label(m, "key", field, NULL);
	cut = strndup(name + before, len - before - 2);
	if (!cut)
		return -ENOMEM;
	err = add_label(m, cut, field, NULL);
	free(cut);
	return err;
}

static int add_key(const struct ctrl_field *field, const char *path, void *ctx)
{
	struct metrics *m = ctx;

	if (ctrl_field_is_ifindex(field)) {
		m->has_names = true;
		return add_label(m, "device", field, NULL);
	}
	return *path ? add_label(m, path, field, NULL) : add_plain_key(m, field);
}

/* Strings say what an object is. */
static int describe_labels(struct metrics *m)
{
	const struct ctrl_layout *value = m->src->value_layout, *member;
	int err;

	err = ctrl_field_for_each(&m->src->key_layout->field, "", add_key, m);
	if (value->kind != CTRL_KIND_STRUCT)
		return err;
	for (member = value->members; member < value->members + value->nr_members; member++)
		if (!err && member->kind == CTRL_KIND_OTHER &&
		    ctrl_field_is_string(&member->field))
			err = add_label(m, member->name, &member->field, member);
	return err;
}

int metrics_describe(struct metrics *m)
{
	int err;

	err = describe_counters(m) ?: describe_gauges(m) ?: tell_apart(m) ?:
	      describe_labels(m);
	if (err)
		p_err("can't make metrics of %s: %s", m->src->name, strerror(-err));
	else
		find_families(m);
	return err;
}

/* A scalar that is neither number nor string, as it is in JSON but for quotes */
static int put_other(FILE *out, const char *name, const struct ctrl_field *field,
		     const void *data)
{
	char *text = ctrl_field_text(field, data), *start = text;
	int err;

	if (!text)
		return -ENOMEM;
	if (*start == '"') {
		start[strlen(start) - 1] = '\0';
		start++;
	}
	err = metrics_text_label(out, name, start);
	free(text);
	return err;
}

static int put_string(FILE *out, const char *name, const struct ctrl_field *field,
		      const void *data)
{
	char *text = strndup(data + field->bit / 8, field->nr_bits / 8);
	int err;

	if (!text)
		return -ENOMEM;
	err = metrics_text_label(out, name, text);
	free(text);
	return err;
}

/* Returns 0, 1 if there is no such device any more, or a negative errno. */
static int put_device(struct ctrl_source *src, FILE *out, const char *name, __u32 ifindex)
{
	char device[IF_NAMESIZE];

	if (!ctrl_source_ifname(src, ifindex, device))
		return 1;
	return metrics_text_label(out, name, device);
}

static int put_label(struct ctrl_source *src, const struct metric_label *label,
		     const void *data, FILE *out)
{
	const struct ctrl_field *field = &label->field;

	if (ctrl_field_is_ifindex(field))
		return put_device(src, out, label->name, ctrl_field_load(field, data));
	if (ctrl_field_is_string(field))
		return put_string(out, label->name, field, data);
	return put_other(out, label->name, field, data);
}

static bool is_empty_string(const struct metric_label *label, const void *value)
{
	return ctrl_layout_is_hidden(label->member, value) ||
	       !*(const char *)(value + label->field.bit / 8);
}

/* Returns as put_device(). */
static int put_labels(struct metrics *m, const void *key, const void *value, FILE *out)
{
	const struct metric_label *label = m->labels, *end = label + m->nr_labels;
	const char *sep = "";
	int err = 0;

	for (; label < end && !err; label++) {
		if (label->member && is_empty_string(label, value))
			continue;
		fputs(sep, out);
		sep = ",";
		err = put_label(m->src, label, label->member ? value : key, out);
	}
	return err;
}

static void take_counter(size_t i, __u64 value, void *ctx)
{
	struct metrics *m = ctx;

	m->known[i] = true;
	m->numbers[i] = value;
}

/* Returns false if it is not known. */
static bool read_path(const struct metric_path *path, const void *data, __u64 *number)
{
	const struct ctrl_layout *const *step = path->steps;

	for (; *step; step++) {
		if (ctrl_layout_is_hidden(*step, data))
			return false;
		if (!step[1])
			*number = ctrl_field_load(&(*step)->field, data);
		data += (*step)->offset;
	}
	return true;
}

static void take_gauge(struct metrics *m, const void *value, size_t i)
{
	const struct metric *metric = &m->metrics[i];
	__u64 number, when = 1;

	if (read_path(&metric->path, value, &number) &&
	    read_path(&metric->when, value, &when) && when)
		take_counter(i, number, m);
}

/* Returns false if there is nothing to be shown of it. */
static bool take_numbers(struct metrics *m, const void *value)
{
	bool wanted = false;
	size_t i;

	memset(m->known, 0, m->nr * sizeof(*m->known));
	ctrl_counters_read(m->src->value_layout, value, take_counter, m);
	for (i = 0; i < m->nr; i++) {
		if (!m->metrics[i].name.kind)
			m->known[i] = false;
		else if (i >= m->nr_counters)
			take_gauge(m, value, i);
		wanted |= m->known[i] && (m->all || m->numbers[i]);
	}
	return wanted;
}

static __u64 hash(__u64 h, const char *text)
{
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3ULL;
	return h;
}

/*
 * Did the type have such labels before? This filter says so of all that were, and now and then of
 * others: its size does not depend on how many there are.
 */
static bool note_labels(struct metrics *m, const char *labels)
{
	bool all = true;
	__u64 h = hash(hash(0xcbf29ce484222325ULL, m->src->name), labels);
	size_t bit, i;

	for (i = 0; i < 3; i++, h >>= METRICS_FILTER_SHIFT) {
		bit = h % METRICS_FILTER_BITS;
		all &= m->filter[bit / 8] >> bit % 8;
		m->filter[bit / 8] |= 1 << bit % 8;
	}
	return all;
}

static struct metrics_samples *samples_of(struct metrics *m, size_t i)
{
	return &m->metrics[m->metrics[i].family].samples;
}

static bool have_sample(struct metrics *m, const char *labels)
{
	size_t i;

	for (i = 0; i < m->nr; i++)
		if (m->known[i] && metrics_samples_have(samples_of(m, i), labels,
							m->metrics[i].name.labels))
			return true;
	return false;
}

/*
 * While they are read devices can get each other's names, and a text with a sample twice
 * would be refused as a whole: the second one is left out, this time.
 */
static bool is_twice(struct metrics *m, const char *labels)
{
	return m->has_names && note_labels(m, labels) && have_sample(m, labels);
}

static void put_samples(struct metrics *m, const char *labels)
{
	const struct metric_name *name;
	size_t i;

	for (i = 0; i < m->nr; i++) {
		name = &m->metrics[i].name;
		/* of an array, only as far as it is used */
		if (!m->known[i] || !(m->all || m->numbers[i] || !name->element))
			continue;
		metrics_text_sample(m->text, samples_of(m, i), name->family,
				    name->kind == METRIC_COUNTER, labels, name->labels,
				    m->numbers[i], name->decimals);
	}
}

static int read_entry(struct ctrl_source *src, const void *key, const void *value, void *ctx)
{
	struct metrics *m = ctx;
	int err;

	if (!take_numbers(m, value))
		return 0;
	rewind(m->out);
	err = put_labels(m, key, value, m->out);
	putc('\0', m->out);
	if (!err)
		err = fflush(m->out) ? -ENOMEM : is_twice(m, m->line);
	if (!err)
		put_samples(m, m->line);
	if (err < 0)
		p_err("mem alloc failed");
	return err < 0 ? err : 0;
}

static int read_all(struct metrics *m)
{
	m->numbers = calloc(m->nr, sizeof(*m->numbers));
	m->known = calloc(m->nr, sizeof(*m->known));
	m->out = open_memstream(&m->line, &m->line_len);
	if (!m->numbers || !m->known || !m->out) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	return ctrl_source_for_each(m->src, read_entry, m);
}

int metrics_show(struct metrics *m)
{
	struct metric *metric;
	size_t i;
	int err;

	err = read_all(m);
	for (i = 0; i < m->nr && !err; i++) {
		metric = &m->metrics[i];
		if (!metrics_samples_any(&metric->samples))
			continue;
		metrics_text_family(m->text, metric->name.family,
				    metric->name.kind == METRIC_COUNTER, metric->name.unit,
				    metric->name.help);
		metrics_text_append(m->text, &metric->samples);
	}
	return err;
}

void metrics_free(struct metrics *m)
{
	struct metric *metric;

	while (m->nr) {
		metric = &m->metrics[--m->nr];
		metrics_samples_free(&metric->samples);
		metric_name_free(&metric->name);
	}
	if (m->out)
		fclose(m->out);
	free(m->line);
	free(m->numbers);
	free(m->known);
	free(m->metrics);
	while (m->nr_labels)
		free(m->labels[--m->nr_labels].name);
	free(m->labels);
}
