/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_NUMBER_CTRL_H
#define __BPFTOOL_NUMBER_CTRL_H

#include <linux/types.h>

#define CTRL_NUMBER_LEN	48	/* room for a number as text */

/* ctrl_number_parse - read a number: decimal, or hexadecimal behind 0x
 *
 * Never octal: 010 is ten. Used for whatever is a number, on the command line and in JSON.
 * Returns 0, -EINVAL if the text is anything else, or -ERANGE if it has more than 64 bits.
 */
int ctrl_number_parse(const char *text, __u64 *number);

/* ctrl_number_format - a number for people
 *
 * Up to 9999 exact, then three digits and a power of 1000, rounded down so that
 * nothing is shown as more than it is: 12345 is 12.3k.
 */
void ctrl_number_format(__u64 number, char text[CTRL_NUMBER_LEN]);

#endif /* __BPFTOOL_NUMBER_CTRL_H */
