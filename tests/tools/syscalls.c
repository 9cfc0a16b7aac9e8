// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A command, system call by system call.
 *
 * usage: syscalls kill N COMMAND [ARG]...
 *	  syscalls count FILE COMMAND [ARG]...
 *
 * "kill" kills COMMAND behind its first flock(), before which what takes a lock changes nothing,
 * and the Nth system call that may change something which outlives it: whoever is killed behind
 * another one leaves what was there before that. "count" writes to FILE how many calls it makes,
 * and the kilobytes of its greatest resident set. The exit status is that of COMMAND, 137 if it
 * was killed.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
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
#include <linux/bpf.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof(*(array)))
#define SYSCALL_STOP	(SIGTRAP | 0x80)

struct run {
	long kill_at;		/* 0: never */
	long calls;
	bool locked;
	long changes;		/* since then, with flock() itself */
};

/*
 * What these do goes with the process, if they do anything: a call not in here counts. (By
 * netlink bpftool only asks.)
 */
static const long passing[] = {
	SYS_read, SYS_pread64, SYS_readlink, SYS_lseek, SYS_close, SYS_fcntl, SYS_getdents64,
	SYS_stat, SYS_lstat, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_statfs, SYS_fstatfs,
	SYS_access, SYS_faccessat, SYS_brk, SYS_mmap, SYS_munmap, SYS_mprotect, SYS_mremap,
	SYS_madvise, SYS_socket, SYS_bind, SYS_getsockname, SYS_getsockopt, SYS_setsockopt,
	SYS_sendto, SYS_recvfrom, SYS_recvmsg, SYS_getpid, SYS_geteuid, SYS_getuid, SYS_gettid, SYS_alarm,
	SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_getrandom, SYS_futex, SYS_capget, SYS_uname,
	SYS_prlimit64, SYS_sysinfo, SYS_sched_getaffinity, SYS_epoll_create1, SYS_setns,
};

/* The same of bpf(): what is made and not pinned goes, too. */
static const unsigned long passing_bpf[] = {
	BPF_MAP_CREATE, BPF_MAP_FREEZE, BPF_PROG_LOAD, BPF_BTF_LOAD, BPF_LINK_CREATE,
	BPF_RAW_TRACEPOINT_OPEN, BPF_OBJ_GET,
	BPF_MAP_LOOKUP_ELEM, BPF_MAP_GET_NEXT_KEY, BPF_MAP_LOOKUP_BATCH, BPF_PROG_QUERY,
	BPF_PROG_GET_NEXT_ID, BPF_MAP_GET_NEXT_ID, BPF_LINK_GET_NEXT_ID, BPF_BTF_GET_NEXT_ID,
	BPF_PROG_GET_FD_BY_ID, BPF_MAP_GET_FD_BY_ID, BPF_LINK_GET_FD_BY_ID,
	BPF_BTF_GET_FD_BY_ID, BPF_OBJ_GET_INFO_BY_FD,
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

static unsigned long peek(pid_t pid, unsigned long address)
{
	return ptrace(PTRACE_PEEKDATA, pid, (void *)address, NULL);
}

/* ioctl(fd, SIOCETHTOOL, struct ifreq *) */
static bool changes_device(pid_t pid, const struct user_regs_struct *regs)
{
	__u32 command = peek(pid, peek(pid, regs->rdx + offsetof(struct ifreq, ifr_data)));

	return command != ETHTOOL_GDRVINFO && command != ETHTOOL_GGRO &&
	       command != ETHTOOL_GCHANNELS;
}

static bool changes(pid_t pid, const struct user_regs_struct *regs)
{
	size_t i;

	if (regs->orig_rax == SYS_openat)
		return regs->rdx & O_CREAT;
	if (regs->orig_rax == SYS_ioctl && regs->rsi == SIOCETHTOOL)
		return changes_device(pid, regs);
	for (i = 0; i < ARRAY_SIZE(passing); i++)
		if (regs->orig_rax == (unsigned long)passing[i])
			return false;
	for (i = 0; i < ARRAY_SIZE(passing_bpf); i++)
		if (regs->orig_rax == SYS_bpf && regs->rdi == passing_bpf[i])
			return false;
	return true;
}

/* At the end of a call */
static void note_call(struct run *run, pid_t pid)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs))
		err(1, "can't see registers");
	run->calls++;
	run->locked |= regs.orig_rax == SYS_flock;
	if (run->locked && changes(pid, &regs) && ++run->changes == run->kill_at)
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
