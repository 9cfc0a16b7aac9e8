// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What attaching a filter to a socket costs.
 *
 * usage: attach_filter ROUNDS NUMBER OTHERS...
 *
 * For each of ROUNDS prints "OTHERS NANOSECONDS": the CPU time that NUMBER more filters of
 * one instruction took, each attached to a socket that has none and detached again, beside
 * so many OTHERS, divided by NUMBER.
 */
#include <sys/resource.h>
#include <sys/socket.h>
#include <linux/filter.h>

#include "bench.h"

static int new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (fd < 0)
		err(1, "can't open a socket");
	return fd;
}

static void attach(int fd)
{
	struct sock_filter insns[] = { BPF_STMT(BPF_RET | BPF_K, -1) };
	struct sock_fprog filter = { 1, insns };

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)))
		err(1, "can't attach a filter");
}

static void detach(int fd)
{
	int ignored = 0;

	if (setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &ignored, sizeof(ignored)))
		err(1, "can't detach a filter");
}

static unsigned long long attach_and_detach(int fd, unsigned int number)
{
	unsigned long long begin = now(CLOCK_THREAD_CPUTIME_ID);

	while (number--) {
		attach(fd);
		detach(fd);
	}
	return now(CLOCK_THREAD_CPUTIME_ID) - begin;
}

static void measure(int fd, unsigned int number, unsigned int others)
{
	unsigned int few = number / 10 + 1;
	unsigned long long short_time = attach_and_detach(fd, few);
	unsigned long long long_time = attach_and_detach(fd, few + number);

	printf("%u %.2f\n", others, (double)(long_time - short_time) / number);
}

int main(int argc, char **argv)
{
	unsigned int rounds, number, others, made = 0, i;
	struct rlimit limit = { 65536, 65536 };
	int fd = new_socket();

	if (argc < 4)
		errx(1, "usage: attach_filter ROUNDS NUMBER OTHERS...");
	rounds = parse_count(argv[1]);
	number = parse_count(argv[2]);
	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "can't have so many files open");
	for (argv += 3; *argv; argv++) {
		for (others = strtoul(*argv, NULL, 10); made < others; made++)
			attach(new_socket());
		for (i = 0; i < rounds; i++)
			measure(fd, number, others);
	}
	return 0;
}
