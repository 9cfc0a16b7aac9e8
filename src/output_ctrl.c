// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Standard output: buffered, and a command whose output is lost has failed.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "main.h"
#include "name_ctrl.h"
#include "output_ctrl.h"

/* The first failure of this command: when a full buffer was written nobody kept why */
static int output_err;

static void flush(void)
{
	errno = 0;
	if ((fflush(stdout) || ferror(stdout)) && !output_err)
		output_err = errno ? -errno : -EIO;
}

void ctrl_output_hold(void)
{
	int fd;

	/* what can be neither read nor written, as if it were closed */
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/", O_PATH);
}

void ctrl_output_begin(void)
{
	setvbuf(stdout, NULL, _IOFBF, 0);
}

void ctrl_output_end(void)
{
	flush();
	setvbuf(stdout, NULL, _IOLBF, 0);
}

void ctrl_json_name(json_writer_t *jw, const char *name)
{
	char *text = malloc(CTRL_NAME_JSON(strlen(name)));

	jsonw_string(jw, text ? ctrl_name_to_json(name, text) : "");
	free(text);
}

void ctrl_json_name_field(json_writer_t *jw, const char *field, const char *name)
{
	jsonw_name(jw, field);
	ctrl_json_name(jw, name);
}

/*
 * In place of bpftool's p_err(), see scripts/build-bpftool: what it quotes, words and names,
 * may be no text, and -j is to be JSON nevertheless.
 */
void __printf(1, 2) __real_p_err(const char *fmt, ...);
void __printf(1, 2) __wrap_p_err(const char *fmt, ...);

void __wrap_p_err(const char *fmt, ...)
{
	char *text, *shown;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vasprintf(&text, fmt, args);
	va_end(args);
	shown = len < 0 ? NULL : malloc(CTRL_NAME_SHOWN((size_t)len));
	if (!shown)
		__real_p_err("mem alloc failed");
	else
		__real_p_err("%s", json_output ? ctrl_name_to_json(text, shown) :
						 ctrl_name_to_show(text, shown));
	free(shown);
	if (len >= 0)
		free(text);
}

int ctrl_output_flush(void)
{
	int err;

	flush();
	err = output_err;
	output_err = 0;
	clearerr(stdout);
	/* not p_err(): with -j that writes to standard output, too */
	if (err)
		fprintf(stderr, "Error: can't write to standard output%s%s\n",
			err == -EIO ? "" : ": ", err == -EIO ? "" : strerror(-err));
	return err;
}
