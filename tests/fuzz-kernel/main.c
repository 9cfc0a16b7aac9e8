// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: fuzz-kernel SEED SECONDS [CALLS]
 *
 * For SECONDS, or until there were as many CALLS, make random calls on control maps of all
 * types, in several processes and namespaces, while devices, cgroups, sockets and probes come
 * and go. What each process does is drawn from SEED and from what it has seen. Prints
 * what was answered how often, and fails if a call that is to be refused was not, if
 * one that is not always was, if a walk went backwards, or if a buffer was overrun. That the
 * kernel complains is seen by who runs it (vm/run).
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "fuzz.h"

struct shared *shared;

/* xorshift64* */
uint32_t rng_next(struct rng *rng)
{
	rng->state ^= rng->state >> 12;
	rng->state ^= rng->state << 25;
	rng->state ^= rng->state >> 27;
	return rng->state * 0x2545f4914f6cdd1dULL >> 32;
}

static void rng_init(struct rng *rng, uint64_t seed, unsigned int process)
{
	unsigned int i;

	rng->state = (seed * 64 + process) * 0x9e3779b97f4a7c15ULL + 1;
	for (i = 0; i < 8; i++)
		rng_next(rng);
}

long count(unsigned int operation, long ret)
{
	int error = ret < 0 ? errno : 0;

	__atomic_add_fetch(&shared->counts[operation][error < MAX_ERRNO ? error : MAX_ERRNO - 1], 1,
			   __ATOMIC_RELAXED);
	return ret < 0 ? -error : ret;
}

void found(const char *format, ...)
{
	va_list args;

	fputs("found: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static uint64_t calls_of(unsigned int operation)
{
	uint64_t sum = 0;
	unsigned int error;

	for (error = 0; error < MAX_ERRNO; error++)
		sum += shared->counts[operation][error];
	return sum;
}

static uint64_t total(void)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < operations_nr; i++)
		sum += calls_of(i);
	return sum;
}

static void steps_run(struct rng *rng, void (*step)(struct rng *rng))
{
	while (!shared->stop)
		step(rng);
}

static void (*const steps[])(struct rng *rng) = {
	devices_step, cgroups_step, sockets_step, probes_step,
};

#define PROCESSES	(CALLS_KINDS + ARRAY_SIZE(steps))

static void process(uint64_t seed, unsigned int nr)
{
	struct rng rng;

	rng_init(&rng, seed, nr);
	devices_init();
	if (nr < CALLS_KINDS)
		calls_run(&rng, nr);
	else
		steps_run(&rng, steps[nr - CALLS_KINDS]);
}

static pid_t start(uint64_t seed, unsigned int nr)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "can't make a process");
	if (!pid) {
		/* what comes and goes is not to take turns with the calls evenly */
		if (nr >= CALLS_KINDS)
			setpriority(PRIO_PROCESS, 0, 5);
		process(seed, nr);
		exit(0);
	}
	return pid;
}

static void print_counts(void)
{
	unsigned int i, error;

	for (i = 0; i < operations_nr; i++) {
		printf("%-20s", operations[i].name);
		for (error = 0; error < MAX_ERRNO; error++)
			if (shared->counts[i][error])
				printf(" %s %llu", error ? strerrorname_np(error) ?: "ENOTSUPP" : "ok",
				       (unsigned long long)shared->counts[i][error]);
		putchar('\n');
	}
}

static int check_counts(void)
{
	unsigned int i, bad = 0;

	for (i = 0; i < operations_nr; i++) {
		int succeeded = shared->counts[i][0] != 0;

		/* few may all have met nothing */
		if (succeeded != operations[i].refused || (!succeeded && calls_of(i) < 200))
			continue;
		printf("found: %s %s\n", operations[i].name,
		       succeeded ? "succeeded" : "never succeeded");
		bad = 1;
	}
	return bad;
}

/* One that ended before it was told to has found something. */
static int wait_all(void)
{
	int status, bad = 0;
	pid_t pid;

	do {
		pid = wait(&status);
		if (pid < 0 || !status)
			continue;
		if (WIFSIGNALED(status))
			printf("found: a process ended: %s\n", strsignal(WTERMSIG(status)));
		bad = 1;
		shared->stop = 1;
	} while (pid > 0 || errno == EINTR);
	return bad;
}

static void on_alarm(int signal)
{
	static uint64_t last;
	static unsigned int idle;
	uint64_t now = total();

	idle = now == last ? idle + 1 : 0;
	last = now;
	if (now >= shared->calls || time(NULL) >= shared->end)
		shared->stop = 1;
	if (idle == 60) {
		static const char message[] = "found: no call came back for a minute\n";

		if (write(2, message, sizeof(message) - 1) >= 0)
			_exit(1);
	}
	alarm(1);
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t n = strtoull(text, &end, 0);

	if (!*text || *end)
		errx(2, "expected a number, got: '%s'", text);
	return n;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_alarm };
	time_t begin = time(NULL);
	unsigned int i;
	int bad;

	if (argc < 3 || argc > 4)
		errx(2, "usage: fuzz-kernel SEED SECONDS [CALLS]");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED)
		err(1, "can't get memory");
	shared->end = begin + number(argv[2]);
	shared->calls = argc > 3 ? number(argv[3]) : UINT64_MAX;
	calls_create_shared();
	for (i = 0; i < PROCESSES; i++)
		start(number(argv[1]), i);
	sigaction(SIGALRM, &action, NULL);
	alarm(1);
	bad = wait_all();
	print_counts();
	printf("%llu calls in %ld s, seed %s\n", (unsigned long long)total(),
	       (long)(time(NULL) - begin), argv[1]);
	return check_counts() || bad;
}
