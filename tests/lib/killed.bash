# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Commands that are killed: after each call that changes something in bpffs or of a device.

# shellcheck disable=SC2154 # of bats
KILLER=$BATS_FILE_TMPDIR/killer.so

# What makes these calls goes through the C library, libbpf's included.
build_killer()
{
	gcc -shared -fPIC -o "$KILLER" -x c - <<-'C'
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <signal.h>
		#include <stdarg.h>
		#include <stdlib.h>
		#include <sys/syscall.h>
		#include <linux/bpf.h>
		#include <linux/sockios.h>

		static int nr;

		static void changed(void)
		{
			if (++nr == atoi(getenv("KILL_AFTER")))
				raise(SIGKILL);
		}

		long syscall(long number, ...)
		{
			static long (*next)(long number, ...);
			va_list args;
			long a[6], ret;

			va_start(args, number);
			for (int i = 0; i < 6; i++)
				a[i] = va_arg(args, long);
			va_end(args);
			if (!next)
				next = dlsym(RTLD_NEXT, "syscall");
			ret = next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
			/* what is not pinned yet goes with who made it */
			if (number == __NR_bpf && a[0] == BPF_OBJ_PIN)
				changed();
			return ret;
		}

		int unlink(const char *path)
		{
			static int (*next)(const char *path);
			int ret;

			if (!next)
				next = dlsym(RTLD_NEXT, "unlink");
			ret = next(path);
			if (!ret)
				changed();
			return ret;
		}

		int ioctl(int fd, unsigned long request, ...)
		{
			static int (*next)(int fd, unsigned long request, void *arg);
			va_list args;
			void *arg;
			int ret;

			va_start(args, request);
			arg = va_arg(args, void *);
			va_end(args);
			if (!next)
				next = dlsym(RTLD_NEXT, "ioctl");
			ret = next(fd, request, arg);
			if (!ret && request == SIOCETHTOOL)
				changed();
			return ret;
		}
	C
}

# killed_after N COMMAND...: true if it was, false if it ended before
killed_after()
{
	local status=0

	KILL_AFTER=$1 LD_PRELOAD=$KILLER "${@:2}" > /dev/null || status=$?
	[ "$status" = 0 ] || [ "$status" = 137 ] || fail "${*:2}: status $status" || exit
	[ "$status" = 137 ]
}
