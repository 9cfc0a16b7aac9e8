// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A fuzz target where there is no fuzzer, for it is of another machine or compiler: it is
 * given the files of a corpus.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

int main(int argc, char **argv)
{
	static uint8_t data[1 << 20];
	size_t size;
	FILE *file;

	if (argc < 2)
		errx(2, "usage: %s FILE...", *argv);
	while (*++argv) {
		file = fopen(*argv, "re");
		if (!file)
			err(1, "can't open %s", *argv);
		size = fread(data, 1, sizeof(data), file);
		if (ferror(file) || !feof(file))
			errx(1, "can't read all of %s", *argv);
		fclose(file);
		LLVMFuzzerTestOneInput(data, size);
	}
	return 0;
}
