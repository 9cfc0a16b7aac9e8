// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Fuzz target: all of "ctrl apply", its report included, against objects in memory.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

static int apply(const uint8_t *data, size_t size)
{
	char path[64], *argv[] = { path };
	int fd, err;

	fd = memfd_create("json", MFD_CLOEXEC);
	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);

	fuzz_gets = 0;
	fuzz_sets = 0;
	fuzz_json_begin();
	err = do_ctrl_apply(1, argv);
	fuzz_json_end();
	close(fd);
	return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int entries;

	fuzz_reset();
	dry_run = true;
	apply(data, size);
	assert(!fuzz_sets);

	dry_run = false;
	if (apply(data, size))
		return 0;

	/* what was applied is the state now, unless a later entry changed it again */
	entries = fuzz_gets;
	if (entries == 1) {
		apply(data, size);
		assert(!fuzz_sets);
	}
	return 0;
}
