/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_OUTPUT_CTRL_H
#define __BPFTOOL_OUTPUT_CTRL_H

#include "json_writer.h"

/* ctrl_output_hold - where a standard stream is closed nothing that is opened takes its place
 *
 * Else a socket would get what is printed, and the kernel might make sense of it.
 */
void ctrl_output_hold(void);

/* ctrl_output_begin, ctrl_output_end - around output of many lines
 *
 * bpftool's stdout is line buffered, which costs a system call a line.
 */
void ctrl_output_begin(void);
void ctrl_output_end(void);

/* ctrl_json_name, ctrl_json_name_field - a name, whatever its bytes are, as
 * ctrl_name_to_json() has it
 */
void ctrl_json_name(json_writer_t *jw, const char *name);
void ctrl_json_name_field(json_writer_t *jw, const char *field, const char *name);

/* ctrl_output_flush - at the end of a command: did all of its output get to where it goes?
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_output_flush(void);

#endif /* __BPFTOOL_OUTPUT_CTRL_H */
