// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Names of metrics: those that people shall find, else what BTF says.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main.h"
#include "metrics_names_ctrl.h"

#define BY_ACTION "XDP programs' verdicts on packets, by action."

/* Members that have a name of their own. Of a later kernel's the names are made below. */
static const struct metric_rule {
	const char *type;
	const char *path;
	enum metric_kind kind;
	const char *family;
	const char *labels;
	const char *help;
	const char *when;	/* of a gauge: another member, which is 0 where this says nothing */
} rules[] = {
	/* the sum of those by action */
	{ "xdp_stats",	"packets",	METRIC_NONE },
	{ "xdp_stats",	"bytes",	METRIC_COUNTER,	"xdp_bytes", "",
	  "Bytes of the packets that XDP programs saw." },
	{ "xdp_stats",	"aborted",	METRIC_COUNTER,	"xdp_packets",
	  "action=\"aborted\"", BY_ACTION },
	{ "xdp_stats",	"drop",		METRIC_COUNTER,	"xdp_packets",
	  "action=\"drop\"", BY_ACTION },
	{ "xdp_stats",	"pass",		METRIC_COUNTER,	"xdp_packets",
	  "action=\"pass\"", BY_ACTION },
	{ "xdp_stats",	"tx",		METRIC_COUNTER,	"xdp_packets",
	  "action=\"tx\"", BY_ACTION },
	{ "xdp_stats",	"redirect",	METRIC_COUNTER,	"xdp_packets",
	  "action=\"redirect\"", BY_ACTION },
	{ "xdp_stats",	"invalid",	METRIC_COUNTER,	"xdp_packets",
	  "action=\"invalid\"", BY_ACTION },
	{ "xdp_stats",	"redirect_errors", METRIC_COUNTER, "xdp_redirect_errors", "",
	  "Redirected packets that could not be queued to their target." },
	{ "xdp_stats",	"redirect_other", METRIC_COUNTER, "xdp_redirect_other", "",
	  "Packets redirected to a CPU or a socket instead of a device." },
	{ "xdp_stats",	"xmit_packets",	METRIC_COUNTER,	"xdp_xmit_packets", "",
	  "Packets that XDP redirected out of this device." },
	{ "xdp_stats",	"xmit_bytes",	METRIC_COUNTER,	"xdp_xmit_bytes", "",
	  "Bytes of the packets that XDP redirected out of this device." },
	{ "xdp_stats",	"xmit_drops",	METRIC_COUNTER,	"xdp_xmit_drops", "",
	  "Packets redirected to this device that were lost on the way out." },
	{ "xdp_attr",	"rings.num",	METRIC_GAUGE,	"xdp_redirect_rings", "",
	  "Rings asked for, that take packets redirected to this device.", "rings_by" },
	{ "xdp_attr",	"rings_granted.num", METRIC_GAUGE, "xdp_redirect_rings_granted", "",
	  "Rings that the driver made of those asked for, where it says so.", "rings_max.num" },
	{ "kprobe",	"enabled",	METRIC_GAUGE,	"bpf_kprobe_enabled", "",
	  "Whether the program of a probe runs; 0: it is paused." },
	{ "kprobe",	"missed",	METRIC_COUNTER,	"bpf_kprobe_missed", "",
	  "How often a probe was hit and could not run." },
	{ "kprobe",	"recursion_misses", METRIC_COUNTER, "bpf_kprobe_recursion_misses", "",
	  "How often a probe's program was not run because BPF was busy on that CPU." },
	{ "socket_filter", "drops",	METRIC_COUNTER,	"bpf_socket_filter_drops", "",
	  "Packets that a socket with a filter lost." },
};

static const struct {
	const char *type;
	const char *name;
	const char *help;
} switches[] = {
	{ "xdp_stats", "xdp_counting", "Whether XDP is counted on this machine." },
};

/* The last words of names of 64-bit numbers that are no counts */
static const char * const not_counted[] = {
	"addr", "address", "cookie", "features", "flags", "id", "ino", "inode", "mask",
	"offset", "revision", "time", "timestamp", "users", "version",
};

/* Numbers are in base units, and the name ends with the unit. */
static const struct unit {
	const char *word;
	const char *unit;
	unsigned int decimals;
} units[] = {
	{ "bytes",	"bytes" },
	{ "seconds",	"seconds" },
	{ "ns",		"seconds",	9 },
	{ "nsec",	"seconds",	9 },
	{ "nsecs",	"seconds",	9 },
	{ "nanoseconds", "seconds",	9 },
	{ "us",		"seconds",	6 },
	{ "usec",	"seconds",	6 },
	{ "usecs",	"seconds",	6 },
	{ "microseconds", "seconds",	6 },
	{ "ms",		"seconds",	3 },
	{ "msec",	"seconds",	3 },
	{ "msecs",	"seconds",	3 },
	{ "milliseconds", "seconds",	3 },
};

void metric_sanitize(char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) || !isascii(*name))
			*name = '_';
}

/* Behind the last underscore */
static char *last_word(char *name)
{
	char *word = strrchr(name, '_');

	return word ? word + 1 : name;
}

static bool is_counted(char *family)
{
	const char *word = last_word(family);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(not_counted); i++)
		if (!strcmp(word, not_counted[i]))
			return false;
	return true;
}

/* "a[2].b" is family a_b and label a="2". */
static int split_path(const char *type, const char *path, struct metric_name *name)
{
	const char *sep = "", *depth = "";
	char *start, *end;
	FILE *labels;
	size_t len;

	labels = open_memstream(&name->labels, &len);
	name->family = malloc(strlen("bpf__") + strlen(type) + strlen(path) + 1);
	if (!labels || !name->family) {
		if (labels)
			fclose(labels);
		return -ENOMEM;
	}

	start = name->family + sprintf(name->family, "bpf_%s_", type);
	end = start;
	for (; *path; path++) {
		if (*path == '[') {
			*end = '\0';
			fprintf(labels, "%s%s%s=\"%d\"", sep, start, depth, atoi(path + 1));
			sep = ",";
			name->element = true;
			/* an array in an array has no name of its own */
			depth = "_";
			path += strcspn(path, "]");
		} else if (*path == '.') {
			*end++ = '_';
			start = end;
			depth = "";
		} else {
			*end++ = *path;
		}
	}
	*end = '\0';
	metric_sanitize(name->family);
	return fclose(labels) ? -ENOMEM : 0;
}

/* The suffix is added where the family is that of a counter. */
static void cut_suffix(char *family)
{
	static const char suffix[] = "_total";
	size_t len = strlen(family);

	if (len > strlen(suffix) && !strcmp(family + len - strlen(suffix), suffix))
		family[len - strlen(suffix)] = '\0';
}

static int name_unit(struct metric_name *name)
{
	char *word = last_word(name->family), *family;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (strcmp(word, units[i].word))
			continue;
		name->unit = units[i].unit;
		name->decimals = units[i].decimals;
		*word = '\0';
		if (asprintf(&family, "%s%s", name->family, name->unit) < 0)
			return -ENOMEM;
		free(name->family);
		name->family = family;
		break;
	}
	return 0;
}

static int apply_rule(const struct metric_rule *rule, struct metric_name *name)
{
	name->kind = rule->kind;
	if (!rule->kind)
		return 0;
	name->family = strdup(rule->family);
	name->help = strdup(rule->help);
	name->labels = strdup(rule->labels);
	if (!name->family || !name->help || !name->labels)
		return -ENOMEM;
	return name_unit(name);
}

int metric_name_counter(const char *type, const char *path, struct metric_name *name)
{
	size_t i;
	int err;

	*name = (struct metric_name){};
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (!strcmp(rules[i].type, type) && !strcmp(rules[i].path, path))
			return apply_rule(&rules[i], name);

	err = split_path(type, path, name);
	if (err)
		return err;
	cut_suffix(name->family);
	if (!is_counted(name->family))
		return 0;
	name->kind = METRIC_COUNTER;
	if (asprintf(&name->help, "Counter %s of BPF control type %s.", path, type) < 0) {
		name->help = NULL;
		return -ENOMEM;
	}
	return name_unit(name);
}

int metric_name_gauge(const char *type, size_t i, const char **path, const char **when,
		      struct metric_name *name)
{
	const struct metric_rule *rule;

	*name = (struct metric_name){};
	for (rule = rules; rule < rules + ARRAY_SIZE(rules); rule++) {
		if (rule->kind != METRIC_GAUGE || strcmp(rule->type, type) || i--)
			continue;
		*path = rule->path;
		*when = rule->when;
		return apply_rule(rule, name);
	}
	*path = NULL;
	return 0;
}

void metric_name_free(struct metric_name *name)
{
	free(name->family);
	free(name->help);
	free(name->labels);
}

const char *metric_type_switch(const char *type, const char **help)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(switches); i++) {
		if (strcmp(switches[i].type, type))
			continue;
		*help = switches[i].help;
		return switches[i].name;
	}
	return NULL;
}
