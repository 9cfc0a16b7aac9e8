// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Metrics as text. OpenMetrics has a counter's family without "_total" and units; what
 * promtool and node_exporter read, and Prometheus does as well, has the names of samples
 * there. The rest is the same.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "main.h"
#include "metrics_text_ctrl.h"
#include "name_ctrl.h"
#include "output_ctrl.h"

#define DIGITS	20

#define MAX_LINKS	40	/* behind each other, as the kernel has it */

/* One step: text->path becomes what the link says that @fd is. */
static int follow(struct metrics_text *text, int fd)
{
	const char *base = strrchr(text->path, '/');
	int dir_len = base ? base + 1 - text->path : 0;
	char target[PATH_MAX], *next;
	ssize_t len;

	len = readlinkat(fd, "", target, sizeof(target) - 1);
	if (len < 0)
		return -errno;
	target[len] = '\0';
	if (asprintf(&next, "%.*s%s", *target == '/' ? 0 : dir_len, text->path, target) < 0)
		return -ENOMEM;
	free(text->path);
	text->path = next;
	return 0;
}

/* Returns 1 if it was a link, and ours to follow. What is no file is not replaced by one. */
static int look_at(struct metrics_text *text)
{
	struct stat st;
	int fd, err;

	fd = open(text->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	err = fstat(fd, &st) ? -errno : 0;
	if (!err && S_ISLNK(st.st_mode))
		err = st.st_uid && st.st_uid != geteuid() ? -EKEYREJECTED :
		      follow(text, fd) ?: 1;
	else if (!err && !S_ISREG(st.st_mode))
		err = S_ISDIR(st.st_mode) ? -EISDIR : -ENOTSUP;
	close(fd);
	return err;
}

/* Where a link leads to, for it shall stay one. Another user's may lead anywhere. */
static int find_file(struct metrics_text *text, const char *path)
{
	int steps = 0, err;

	text->path = strdup(path);
	if (!text->path)
		return -ENOMEM;
	while ((err = look_at(text)) > 0)
		if (++steps > MAX_LINKS)
			return -ELOOP;
	return err;
}

/* Beside it, hidden, and with a name of its own: there may be others who write it. */
static int open_temp(struct metrics_text *text)
{
	const char *base = strrchr(text->path, '/');
	int dir_len, fd, err;

	base = base ? base + 1 : text->path;
	dir_len = base - text->path;
	if (asprintf(&text->temp, "%.*s.%s.XXXXXX", dir_len, text->path, base) < 0) {
		text->temp = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(text->temp, O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		goto err_free;
	}
	/* it is read by another user */
	if (!fchmod(fd, 0644))
		text->out = fdopen(fd, "w");
	if (text->out)
		return 0;
	err = -errno;
	close(fd);
	unlink(text->temp);
err_free:
	free(text->temp);
	text->temp = NULL;
	return err;
}

int metrics_text_open(struct metrics_text *text, const char *path)
{
	int err;

	if (!path) {
		text->out = stdout;
		ctrl_output_begin();
		return 0;
	}

	err = find_file(text, path) ?: open_temp(text);
	if (err) {
		p_err("can't write %s: %s", path,
		      err == -ENOTSUP ? "it is no file" :
		      err == -EKEYREJECTED ? "it is another user's link" : strerror(-err));
		free(text->path);
	}
	return err;
}

static int close_file(struct metrics_text *text, int err)
{
	int lost = text->lost;

	if (fclose(text->out) && !lost)
		lost = -errno;
	if (!err && !lost && rename(text->temp, text->path))
		lost = -errno;
	if (!err && lost)
		p_err("can't write %s: %s", text->path, strerror(-lost));
	err = err ?: lost;
	if (err)
		unlink(text->temp);
	free(text->temp);
	free(text->path);
	return err;
}

int metrics_text_close(struct metrics_text *text, int err)
{
	free(text->line);
	if (!err)
		fputs("# EOF\n", text->out);
	if (text->path)
		return close_file(text, err);
	/* of standard output that is lost is said by who flushes it */
	if (!err && text->lost && !ferror(stdout)) {
		err = text->lost;
		p_err("can't write metrics: %s", strerror(-err));
	}
	ctrl_output_end();
	return err;
}

static const char *suffix(bool counter)
{
	return counter ? "_total" : "";
}

void metrics_text_family(struct metrics_text *text, const char *family, bool counter,
			 const char *unit, const char *help)
{
	const char *behind = text->openmetrics ? "" : suffix(counter);

	fprintf(text->out, "# HELP %s%s %s\n# TYPE %s%s %s\n", family, behind, help,
		family, behind, counter ? "counter" : "gauge");
	if (text->openmetrics && unit)
		fprintf(text->out, "# UNIT %s %s\n", family, unit);
}

void metrics_text_lost(struct metrics_text *text)
{
	if (!text->lost)
		text->lost = errno ? -errno : -EIO;
}

/* printf() takes longer than all the rest. */
static char *append_number(char *end, __u64 value, unsigned int decimals)
{
	char text[DIGITS + 2], *pos = text + sizeof(text);
	unsigned int digits = 0;

	*--pos = '\0';
	do {
		if (digits && digits == decimals)
			*--pos = '.';
		*--pos = '0' + value % 10;
		value /= 10;
		digits++;
	} while (value || digits <= decimals);
	return stpcpy(end, pos);
}

static bool have_line(struct metrics_text *text, size_t len)
{
	char *line;

	if (len <= text->line_max)
		return true;
	line = realloc(text->line, len);
	if (!line)
		return false;
	text->line = line;
	text->line_max = len;
	return true;
}

void metrics_text_sample(struct metrics_text *text, struct metrics_samples *samples,
			 const char *family, bool counter, const char *labels,
			 const char *more, __u64 value, unsigned int decimals)
{
	size_t len = strlen(family) + METRICS_LABELS(labels, more);
	char *end;

	if (!have_line(text, len + strlen("_total .") + DIGITS + 2)) {
		metrics_text_lost(text);
		return;
	}
	end = stpcpy(stpcpy(text->line, family), suffix(counter));
	end = metrics_labels(end, labels, more);
	*end++ = ' ';
	end = append_number(end, value, decimals);
	*end++ = '\n';
	if (samples ? !metrics_samples_add(samples, text->line, end - text->line) :
		      !fwrite(text->line, end - text->line, 1, text->out))
		metrics_text_lost(text);
}

void metrics_text_append(struct metrics_text *text, struct metrics_samples *samples)
{
	if (!metrics_samples_write(samples, text->out))
		metrics_text_lost(text);
}

static bool is_plain(const char *value)
{
	for (; *value; value++)
		if (*value < ' ' || *value > '~' || *value == '"' || *value == '\\')
			return false;
	return true;
}

/* The text is to be UTF-8, and has three characters that are not written as they are. */
int metrics_text_label(FILE *out, const char *name, const char *value)
{
	const char *pos;
	char *utf8;

	fputs(name, out);
	fputs("=\"", out);
	if (is_plain(value)) {
		fputs(value, out);
		putc('"', out);
		return 0;
	}

	utf8 = malloc(CTRL_NAME_JSON(strlen(value)));
	if (!utf8)
		return -ENOMEM;
	for (pos = ctrl_name_to_json(value, utf8); *pos; pos++) {
		if (*pos == '\n')
			fputs("\\n", out);
		else if (*pos == '"' || *pos == '\\')
			fprintf(out, "\\%c", *pos);
		else
			putc(*pos, out);
	}
	putc('"', out);
	free(utf8);
	return 0;
}
