// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Standard output: buffered, and a command whose output is lost has failed.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "output_ctrl.h"

/* The first failure of this command: when a full buffer was written nobody kept why */
static int output_err;

static void flush(void)
{
	errno = 0;
	if ((fflush(stdout) || ferror(stdout)) && !output_err)
		output_err = errno ? -errno : -EIO;
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
