/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Names are bytes: what the kernel has need not be text, and need not be harmless. */
#ifndef __BPFTOOL_NAME_CTRL_H
#define __BPFTOOL_NAME_CTRL_H

#include <stddef.h>

/* Room for a name of up to LEN bytes in JSON, or shown; its end included */
#define CTRL_NAME_JSON(len)	(3 * (len) + 1)
#define CTRL_NAME_SHOWN(len)	(4 * (len) + 1)

/* ctrl_name_to_json - make a name UTF-8, so that ctrl_name_from_json() can undo it
 * @text: room for CTRL_NAME_JSON(strlen(name))
 *
 * A byte that is not part of UTF-8 becomes U+F700 plus the byte, and so does each byte of
 * one of U+F780 to U+F7FF, for these stand for bytes. Returns @text.
 */
char *ctrl_name_to_json(const char *name, char *text);

/* ctrl_name_from_json - undo it, in place */
void ctrl_name_from_json(char *text);

/* ctrl_name_to_show - make a name, or any text, harmless for terminals
 * @text: room for CTRL_NAME_SHOWN(strlen(name))
 *
 * Control characters, those that change the direction of writing, and what is no UTF-8
 * become \x1b. Returns @text.
 */
char *ctrl_name_to_show(const char *name, char *text);

/* ctrl_name_to_print - the same in memory that is good until the eighth call after it */
const char *ctrl_name_to_print(const char *name);

/* ctrl_text_width - how many columns of a terminal UTF-8 takes
 * @len: where it is to end, cut to what @max columns have room for; may be NULL
 */
int ctrl_text_width(const char *text, size_t *len, int max);

#endif /* __BPFTOOL_NAME_CTRL_H */
