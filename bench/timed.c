// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The CPU time that a command takes, user and system, and its memory.
 *
 * usage: timed NAME ROUNDS COMMAND [ARG]...
 *
 * Runs COMMAND ROUNDS times, its output discarded. For each prints two lines: NAME and
 * milliseconds, and "NAME/peak" and the kilobytes of its greatest resident set.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "bench.h"

static double milliseconds(const struct timeval *tv)
{
	return tv->tv_sec * 1e3 + tv->tv_usec / 1e3;
}

static void run_command(char **argv, struct rusage *usage)
{
	posix_spawn_file_actions_t actions;
	int ret, status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
					 O_WRONLY, 0);
	ret = posix_spawnp(&pid, *argv, &actions, NULL, argv, environ);
	if (ret)
		errx(1, "can't run %s: %s", *argv, strerror(ret));
	posix_spawn_file_actions_destroy(&actions);

	if (wait4(pid, &status, 0, usage) != pid)
		err(1, "can't wait for %s", *argv);
	if (status)
		errx(1, "%s failed with wait status %#x", *argv, status);
}

int main(int argc, char **argv)
{
	struct rusage usage;
	unsigned int rounds;

	if (argc < 4)
		errx(1, "usage: timed NAME ROUNDS COMMAND [ARG]...");

	for (rounds = parse_count(argv[2]); rounds; rounds--) {
		run_command(argv + 3, &usage);
		printf("%s %.3f\n", argv[1], milliseconds(&usage.ru_utime) +
		       milliseconds(&usage.ru_stime));
		printf("%s/peak %ld\n", argv[1], usage.ru_maxrss);
	}
	return 0;
}
