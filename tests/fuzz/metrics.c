// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Fuzz target: "ctrl metrics" of a value that is any bytes. The text is one that Prometheus
 * reads: well-formed, and no sample is there twice. Once it is compared as a whole, too.
 */
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define OBJECT		1	/* its key is that of device "lo" */
#define ANOTHER		2	/* so is this one's, as of who got the name meanwhile */
#define MAX_SAMPLES	1024

static const char golden[] =
	"# HELP bpf_test_u64_total Counter u64 of BPF control type test.\n"
	"# TYPE bpf_test_u64_total counter\n"
	"bpf_test_u64_total{device=\"lo\",label=\"a\\\"b\\\\\\nc\"} 0\n"
	"# HELP bpf_test_updates_total Counter updates of BPF control type test.\n"
	"# TYPE bpf_test_updates_total counter\n"
	"bpf_test_updates_total{device=\"lo\",label=\"a\\\"b\\\\\\nc\"} 7\n"
	"# HELP bpf_test_never_total Counter never of BPF control type test.\n"
	"# TYPE bpf_test_never_total counter\n"
	"bpf_test_never_total{device=\"lo\",label=\"a\\\"b\\\\\\nc\"} 0\n"
	"# HELP bpf_test_queue_packets_total Counter queue[0].packets of BPF control type test.\n"
	"# TYPE bpf_test_queue_packets_total counter\n"
	"bpf_test_queue_packets_total{device=\"lo\",label=\"a\\\"b\\\\\\nc\",queue=\"1\"} 3\n"
	"# HELP bpf_test_queue_busy_seconds_total Counter queue[0].busy_ns of BPF control type test.\n"
	"# TYPE bpf_test_queue_busy_seconds_total counter\n"
	"bpf_test_queue_busy_seconds_total{device=\"lo\",label=\"a\\\"b\\\\\\nc\",queue=\"1\"} 1.500000002\n"
	"# HELP bpf_test_more_total Counter more_total[0] of BPF control type test.\n"
	"# TYPE bpf_test_more_total counter\n"
	"bpf_test_more_total{device=\"lo\",label=\"a\\\"b\\\\\\nc\",more_total=\"0\"} 18446744073709551615\n"
	"# EOF\n";

/* What it prints; to be freed. */
static char *metrics(int argc, char **argv)
{
	FILE *before = stdout;
	size_t len;
	char *text;

	stdout = open_memstream(&text, &len);
	assert(stdout && !do_ctrl_metrics(argc, argv));
	fclose(stdout);
	stdout = before;
	return text;
}

static uint8_t *member(const char *path)
{
	struct ctrl_source src;
	struct ctrl_field field;
	struct ctrl_msg msg;

	fuzz_source(&src);
	field = ctrl_field_root(src.btf, src.value_type_id);
	assert(!ctrl_field_find(&field, path, &msg));
	return fuzz_value(OBJECT) + field.bit / 8;
}

static void set(const char *path, uint64_t number)
{
	memcpy(member(path), &number, sizeof(number));
}

static void check_golden(void)
{
	char *argv[] = { "test" }, *text;

	fuzz_reset();
	memcpy(member("label"), "a\"b\\\nc", 6);
	/* the masks, which no path leads to, are right before these: nothing can be set, and
	 * all is known
	 */
	memset(member("u64") - 8, 0, 8);
	memset(member("updates") - 8, 0xff, 8);
	set("updates", 7);
	set("queue[1].packets", 3);
	set("queue[1].busy_ns", 1500000002);
	set("queue[0].cookie", 5);
	set("more_total[0]", UINT64_MAX);
	/* nothing is there twice */
	memcpy(fuzz_value(ANOTHER), fuzz_value(OBJECT), FUZZ_VALUE_SIZE);
	fuzz_same = ANOTHER;

	text = metrics(1, argv);
	if (strcmp(text, golden)) {
		fprintf(stderr, "%s", text);
		abort();
	}
	free(text);
}

/* NAME="VALUE",... and what ends it; returns what is behind that */
static const char *check_labels(const char *pos)
{
	do {
		pos++;
		assert(isalpha(*pos) || *pos == '_');
		while (isalnum(*pos) || *pos == '_')
			pos++;
		assert(pos[0] == '=' && pos[1] == '"');
		for (pos += 2; *pos != '"'; pos++) {
			assert(*pos && *pos != '\n');
			if (*pos == '\\') {
				pos++;
				assert(*pos == 'n' || *pos == '"' || *pos == '\\');
			}
		}
		pos++;
	} while (*pos == ',');
	assert(*pos == '}');
	return pos + 1;
}

/* Cut to what must be there once: name and labels */
static void check_sample(char *line)
{
	const char *pos = line;
	char *end;

	while (isalnum(*pos) || *pos == '_')
		pos++;
	if (*pos == '{')
		pos = check_labels(pos);
	assert(pos > line && pos[0] == ' ' && isdigit(pos[1]));
	line[pos - line] = '\0';
	strtod(pos + 1, &end);
	assert(!*end);
}

static void check_text(char *text)
{
	char *lines[MAX_SAMPLES], *line;
	size_t nr = 0, i;

	while ((line = strsep(&text, "\n")) && text) {
		if (*line == '#')
			continue;
		check_sample(line);
		for (i = 0; i < nr; i++)
			assert(strcmp(lines[i], line));
		assert(nr < MAX_SAMPLES);
		lines[nr++] = line;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[] = { "test", "all" }, *text;
	static bool compared;

	if (!compared)
		check_golden();
	compared = true;
	fuzz_reset();
	memcpy(fuzz_value(OBJECT), data, size < FUZZ_VALUE_SIZE ? size : FUZZ_VALUE_SIZE);
	text = metrics(1 + size % 2, argv);
	check_text(text);
	free(text);
	return 0;
}
