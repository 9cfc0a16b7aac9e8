/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Samples of one metric until all of them are known: few in memory, many in a file. */
#ifndef __BPFTOOL_METRICS_SAMPLES_CTRL_H
#define __BPFTOOL_METRICS_SAMPLES_CTRL_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct metrics_samples {
	char *memory;		/* those behind what is in the file */
	size_t len;
	size_t max;
	FILE *file;
};

/* At most so many bytes are what metrics_labels() writes. */
#define METRICS_LABELS(labels, more)	(strlen(labels) + strlen(more) + 4)

/* metrics_labels - write {LABELS,MORE}, of which each may be empty
 *
 * Returns where it ends.
 */
char *metrics_labels(char *end, const char *labels, const char *more);

/* metrics_samples_add - keep a line
 *
 * Returns false, with errno, if there is no room.
 */
bool metrics_samples_add(struct metrics_samples *samples, const char *line, size_t len);

bool metrics_samples_any(const struct metrics_samples *samples);

/* metrics_samples_have - is there one with just these labels? (Takes as long as to read all.) */
bool metrics_samples_have(struct metrics_samples *samples, const char *labels, const char *more);

/* metrics_samples_write - all of them, in order
 *
 * Returns false, with errno, if some are lost.
 */
bool metrics_samples_write(struct metrics_samples *samples, FILE *out);

void metrics_samples_free(struct metrics_samples *samples);

#endif /* __BPFTOOL_METRICS_SAMPLES_CTRL_H */
