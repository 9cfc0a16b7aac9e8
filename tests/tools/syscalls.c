// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A command, system call by system call.
 *
 * usage: syscalls kill N COMMAND [ARG]...
 *	  syscalls count FILE COMMAND [ARG]...
 *
 * "kill" kills COMMAND behind the Nth system call after its first flock(), before which what
 * takes a lock changes nothing. "count" writes to FILE how many it makes, and the kilobytes
 * of its greatest resident set. The exit status is that of COMMAND, 137 if it was killed.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYSCALL_STOP	(SIGTRAP | 0x80)

struct run {
	long kill_at;		/* 0: never */
	long calls;
	long locked;		/* calls since flock(), which is the first */
};

static pid_t start(char **argv)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		err(1, "can't fork");
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execvp(*argv, argv);
		err(127, "can't run %s", *argv);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		errx(1, "%s does not stop", *argv);
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL))
		err(1, "can't trace %s", *argv);
	return pid;
}

/* At the end of a call */
static void note_call(struct run *run, pid_t pid)
{
	long nr = ptrace(PTRACE_PEEKUSER, pid, offsetof(struct user, regs.orig_rax), NULL);

	run->calls++;
	if (run->locked || nr == SYS_flock)
		run->locked++;
	if (run->kill_at && run->locked == run->kill_at)
		kill(pid, SIGKILL);
}

static int trace(struct run *run, pid_t pid, struct rusage *usage)
{
	int status, signal = 0, inside = 0;

	while (!ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)signal) || errno == ESRCH) {
		if (wait4(pid, &status, 0, usage) != pid)
			err(1, "can't wait");
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		signal = WSTOPSIG(status) == SYSCALL_STOP ? 0 : WSTOPSIG(status);
		if (WSTOPSIG(status) == SYSCALL_STOP && inside)
			note_call(run, pid);
		inside ^= WSTOPSIG(status) == SYSCALL_STOP;
		/* of exec */
		if (signal == SIGTRAP)
			signal = 0;
	}
	err(1, "can't trace");
}

int main(int argc, char **argv)
{
	struct rusage usage;
	struct run run = {};
	int status;
	FILE *file;

	if (argc < 4 || (strcmp(argv[1], "kill") && strcmp(argv[1], "count")))
		errx(2, "usage: syscalls { kill N | count FILE } COMMAND [ARG]...");
	if (!strcmp(argv[1], "kill"))
		run.kill_at = atol(argv[2]);
	status = trace(&run, start(argv + 3), &usage);
	if (run.kill_at)
		return status;

	file = fopen(argv[2], "we");
	if (!file || fprintf(file, "%ld %ld\n", run.calls, usage.ru_maxrss) < 0 || fclose(file))
		err(1, "can't write %s", argv[2]);
	return status;
}
