/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_ERROR_CTRL_H
#define __BPFTOOL_ERROR_CTRL_H

#include <linux/capability.h>
#include <linux/types.h>

/*
 * What the exit status tells apart: words that are none of those expected, where that is
 * known only after the kernel was asked, and an apply of which some entries failed.
 */
#define CTRL_BAD_WORD		(-4094)
#define CTRL_PARTLY_APPLIED	(-4095)

/* What is there can't be opened as it was looked at, see ctrl_pin_open(). */
#define CTRL_NO_PROC		(-4093)

/* ctrl_strerror - what an error of the kernel means
 * @err: negative errno, also one that C libraries have no words for, or CTRL_NO_PROC
 */
const char *ctrl_strerror(int err);

#define CTRL_CAP(cap)	(1ULL << (cap))

/* ctrl_caps_reason - what else is to be said of EPERM
 * @caps: bits of the capabilities that it takes
 * @takes: the same in words, "it takes CAP_..."
 *
 * That is only so for who lacks one of them.
 */
const char *ctrl_caps_reason(__u64 caps, const char *takes);

#endif /* __BPFTOOL_ERROR_CTRL_H */
