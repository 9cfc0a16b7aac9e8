/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The text formats of metrics, and a file that has all of a text or is what it was. */
#ifndef __BPFTOOL_METRICS_TEXT_CTRL_H
#define __BPFTOOL_METRICS_TEXT_CTRL_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/types.h>

#include "metrics_samples_ctrl.h"

struct metrics_text {
	FILE *out;
	char *line;		/* of a sample, as long as the longest so far */
	size_t line_max;
	bool openmetrics;	/* to the letter; else as Prometheus, which reads both, has it */
	/* of a file */
	char *path;		/* where it is to be; NULL: standard output */
	char *temp;		/* where it is until it is whole */
	int lost;		/* why a part of it could not be written */
};

/* metrics_text_open - begin a text
 * @path: of a file, or NULL
 * @text: filled in, but for openmetrics
 *
 * Returns 0 or a negative errno (reported).
 */
int metrics_text_open(struct metrics_text *text, const char *path);

/* metrics_text_close - end it
 * @err: if not 0, it failed: a file stays what it was
 *
 * Returns @err, or a negative errno (reported).
 */
int metrics_text_close(struct metrics_text *text, int err);

/* metrics_text_family - begin a family of samples
 * @family: its name, for a counter without what is behind it
 * @unit: or NULL
 */
void metrics_text_family(struct metrics_text *text, const char *family, bool counter,
			 const char *unit, const char *help);

/* metrics_text_sample - write a sample
 * @samples: where those of this family are until all are known, or NULL: at once
 * @labels, @more: NAME="VALUE",... or empty
 * @decimals: so many digits of @value are behind the point
 */
void metrics_text_sample(struct metrics_text *text, struct metrics_samples *samples,
			 const char *family, bool counter, const char *labels,
			 const char *more, __u64 value, unsigned int decimals);

/* metrics_text_append - add samples that were kept */
void metrics_text_append(struct metrics_text *text, struct metrics_samples *samples);

/* metrics_text_lost - note that something could not be written, and errno */
void metrics_text_lost(struct metrics_text *text);

/* metrics_text_label - write NAME="VALUE", whatever bytes the value has
 *
 * Returns 0 or -ENOMEM (not reported).
 */
int metrics_text_label(FILE *out, const char *name, const char *value);

#endif /* __BPFTOOL_METRICS_TEXT_CTRL_H */
