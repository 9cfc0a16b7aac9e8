// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Names of devices, processes, cgroups: bytes, which JSON and terminals do not take.
 *
 * Not by the C library, which knows nothing of UTF-8 without a locale.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "name_ctrl.h"

/* In JSON, what stands for a byte that is not part of UTF-8: from the private use area */
#define BYTE_BASE	0xf700
#define BYTE_FIRST	0xf780
#define BYTE_LAST	0xf7ff

#define NAME_LEN	4096	/* of the longest path */
#define NR_PRINTED	8

struct range {
	unsigned int first;
	unsigned int last;
};

static const struct range controls[] = {
	{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0x061c, 0x061c }, { 0x200e, 0x200f },
	{ 0x2028, 0x202e }, { 0x2066, 0x2069 },
};

/* Those that take no column, and two: the larger blocks, which do not change. */
static const struct range combining[] = {
	{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x0610, 0x061a },
	{ 0x064b, 0x065f }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x200b, 0x200d },
	{ 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff },
	{ 0xe0100, 0xe01ef },
};

static const struct range wide[] = {
	{ 0x1100, 0x115f }, { 0x2e80, 0x303e }, { 0x3041, 0x4dbf }, { 0x4e00, 0xa4cf },
	{ 0xa960, 0xa97f }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe10, 0xfe19 },
	{ 0xfe30, 0xfe6f }, { 0xff00, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x1f300, 0x1f64f },
	{ 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

static bool is_in(unsigned int c, const struct range *ranges, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

#define IS_IN(c, ranges)	is_in(c, ranges, sizeof(ranges) / sizeof((ranges)[0]))

/* Returns how many bytes it has, 0 if it is none: too long, a surrogate, cut off. */
static int decode(const char *text, unsigned int *c)
{
	static const unsigned int least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = *text;
	int len, i;

	*c = first;
	if (first < 0x80)
		return 1;
	len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	*c = first & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (text[i] & 0x3f);
	}
	if (*c < least[len] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff))
		return 0;
	return len;
}

static char *encode_byte(unsigned char byte, char *to)
{
	unsigned int c = BYTE_BASE + byte;

	*to++ = 0xe0 | c >> 12;
	*to++ = 0x80 | (c >> 6 & 0x3f);
	*to++ = 0x80 | (c & 0x3f);
	return to;
}

char *ctrl_name_to_json(const char *name, char *text)
{
	char *to = text;
	unsigned int c;
	int len;

	for (; *name; name += len) {
		len = decode(name, &c);
		if (!len || (c >= BYTE_FIRST && c <= BYTE_LAST)) {
			to = encode_byte(*name, to);
			len = 1;
			continue;
		}
		memcpy(to, name, len);
		to += len;
	}
	*to = '\0';
	return text;
}

void ctrl_name_from_json(char *text)
{
	char *to = text;
	unsigned int c;
	int len;

	for (; *text; text += len) {
		len = decode(text, &c);
		if (len && c >= BYTE_FIRST && c <= BYTE_LAST) {
			*to++ = c - BYTE_BASE;
			continue;
		}
		len = len ?: 1;
		memmove(to, text, len);
		to += len;
	}
	*to = '\0';
}

char *ctrl_name_to_show(const char *name, char *text)
{
	char *to = text;
	unsigned int c;
	int len;

	for (; *name; name += len) {
		len = decode(name, &c);
		if (!len || IS_IN(c, controls)) {
			to += sprintf(to, "\\x%02x", (unsigned char)*name);
			len = 1;
			continue;
		}
		memcpy(to, name, len);
		to += len;
	}
	*to = '\0';
	return text;
}

const char *ctrl_name_to_print(const char *name)
{
	static char texts[NR_PRINTED][CTRL_NAME_SHOWN(NAME_LEN)];
	static unsigned int next;

	if (strlen(name) > NAME_LEN)
		return "?";
	return ctrl_name_to_show(name, texts[next++ % NR_PRINTED]);
}

int ctrl_text_width(const char *text, size_t *len, int max)
{
	size_t end = len ? *len : SIZE_MAX, pos;
	int width = 0, columns, bytes;
	unsigned int c;

	for (pos = 0; pos < end && text[pos]; pos += bytes) {
		bytes = decode(text + pos, &c) ?: 1;
		columns = IS_IN(c, combining) ? 0 : IS_IN(c, wide) ? 2 : 1;
		if (width + columns > max)
			break;
		width += columns;
	}
	if (len && pos < *len)
		*len = pos;
	return width;
}
