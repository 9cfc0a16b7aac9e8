// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: xskhold DEV QUEUE
 *
 * Has an AF_XDP socket bound to a queue of a device until its standard input ends. Says
 * "ready" when it is.
 */
#include <unistd.h>

#include "frames.h"
#include "xsk.h"

int main(int argc, char **argv)
{
	unsigned char *umem;
	char c;

	if (argc != 3)
		errx(2, "usage: xskhold DEV QUEUE");
	xsk_open(argv[1], to_number(argv[2], 0, 1000), &umem);
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}
