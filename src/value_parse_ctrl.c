// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What words say: which member of a value, and what is stored there.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "netdev_ctrl.h"
#include "number_ctrl.h"
#include "value_ctrl.h"

int ctrl_msg_set(struct ctrl_msg *msg, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(msg->text, sizeof(msg->text), fmt, args);
	va_end(args);
	return err;
}

/* For lists in messages: cut off where the message ends. */
static void __printf(2, 3) msg_append(struct ctrl_msg *msg, const char *fmt, ...)
{
	size_t len = strlen(msg->text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(msg->text + len, sizeof(msg->text) - len, fmt, args);
	va_end(args);
}

int ctrl_member_unknown(const struct btf *btf, const struct btf_type *t,
			const char *path, struct ctrl_msg *msg)
{
	const char *sep = "";
	__u16 i;

	ctrl_msg_set(msg, 0, "no member '%s', struct %s has: ", path,
		     btf__name_by_offset(btf, t->name_off));
	for (i = 0; i < btf_vlen(t); i++) {
		if (ctrl_member_is_mask(btf, t, i))
			continue;
		msg_append(msg, "%s%s", sep,
			   btf__name_by_offset(btf, btf_members(t)[i].name_off));
		sep = ", ";
	}
	return -ENOENT;
}

/* "u32", "enum x", "struct y" or "char[16]", as C has it */
static void append_type(struct ctrl_msg *msg, const struct btf *btf, __u32 type_id)
{
	const struct btf_type *t = btf__type_by_id(btf, type_id);
	const char *kind;

	while (btf_is_mod(t)) {
		type_id = t->type;
		t = btf__type_by_id(btf, type_id);
	}

	if (btf_is_array(t)) {
		append_type(msg, btf, btf_array(t)->type);
		msg_append(msg, "[%u]", btf_array(t)->nelems);
		return;
	}
	kind = btf_is_struct(t) ? "struct " : btf_is_any_enum(t) ? "enum " : "";
	msg_append(msg, "%s%s", kind, btf__name_by_offset(btf, t->name_off));
}

static bool find_enumerator(const struct btf *btf, const struct btf_type *t,
			    const char *word, __u64 *number)
{
	size_t prefix = ctrl_enum_prefix_len(btf, t);
	const char *name;
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++) {
		name = ctrl_enumerator_name(btf, t, i);
		if (strcmp(name, word) && strcmp(name + prefix, word))
			continue;
		*number = ctrl_enumerator_value(t, i);
		return true;
	}
	return false;
}

static void append_enumerators(struct ctrl_msg *msg, const struct btf *btf,
			       const struct btf_type *t)
{
	size_t prefix = ctrl_enum_prefix_len(btf, t);
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++)
		msg_append(msg, "%s%s", i ? ", " : "one of ",
			   ctrl_enumerator_name(btf, t, i) + prefix);
}

static void append_range(struct ctrl_msg *msg, const struct ctrl_field *field)
{
	const struct btf_type *t = ctrl_field_type(field);
	__u64 max;
	__s64 min;

	if (btf_is_any_enum(t)) {
		append_enumerators(msg, field->btf, t);
	} else if (btf_is_array(t)) {
		msg_append(msg, "a string of at most %u characters",
			   btf_array(t)->nelems - 1);
	} else if (ctrl_field_is_bool(field)) {
		msg_append(msg, "on or off");
	} else {
		ctrl_field_range(field, &min, &max);
		if (ctrl_field_is_ifindex(field))
			msg_append(msg, "the name of an interface or ");
		msg_append(msg, "%lld to %llu", min, max);
	}
}

static void append_bits(struct ctrl_msg *msg, const struct ctrl_field *field)
{
	if (field->nr_bits != btf__resolve_size(field->btf, field->type_id) * 8)
		msg_append(msg, ":%u", field->nr_bits);
}

int ctrl_field_refuse(const struct ctrl_field *field, const char *what,
		      const char *got, struct ctrl_msg *msg)
{
	ctrl_msg_set(msg, 0, "%s is ", what);
	append_type(msg, field->btf, field->type_id);
	append_bits(msg, field);
	msg_append(msg, ", ");
	append_range(msg, field);
	msg_append(msg, ", got: %s", got);
	return -EINVAL;
}

/* A struct or an array can't be named as a whole. */
static int refuse_aggregate(const struct ctrl_field *field, const char *path,
			    struct ctrl_msg *msg)
{
	const struct btf_type *t = ctrl_field_type(field);
	__u16 i;

	ctrl_msg_set(msg, 0, "'%s' is ", path);
	append_type(msg, field->btf, field->type_id);
	if (btf_is_array(t)) {
		msg_append(msg, ": name an element, %s[0] to %s[%u]", path, path,
			   btf_array(t)->nelems - 1);
		return -EINVAL;
	}
	msg_append(msg, ": name a member");
	for (i = 0; i < btf_vlen(t); i++)
		if (!ctrl_member_is_mask(field->btf, t, i))
			msg_append(msg, "%s%s.%s", i ? ", " : ", ", path,
				   btf__name_by_offset(field->btf,
						       btf_members(t)[i].name_off));
	return -EINVAL;
}

/* One that is too large, too: it is no name. */
static bool is_number(const char *word)
{
	__u64 number;

	return ctrl_number_parse(word + (*word == '-'), &number) != -EINVAL;
}

static bool parse_number(const struct ctrl_field *field, const char *word,
			 __u64 *number)
{
	bool negative = *word == '-';
	__u64 max;
	__s64 min;

	if (ctrl_number_parse(word + negative, number))
		return false;

	ctrl_field_range(field, &min, &max);
	if (!negative)
		return *number <= max;
	if (*number > 0 - (__u64)min)
		return false;
	*number = 0 - *number;
	return true;
}

static bool parse_bool(const char *word, __u64 *number)
{
	static const char * const words[][2] = {
		{ "off", "on" }, { "false", "true" }, { "0", "1" },
	};
	size_t i, value;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		for (value = 0; value < 2; value++) {
			if (strcmp(word, words[i][value]))
				continue;
			*number = value;
			return true;
		}
	}
	return false;
}

static bool parse_enum(const struct ctrl_field *field, const char *word,
		       __u64 *number)
{
	__u8 data[sizeof(*number)] = {};
	struct ctrl_field copy = *field;

	if (is_number(word))
		return parse_number(field, word, number);
	if (!find_enumerator(field->btf, ctrl_field_type(field), word, number))
		return false;

	/* a bit field may be too narrow for some enumerators */
	copy.bit = 0;
	ctrl_field_store(&copy, data, *number);
	return ctrl_field_load(&copy, data) == *number;
}

static bool parse_scalar(const struct ctrl_field *field, const char *word,
			 __u64 *number)
{
	if (btf_is_any_enum(ctrl_field_type(field)))
		return parse_enum(field, word, number);
	if (ctrl_field_is_bool(field))
		return parse_bool(word, number);
	if (!ctrl_field_is_ifindex(field) || is_number(word))
		return parse_number(field, word, number);

	*number = ctrl_netdev_index(word);
	return *number;
}

static bool store_string(const struct ctrl_field *field, const char *word, void *data)
{
	size_t size = field->nr_bits / 8, len = strlen(word);

	if (len >= size)
		return false;
	memset(data + field->bit / 8, 0, size);
	memcpy(data + field->bit / 8, word, len);
	return true;
}

int ctrl_field_parse(const struct ctrl_field *field, const char *what,
		     const char *word, void *data, struct ctrl_msg *msg)
{
	struct ctrl_msg got;
	__u64 number;

	if (ctrl_field_is_string(field)) {
		if (store_string(field, word, data))
			return 0;
	} else if (parse_scalar(field, word, &number)) {
		ctrl_field_store(field, data, number);
		return 0;
	}
	ctrl_msg_set(&got, 0, "'%s'", word);
	return ctrl_field_refuse(field, what, got.text, msg);
}

int ctrl_field_parse_ifname(const struct ctrl_field *field, const char *what,
			    const char *name, void *data, struct ctrl_msg *msg)
{
	__u32 ifindex = ctrl_netdev_index(name);
	struct ctrl_msg got;

	if (ifindex) {
		ctrl_field_store(field, data, ifindex);
		return 0;
	}
	ctrl_msg_set(&got, 0, "'%s'", name);
	return ctrl_field_refuse(field, what, got.text, msg);
}

/* Goes on at *@pos with "[2]". */
static int find_element(struct ctrl_field *field, const char *path,
			const char **pos, struct ctrl_msg *msg)
{
	const struct btf_type *t = ctrl_field_type(field);
	const char *end = strchr(*pos, ']');
	char digits[CTRL_NUMBER_LEN] = "";
	__u64 i;

	if (!btf_is_array(t) || ctrl_field_is_string(field)) {
		ctrl_msg_set(msg, 0, "no element '%s': '%.*s' is ", path,
			     (int)(*pos - path), path);
		append_type(msg, field->btf, field->type_id);
		return -ENOENT;
	}

	if (end && end - *pos <= CTRL_NUMBER_LEN)
		snprintf(digits, sizeof(digits), "%.*s", (int)(end - *pos - 1), *pos + 1);
	if (ctrl_number_parse(digits, &i) || i >= btf_array(t)->nelems)
		return ctrl_msg_set(msg, -ENOENT,
				    "no element '%s', there are %.*s[0] to %.*s[%u]",
				    path, (int)(*pos - path), path,
				    (int)(*pos - path), path,
				    btf_array(t)->nelems - 1);

	*field = ctrl_field_element(field, i);
	*pos = end + 1;
	return 0;
}

/* Goes on at *@pos with ".num", or with "num" at the start. */
static int find_member(struct ctrl_field *field, const char *path,
		       const char **pos, struct ctrl_msg *msg)
{
	const struct btf_type *t = ctrl_field_type(field);
	const char *name = *pos + (*pos != path);
	size_t len = strcspn(name, ".[");
	int i;

	if (!btf_is_struct(t) || (*pos != path && **pos != '.')) {
		ctrl_msg_set(msg, 0, "no member '%s': '%.*s' is ", path,
			     (int)(*pos - path), path);
		append_type(msg, field->btf, field->type_id);
		return -ENOENT;
	}

	i = ctrl_member_index(field->btf, t, name, len);
	if (i < 0)
		return ctrl_member_unknown(field->btf, t, path, msg);

	*field = ctrl_field_member(field, i);
	*pos = name + len;
	return 0;
}

int ctrl_field_find(struct ctrl_field *field, const char *path,
		    struct ctrl_msg *msg)
{
	const char *pos = path;
	int err;

	do {
		err = *pos == '[' && pos != path ?
		      find_element(field, path, &pos, msg) :
		      find_member(field, path, &pos, msg);
	} while (!err && *pos);

	if (!err && !ctrl_field_is_scalar(field))
		err = refuse_aggregate(field, path, msg);
	return err;
}
