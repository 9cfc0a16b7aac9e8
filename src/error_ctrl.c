// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Errors of the kernel in words.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "error_ctrl.h"

#ifndef ENOTSUPP
#define ENOTSUPP	524	/* leaks out of the kernel without a name */
#endif

#define INITIAL_USER_NS	0xeffffffdU	/* its inode number, everywhere */

const char *ctrl_strerror(int err)
{
	switch (err) {
	case -ENOTSUPP:
		return "Not supported by this kernel";
	case CTRL_NO_PROC:
		return "it takes /proc, which is not mounted here";
	default:
		return strerror(-err);
	}
}

static __u64 own_caps(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
	__u64 caps;

	if (syscall(__NR_capget, &head, data))
		return 0;
	caps = (__u64)data[1].effective << 32 | data[0].effective;
	/* which once was all that there was */
	if (caps & CTRL_CAP(CAP_SYS_ADMIN))
		caps |= CTRL_CAP(CAP_BPF) | CTRL_CAP(CAP_PERFMON);
	return caps;
}

static int is_initial_user_ns(void)
{
	struct stat st;

	return stat("/proc/self/ns/user", &st) || st.st_ino == INITIAL_USER_NS;
}

const char *ctrl_caps_reason(__u64 caps, const char *takes)
{
	if (~own_caps() & caps)
		return takes;
	if (!is_initial_user_ns())
		return "the capabilities are there in this user namespace only";
	return "the capabilities are there, so seccomp or a security module (LSM) refuses it";
}
