/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_CLASSIC_CTRL_H
#define __BPFTOOL_CLASSIC_CTRL_H

#include <stddef.h>
#include <uapi/linux/filter.h>

#define CTRL_CLASSIC_LEN	64

/* ctrl_classic_text - a classic BPF instruction as "tcpdump -d" prints it
 * @nr: its number in the program
 * @text: filled in
 */
void ctrl_classic_text(const struct sock_filter *insn, size_t nr,
		       char text[CTRL_CLASSIC_LEN]);

#endif /* __BPFTOOL_CLASSIC_CTRL_H */
