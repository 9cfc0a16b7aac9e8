/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_VALUE_JSON_CTRL_H
#define __BPFTOOL_VALUE_JSON_CTRL_H

#include <jansson.h>

#include "value_ctrl.h"

/*
 * JSON text and how far it was read. The library checks the syntax and decodes
 * strings, but it knows neither where in the text a value is nor numbers above
 * 2^63: these come from the text itself, which is read in step with its tree.
 */
struct ctrl_json {
	const char *name;	/* of the file, for messages */
	const char *text;	/* NUL-terminated */
	size_t len;
	const char *pos;	/* the value that comes next, or that is wrong */
	const char *line;	/* the line that was asked for last, and its number */
	unsigned long line_nr;
};

/* ctrl_json_next - read the next of the objects and arrays in the text
 * @root: set to its tree, to be released; NULL at the end of the text
 *
 * Leaves json->pos at its start. Returns 0 or a negative errno (noted, with
 * json->pos where the text is wrong).
 */
int ctrl_json_next(struct ctrl_json *json, json_t **root, struct ctrl_msg *msg);

/* ctrl_json_where - FILE:LINE:COLUMN of a place in the text, columns in bytes from 1 */
void ctrl_json_where(struct ctrl_json *json, const char *pos, struct ctrl_msg *where);

/* These read the text in step with the tree: enter an array or object, go on to
 * its next value (its name, for an object, is skipped), skip a value, leave.
 */
void ctrl_json_enter(struct ctrl_json *json);
void ctrl_json_next_value(struct ctrl_json *json, bool named);
void ctrl_json_skip(struct ctrl_json *json);
void ctrl_json_leave(struct ctrl_json *json);

/* Does it say nothing? null, false, 0, "", and arrays and objects of these */
bool ctrl_json_is_zero(const json_t *value);

/* ctrl_json_to_field - convert the value at json->pos
 * @value: its tree
 * @path: name of the field, "" for a whole value
 * @data: the whole key or value
 * @given: likewise: bits that were in the JSON are set in it
 *
 * Leaves json->pos behind the value. Returns 0 or a negative errno (noted, with
 * json->pos at what is wrong).
 */
int ctrl_json_to_field(struct ctrl_json *json, const json_t *value,
		       const struct ctrl_field *field, const char *path,
		      void *data, void *given, struct ctrl_msg *msg);

/* ctrl_json_check_ifname - is that the name of this interface?
 *
 * It is if neither exists any more. Returns 0 or a negative errno (noted).
 */
int ctrl_json_check_ifname(__u32 ifindex, const json_t *name, struct ctrl_msg *msg);

/* ctrl_json_parse_ifname - ctrl_field_parse_ifname() with a name from JSON */
int ctrl_json_parse_ifname(const struct ctrl_field *field, const char *what,
			   const json_t *name, void *data, struct ctrl_msg *msg);

#endif /* __BPFTOOL_VALUE_JSON_CTRL_H */
