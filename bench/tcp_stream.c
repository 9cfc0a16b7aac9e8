// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What a stream of TCP takes, to send and on the same CPU to receive.
 *
 * usage: tcp_stream NAME FROM TO ADDR ROUNDS MEGABYTES KSOFTIRQD
 *
 * One connection from network namespace FROM to IPv4 address ADDR of namespace TO. When it
 * has warmed up, for each of ROUNDS prints NAME and the CPU time in nanoseconds of MEGABYTES
 * more, divided by MEGABYTES (of 2^20 bytes): that of sender and receiver, in which most of
 * what the kernel does for them runs, and of process KSOFTIRQD, in which the rest does. While
 * all of them wait there is no CPU time.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "../tests/tools/tcp.h"
#include "bench.h"

#define MEGABYTE	(1UL << 20)
/* as iperf3 writes and reads */
#define CHUNK		(128UL << 10)

/* of threads that share the CPU */
static clockid_t clocks[3] = { CLOCK_PROCESS_CPUTIME_ID };
static char buf[CHUNK];

static unsigned long long cpu_time(void)
{
	unsigned long long sum = 0;
	unsigned int i;

	for (i = 0; i < sizeof(clocks) / sizeof(*clocks); i++)
		sum += now(clocks[i]);
	return sum;
}

static clockid_t clock_of(pid_t pid)
{
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock))
		errx(1, "there is no clock of process %d", pid);
	return clock;
}

/* The child's part, which ends with its parent */
static void send_for_ever(int fd, const struct sockaddr_in *addr)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		err(1, "can't connect");
	while (send(fd, buf, sizeof(buf), 0) > 0)
		;
	err(1, "can't send");
}

static void receive(int fd, unsigned int megabytes)
{
	unsigned long left = megabytes * MEGABYTE;
	ssize_t n;

	while (left) {
		n = recv(fd, buf, left < sizeof(buf) ? left : sizeof(buf), 0);
		if (n <= 0)
			err(1, "can't receive");
		left -= n;
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	unsigned int rounds, megabytes;
	socklen_t len = sizeof(addr);
	int listener, sender, fd;
	unsigned long long begin;
	pid_t child;

	if (argc != 8 || !inet_aton(argv[4], &addr.sin_addr))
		errx(1, "usage: tcp_stream NAME FROM TO ADDR ROUNDS MEGABYTES KSOFTIRQD");
	rounds = parse_count(argv[5]);
	megabytes = parse_count(argv[6]);
	clocks[1] = clock_of(parse_count(argv[7]));

	listener = tcp_socket(argv[3]);
	if (bind(listener, (struct sockaddr *)&addr, sizeof(addr)) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&addr, &len))
		err(1, "can't listen at %s", argv[4]);
	sender = tcp_socket(argv[2]);
	child = fork();
	if (child < 0)
		err(1, "can't fork");
	if (!child)
		send_for_ever(sender, &addr);
	clocks[2] = clock_of(child);

	fd = accept(listener, NULL, NULL);
	if (fd < 0)
		err(1, "can't accept a connection");
	receive(fd, megabytes);
	while (rounds--) {
		begin = cpu_time();
		receive(fd, megabytes);
		printf("%s %.0f\n", argv[1], (double)(cpu_time() - begin) / megabytes);
	}
	kill(child, SIGKILL);
	return 0;
}
