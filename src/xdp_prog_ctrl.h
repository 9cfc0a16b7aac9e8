/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_XDP_PROG_CTRL_H
#define __BPFTOOL_XDP_PROG_CTRL_H

#include <stddef.h>
#include <linux/types.h>

/*
 * XDP programs: names, tags, and which programs are behind libxdp's dispatcher. Without
 * CAP_SYS_ADMIN only their ids are known.
 */

/* xdp_prog_show_json - write prog_id, and what is known of the program, as fields */
void xdp_prog_show_json(__u32 id);

/* xdp_prog_append_name - add its name to those in a cell; a dispatcher's: "name(prog,prog)"
 * xdp_prog_append_tag - likewise
 */
void xdp_prog_append_name(__u32 id, char *text, size_t size);
void xdp_prog_append_tag(__u32 id, char *text, size_t size);

/* xdp_progs_forget - of later programs nothing is known yet */
void xdp_progs_forget(void);

#endif /* __BPFTOOL_XDP_PROG_CTRL_H */
