// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Samples of one metric, as lines. A machine with few devices needs no file for them, and one
 * with many no memory.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdlib.h>

#include "metrics_samples_ctrl.h"

#define MEMORY_MIN	512
#define MEMORY_MAX	4096

char *metrics_labels(char *end, const char *labels, const char *more)
{
	if (!*labels && !*more)
		return end;
	*end++ = '{';
	end = stpcpy(end, labels);
	if (*labels && *more)
		*end++ = ',';
	return stpcpy(stpcpy(end, more), "}");
}

/* What is written there has been collected before. */
static FILE *open_file(void)
{
	FILE *file = tmpfile();

	if (file)
		setvbuf(file, NULL, _IONBF, 0);
	return file;
}

static bool to_file(struct metrics_samples *s)
{
	if (!fwrite(s->memory, s->len, 1, s->file))
		return false;
	s->len = 0;
	return true;
}

/* Where there can be no file it is memory after all. */
static bool make_room(struct metrics_samples *s, size_t len)
{
	size_t max = s->max ?: MEMORY_MIN;
	char *memory;

	if (s->max >= MEMORY_MAX && s->len) {
		if (!s->file)
			s->file = open_file();
		if (s->file && !to_file(s))
			return false;
	}
	while (max - s->len < len)
		max *= 2;
	memory = realloc(s->memory, max);
	if (!memory)
		return false;
	s->memory = memory;
	s->max = max;
	return true;
}

bool metrics_samples_add(struct metrics_samples *s, const char *line, size_t len)
{
	if (s->max - s->len < len && !make_room(s, len))
		return false;
	memcpy(s->memory + s->len, line, len);
	s->len += len;
	return true;
}

bool metrics_samples_any(const struct metrics_samples *s)
{
	return s->file || s->len;
}

/* Of a part that was read there stays what could be the beginning of @text. */
static bool is_in_file(FILE *file, const char *text, size_t len)
{
	size_t size = BUFSIZ + len, have = 0, nr, keep;
	char *part = malloc(size);
	bool found = false;

	rewind(file);
	while (part && !found && (nr = fread(part + have, 1, size - have, file))) {
		have += nr;
		found = memmem(part, have, text, len);
		keep = have < len ? have : len - 1;
		memmove(part, part + have - keep, keep);
		have = keep;
	}
	/* who can't know leaves out one too many */
	found |= !part || ferror(file);
	free(part);
	fseek(file, 0, SEEK_END);
	return found;
}

bool metrics_samples_have(struct metrics_samples *s, const char *labels, const char *more)
{
	char *text = malloc(METRICS_LABELS(labels, more));
	bool found = true;
	size_t len;

	if (text) {
		len = metrics_labels(text, labels, more) - text;
		found = (s->len && memmem(s->memory, s->len, text, len)) ||
			(s->file && is_in_file(s->file, text, len));
	}
	free(text);
	return found;
}

bool metrics_samples_write(struct metrics_samples *s, FILE *out)
{
	char part[BUFSIZ];
	size_t len;

	if (s->file) {
		rewind(s->file);
		while ((len = fread(part, 1, sizeof(part), s->file)))
			if (!fwrite(part, len, 1, out))
				return false;
		if (ferror(s->file))
			return false;
	}
	return !s->len || fwrite(s->memory, s->len, 1, out);
}

void metrics_samples_free(struct metrics_samples *s)
{
	if (s->file)
		fclose(s->file);
	free(s->memory);
}
