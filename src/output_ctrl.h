/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_OUTPUT_CTRL_H
#define __BPFTOOL_OUTPUT_CTRL_H

/* ctrl_output_begin, ctrl_output_end - around output of many lines
 *
 * bpftool's stdout is line buffered, which costs a system call a line.
 */
void ctrl_output_begin(void);
void ctrl_output_end(void);

/* ctrl_output_flush - at the end of a command: did all of its output get to where it goes?
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_output_flush(void);

#endif /* __BPFTOOL_OUTPUT_CTRL_H */
