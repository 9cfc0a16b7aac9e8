// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * How much memory a command has at its peak.
 *
 * usage: peak COMMAND [ARG]...
 *
 * Runs COMMAND, its output discarded, and prints its greatest resident set in KB.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "bench.h"

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	int ret, status;
	pid_t pid;

	if (argc < 2)
		errx(1, "usage: peak COMMAND [ARG]...");

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
					 O_WRONLY, 0);
	ret = posix_spawnp(&pid, argv[1], &actions, NULL, argv + 1, environ);
	if (ret)
		errx(1, "can't run %s: %s", argv[1], strerror(ret));
	posix_spawn_file_actions_destroy(&actions);

	if (wait4(pid, &status, 0, &usage) != pid)
		err(1, "can't wait for %s", argv[1]);
	if (status)
		errx(1, "%s failed with wait status %#x", argv[1], status);
	printf("%ld\n", usage.ru_maxrss);
	return 0;
}
