// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * JSON as "ctrl dump -j" writes it, to keys and values by their BTF.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "name_ctrl.h"
#include "netdev_ctrl.h"
#include "value_json_ctrl.h"

#define JSON_SPACE	" \t\r\n"
#define NUMBER_CHARS	"+-.0123456789eE"
/* Longer than any number that fits, so that the end does not matter */
#define NUMBER_LEN	48

static void skip_space(struct ctrl_json *json)
{
	json->pos += strspn(json->pos, JSON_SPACE);
}

static void skip_string(struct ctrl_json *json)
{
	for (json->pos++; *json->pos != '"'; json->pos++)
		if (*json->pos == '\\')
			json->pos++;
	json->pos++;
}

void ctrl_json_skip(struct ctrl_json *json)
{
	unsigned int depth = 0;

	do {
		json->pos += strspn(json->pos, JSON_SPACE ",:");
		switch (*json->pos) {
		case '"':
			skip_string(json);
			break;
		case '[':
		case '{':
			depth++;
			json->pos++;
			break;
		case ']':
		case '}':
			depth--;
			json->pos++;
			break;
		default:
			json->pos += strcspn(json->pos, JSON_SPACE ",:[]{}\"");
		}
	} while (depth);
}

void ctrl_json_enter(struct ctrl_json *json)
{
	json->pos++;
}

void ctrl_json_next_value(struct ctrl_json *json, bool named)
{
	json->pos += strspn(json->pos, JSON_SPACE ",");
	if (!named)
		return;
	skip_string(json);
	json->pos += strspn(json->pos, JSON_SPACE ":");
}

void ctrl_json_leave(struct ctrl_json *json)
{
	skip_space(json);
	json->pos++;
}

int ctrl_json_next(struct ctrl_json *json, json_t **root, struct ctrl_msg *msg)
{
	json_error_t error;
	char *c;

	*root = NULL;
	skip_space(json);
	if (json->pos == json->text + json->len)
		return 0;

	/* numbers as real ones: those that matter are taken from the text */
	*root = json_loadb(json->pos, json->text + json->len - json->pos,
			   JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES |
			   JSON_DECODE_INT_AS_REAL, &error);
	if (*root)
		return 0;

	json->pos += error.position > 0 ? error.position : 0;
	/* it quotes the text, and may cut a character into halves */
	for (c = error.text; *c; c++)
		if (*c & 0x80)
			*c = '?';
	return ctrl_msg_set(msg, -EINVAL, "%s", error.text);
}

/* Goes on where it was: there may be many places to tell, mostly one after the other. */
void ctrl_json_where(struct ctrl_json *json, const char *pos, struct ctrl_msg *where)
{
	const char *end;

	if (!json->line || pos < json->line) {
		json->line = json->text;
		json->line_nr = 1;
	}
	while ((end = memchr(json->line, '\n', pos - json->line))) {
		json->line = end + 1;
		json->line_nr++;
	}
	ctrl_msg_set(where, 0, "%s:%lu:%lu", json->name, json->line_nr,
		     (unsigned long)(pos - json->line) + 1);
}

bool ctrl_json_is_zero(const json_t *value)
{
	const json_t *part;
	const char *name;
	size_t i;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		json_object_foreach((json_t *)value, name, part)
			if (!ctrl_json_is_zero(part))
				return false;
		return true;
	case JSON_ARRAY:
		json_array_foreach(value, i, part)
			if (!ctrl_json_is_zero(part))
				return false;
		return true;
	case JSON_STRING:
		return !json_string_length(value);
	case JSON_INTEGER:
	case JSON_REAL:
		return !json_number_value(value);
	default:
		return !json_is_true(value);
	}
}

static int check_kind(const json_t *value, bool ok, const char *path,
		      const char *wanted, struct ctrl_msg *msg)
{
	static const char * const names[] = {
		[JSON_OBJECT]	= "an object",
		[JSON_ARRAY]	= "an array",
		[JSON_STRING]	= "a string",
		[JSON_INTEGER]	= "a number",
		[JSON_REAL]	= "a number",
		[JSON_TRUE]	= "true",
		[JSON_FALSE]	= "false",
		[JSON_NULL]	= "null",
	};

	if (ok)
		return 0;
	return ctrl_msg_set(msg, -EINVAL, "%s%s%s must be %s, got: %s",
			    *path ? "member '" : "a value", path,
			    *path ? "'" : "", wanted,
			    names[json_typeof(value)]);
}

/* "ifname" names "ifindex", and NAME_ifname names NAME. Returns -1 if neither. */
static int member_named_by(const struct ctrl_field *field, const char *name)
{
	static const char suffix[] = "_ifname";
	const struct btf_type *t = ctrl_field_type(field);
	size_t len = strlen(name), tail = sizeof(suffix) - 1;
	struct ctrl_field member;
	int i;

	if (!strcmp(name, "ifname"))
		i = ctrl_member_index(field->btf, t, "ifindex", strlen("ifindex"));
	else if (len > tail && !strcmp(name + len - tail, suffix))
		i = ctrl_member_index(field->btf, t, name, len - tail);
	else
		i = -1;
	if (i < 0)
		return -1;

	member = ctrl_field_member(field, i);
	return ctrl_field_is_ifindex(&member) ? i : -1;
}

static char *bytes_of_name(const json_t *value)
{
	char *name = strdup(json_string_value(value));

	if (name)
		ctrl_name_from_json(name);
	return name;
}

static int check_ifname(__u32 ifindex, const char *name, struct ctrl_msg *msg)
{
	char is[IF_NAMESIZE] = "";

	if (if_indextoname(ifindex, is) ? !strcmp(is, name) : !ctrl_netdev_index(name))
		return 0;

	if (*is)
		return ctrl_msg_set(msg, -EINVAL, "interface %u is '%s', not '%s'",
				    ifindex, is, name);
	return ctrl_msg_set(msg, -EINVAL, "interface '%s' is not %u", name, ifindex);
}

int ctrl_json_check_ifname(__u32 ifindex, const json_t *value, struct ctrl_msg *msg)
{
	char *name = bytes_of_name(value);
	int err;

	err = name ? check_ifname(ifindex, name, msg) :
		     ctrl_msg_set(msg, -ENOMEM, "mem alloc failed");
	free(name);
	return err;
}

int ctrl_json_parse_ifname(const struct ctrl_field *field, const char *what,
			   const json_t *value, void *data, struct ctrl_msg *msg)
{
	char *name = bytes_of_name(value);
	int err;

	err = name ? ctrl_field_parse_ifname(field, what, name, data, msg) :
		     ctrl_msg_set(msg, -ENOMEM, "mem alloc failed");
	free(name);
	return err;
}

/* The number counts: the name beside it is used only where that is missing. */
static int convert_ifname(const json_t *name, const json_t *number,
			  const struct ctrl_field *field, const char *path,
			  void *data, void *given, struct ctrl_msg *msg)
{
	struct ctrl_msg what;
	double ifindex;
	int err;

	err = check_kind(name, json_is_string(name), path, "a string", msg);
	if (err)
		return err;

	ctrl_msg_set(&what, 0, "member '%s'", path);
	if (!number) {
		ctrl_field_mark(field, given);
		return ctrl_json_parse_ifname(field, what.text, name, data, msg);
	}
	/* one that is no index is reported where it stands */
	ifindex = json_number_value(number);
	if (!json_is_number(number) || ifindex < 0 || ifindex > UINT32_MAX)
		return 0;
	return ctrl_json_check_ifname(ifindex, name, msg);
}

/* An unknown member that says nothing does not matter, as in the kernel. */
static int convert_other(struct ctrl_json *json, const json_t *object,
			 const char *name, const json_t *value,
			 const struct ctrl_field *field, const char *path,
			 void *data, void *given, struct ctrl_msg *msg)
{
	const struct btf_type *t = ctrl_field_type(field);
	struct ctrl_field member;
	const json_t *number;
	const char *of;
	int i, err;

	i = member_named_by(field, name);
	if (i >= 0) {
		member = ctrl_field_member(field, i);
		of = btf__name_by_offset(field->btf, btf_members(t)[i].name_off);
		number = json_object_get(object, of);
		err = convert_ifname(value, number, &member, path, data, given, msg);
	} else {
		err = ctrl_json_is_zero(value) ? 0 :
		      ctrl_member_unknown(field->btf, t, path, msg);
	}
	if (!err)
		ctrl_json_skip(json);
	return err;
}

static int convert_struct(struct ctrl_json *json, const json_t *object,
			  const struct ctrl_field *field, const char *path,
			  void *data, void *given, struct ctrl_msg *msg)
{
	const struct btf_type *t = ctrl_field_type(field);
	struct ctrl_field member;
	const char *name;
	const json_t *part;
	char *part_path;
	int i, err;

	err = check_kind(object, json_is_object(object), path, "an object", msg);
	if (err)
		return err;

	ctrl_json_enter(json);
	json_object_foreach((json_t *)object, name, part) {
		ctrl_json_next_value(json, true);
		if (asprintf(&part_path, "%s%s%s", path, *path ? "." : "", name) < 0)
			return ctrl_msg_set(msg, -ENOMEM, "mem alloc failed");

		i = ctrl_member_index(field->btf, t, name, strlen(name));
		if (i >= 0) {
			member = ctrl_field_member(field, i);
			err = ctrl_json_to_field(json, part, &member, part_path,
						 data, given, msg);
		} else {
			err = convert_other(json, object, name, part, field,
					    part_path, data, given, msg);
		}
		free(part_path);
		if (err)
			return err;
	}
	ctrl_json_leave(json);
	return 0;
}

static int convert_element(struct ctrl_json *json, const json_t *value,
			   const struct ctrl_field *field, __u32 i, const char *path,
			   void *data, void *given, struct ctrl_msg *msg)
{
	struct ctrl_field element = ctrl_field_element(field, i);
	char *name;
	int err;

	if (asprintf(&name, "%s[%u]", path, i) < 0)
		return ctrl_msg_set(msg, -ENOMEM, "mem alloc failed");
	err = ctrl_json_to_field(json, value, &element, name, data, given, msg);
	free(name);
	return err;
}

/* A shorter array leaves the rest as it is, a longer one may only add zeros. */
static int convert_array(struct ctrl_json *json, const json_t *array,
			 const struct ctrl_field *field, const char *path,
			 void *data, void *given, struct ctrl_msg *msg)
{
	__u32 nr = btf_array(ctrl_field_type(field))->nelems;
	const json_t *value;
	size_t i;
	int err;

	err = check_kind(array, json_is_array(array), path, "an array", msg);
	if (err)
		return err;

	ctrl_json_enter(json);
	json_array_foreach(array, i, value) {
		ctrl_json_next_value(json, false);
		if (i < nr) {
			err = convert_element(json, value, field, i, path, data,
					      given, msg);
			if (err)
				return err;
		} else if (ctrl_json_is_zero(value)) {
			ctrl_json_skip(json);
		} else {
			return ctrl_msg_set(msg, -EINVAL,
					    "member '%s' is an array of %u", path, nr);
		}
	}
	ctrl_json_leave(json);
	return 0;
}

/* The word that stands for a scalar, or NULL if that can't be one of the field */
static const char *scalar_word(struct ctrl_json *json, const json_t *value,
			       const struct ctrl_field *field,
			       char number[NUMBER_LEN])
{
	bool is_string = ctrl_field_is_string(field);

	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_boolean(value))
		return !ctrl_field_is_bool(field) ? NULL :
		       json_is_true(value) ? "true" : "false";
	if (!json_is_number(value) || is_string)
		return NULL;

	snprintf(number, NUMBER_LEN, "%.*s",
		 (int)strspn(json->pos, NUMBER_CHARS), json->pos);
	return number;
}

static int convert_scalar(struct ctrl_json *json, const json_t *value,
			  const struct ctrl_field *field, const char *path,
			  void *data, void *given, struct ctrl_msg *msg)
{
	char number[NUMBER_LEN], got[NUMBER_LEN];
	struct ctrl_msg what;
	const char *word;
	int err;

	/* a whole key has no name */
	ctrl_msg_set(&what, 0, "%s%s%s", *path ? "member '" : "key", path,
		     *path ? "'" : "");
	word = scalar_word(json, value, field, number);
	if (!word) {
		const char *start = json->pos;

		ctrl_json_skip(json);
		snprintf(got, sizeof(got), "%.*s", (int)(json->pos - start), start);
		json->pos = start;
		return ctrl_field_refuse(field, what.text, got, msg);
	}

	err = ctrl_field_parse(field, what.text, word, data, msg);
	if (!err) {
		ctrl_field_mark(field, given);
		ctrl_json_skip(json);
	}
	return err;
}

int ctrl_json_to_field(struct ctrl_json *json, const json_t *value,
		       const struct ctrl_field *field, const char *path,
		      void *data, void *given, struct ctrl_msg *msg)
{
	const struct btf_type *t = ctrl_field_type(field);

	if (btf_is_struct(t))
		return convert_struct(json, value, field, path, data, given, msg);
	/* text that can't be shown as a string is an array of numbers */
	if (btf_is_array(t) && (!ctrl_field_is_string(field) || json_is_array(value)))
		return convert_array(json, value, field, path, data, given, msg);
	return convert_scalar(json, value, field, path, data, given, msg);
}
