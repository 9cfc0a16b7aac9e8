// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Numbers, read and written for people.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "number_ctrl.h"

/* Returns a number above all digits if it is none. */
static unsigned int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;	/* to lower case */
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

int ctrl_number_parse(const char *text, __u64 *number)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	unsigned int base = hex ? 16 : 10, digit;
	bool overflow = false;
	__u64 sum = 0;

	text += hex ? 2 : 0;
	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		digit = digit_value(*text);
		if (digit >= base)
			return -EINVAL;
		overflow |= __builtin_mul_overflow(sum, base, &sum);
		overflow |= __builtin_add_overflow(sum, digit, &sum);
	}
	*number = sum;
	return overflow ? -ERANGE : 0;
}

void ctrl_number_format(__u64 number, char text[CTRL_NUMBER_LEN])
{
	static const char units[] = "kMGTPE";
	__u64 unit = 1000, whole;
	unsigned int i = 0;

	if (number < 10000) {
		snprintf(text, CTRL_NUMBER_LEN, "%llu", number);
		return;
	}

	while (number / unit >= 1000) {
		unit *= 1000;
		i++;
	}
	whole = number / unit;
	if (whole >= 100)
		snprintf(text, CTRL_NUMBER_LEN, "%llu%c", whole, units[i]);
	else if (whole >= 10)
		snprintf(text, CTRL_NUMBER_LEN, "%llu.%llu%c", whole,
			 number % unit / (unit / 10), units[i]);
	else
		snprintf(text, CTRL_NUMBER_LEN, "%llu.%02llu%c", whole,
			 number % unit / (unit / 100), units[i]);
}
