// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Keys and values of control maps, shown by their BTF.
 *
 * There is one walk over the layout of a value. What it meets is written down as JSON,
 * or for people as "name value" pairs, nested names joined as "ctrl set" takes them.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "btf_dump_ctrl.h"
#include "error_ctrl.h"
#include "main.h"
#include "name_ctrl.h"
#include "netns_ctrl.h"
#include "number_ctrl.h"
#include "output_ctrl.h"
#include "value_ctrl.h"

#define LINE_WIDTH	80
#define TAB_WIDTH	8

struct show_format;

struct show {
	const struct show_format *format;
	struct ctrl_source *src;
	json_writer_t *jw;	/* for people: it writes to text */
	/* the rest is for people only */
	FILE *out;
	char *text;
	size_t len;
	char *path;		/* name of what is walked */
	size_t path_len;
	size_t column;		/* 0: nothing written yet */
	int err;
};

struct show_format {
	bool flat;		/* only structs are walked, other arrays are scalars */
	/* of a struct or an array */
	void (*open)(struct show *s, const struct ctrl_layout *layout);
	void (*close)(struct show *s, const struct ctrl_layout *layout);
	/* what comes next is called so */
	void (*member)(struct show *s, const char *name);
	void (*element)(struct show *s, __u32 i);
	/* @data: what the layout's field is a part of */
	void (*scalar)(struct show *s, const struct ctrl_layout *layout, const void *data);
};

static void show(struct show *s, const struct ctrl_layout *layout, const void *data);

/* A struct, or an array of structs */
static bool has_members(const struct ctrl_layout *layout)
{
	while (layout->kind == CTRL_KIND_ARRAY)
		layout = layout->members;
	return layout->kind == CTRL_KIND_STRUCT;
}

static void show_struct(struct show *s, const struct ctrl_layout *layout, const void *data)
{
	const struct ctrl_layout *m = layout->members;
	const struct ctrl_layout *end = m + layout->nr_members;
	size_t len = s->path_len;

	for (; m < end && !s->err; m++) {
		if (ctrl_layout_is_hidden(m, data))
			continue;
		s->format->member(s, m->name);
		show(s, m, data);
		s->path_len = len;
	}
}

static bool is_zero(const char *data, size_t size)
{
	return !size || (!*data && !memcmp(data, data + 1, size - 1));
}

/* Of an array of structs those at the end that are all zero are no entries of it. */
static __u32 count_elems(const struct ctrl_layout *layout, const void *data)
{
	__u32 size = layout->members->size, nr = layout->nr_elems;

	while (nr && has_members(layout) && is_zero(data + (nr - 1) * size, size))
		nr--;
	return nr;
}

static void show_array(struct show *s, const struct ctrl_layout *layout, const void *data)
{
	__u32 i, nr = count_elems(layout, data);
	size_t len = s->path_len;

	for (i = 0; i < nr && !s->err; i++) {
		s->format->element(s, i);
		show(s, layout->members, data + i * layout->members->size);
		s->path_len = len;
	}
}

static void show(struct show *s, const struct ctrl_layout *layout, const void *data)
{
	bool is_struct = layout->kind == CTRL_KIND_STRUCT;

	if (!is_struct && (layout->kind != CTRL_KIND_ARRAY ||
			   (s->format->flat && !has_members(layout)))) {
		s->format->scalar(s, layout, data);
		return;
	}

	s->format->open(s, layout);
	if (is_struct)
		show_struct(s, layout, data + layout->offset);
	else
		show_array(s, layout, data + layout->offset);
	s->format->close(s, layout);
}

static __u32 read_u32(const void *data)
{
	__u32 v;

	memcpy(&v, data, sizeof(v));
	return v;
}

/* JSON */

static void json_open(struct show *s, const struct ctrl_layout *layout)
{
	if (layout->kind == CTRL_KIND_STRUCT)
		jsonw_start_object(s->jw);
	else
		jsonw_start_array(s->jw);
}

static void json_close(struct show *s, const struct ctrl_layout *layout)
{
	if (layout->kind == CTRL_KIND_STRUCT)
		jsonw_end_object(s->jw);
	else
		jsonw_end_array(s->jw);
}

static void json_member(struct show *s, const char *name)
{
	jsonw_name(s->jw, name);
}

static void json_element(struct show *s, __u32 i)
{
}

/* Beside "ifindex" stands "ifname", and beside any other NAME NAME_ifname. */
static void json_ifname(struct ctrl_source *src, json_writer_t *jw,
			const char *member, const void *data)
{
	char prop[ERR_MAX_LEN], name[IF_NAMESIZE];

	if (!ctrl_source_ifname(src, read_u32(data), name))
		return;

	if (strcmp(member, "ifindex"))
		snprintf(prop, sizeof(prop), "%s_ifname", member);
	else
		snprintf(prop, sizeof(prop), "ifname");
	ctrl_json_name_field(jw, prop, name);
}

static void json_scalar(struct show *s, const struct ctrl_layout *layout, const void *data)
{
	const void *start = data + layout->offset;

	switch (layout->kind) {
	case CTRL_KIND_UNSIGNED:
		jsonw_uint(s->jw, ctrl_layout_read(layout, start));
		break;
	case CTRL_KIND_SIGNED:
		jsonw_int(s->jw, ctrl_layout_read(layout, start));
		break;
	default:
		ctrl_field_dump_json(&layout->field, s->jw, data);
	}
	if (layout->is_ifindex && *layout->name)
		json_ifname(s->src, s->jw, layout->name, start);
}

static const struct show_format json_format = {
	.open		= json_open,
	.close		= json_close,
	.member		= json_member,
	.element	= json_element,
	.scalar		= json_scalar,
};

static void show_json(struct ctrl_source *src, json_writer_t *jw,
		      const struct ctrl_layout *layout, const void *data)
{
	struct show s = { .format = &json_format, .src = src, .jw = jw };

	show(&s, layout, data);
}

void ctrl_value_dump_json(struct ctrl_source *src, json_writer_t *jw, const void *value)
{
	show_json(src, jw, src->value_layout, value);
}

void ctrl_key_dump_json(struct ctrl_source *src, json_writer_t *jw, const void *key)
{
	jsonw_string_field(jw, "type", src->name);
	jsonw_name(jw, "key");
	show_json(src, jw, src->key_layout, key);
	if (src->key_layout->is_ifindex)
		json_ifname(src, jw, "ifindex", key);
}

struct key_text {
	const void *key;
	FILE *out;
	const char *sep;
};

static int print_scalar(const struct ctrl_field *field, const void *data, FILE *out)
{
	json_writer_t *jw = jsonw_new(out);

	if (!jw)
		return -ENOMEM;
	ctrl_field_dump_json(field, jw, data);
	/* jsonw_destroy() would end the line */
	free(jw);
	return 0;
}

static int print_key_member(const struct ctrl_field *field, const char *path, void *ctx)
{
	struct key_text *text = ctx;

	fprintf(text->out, "%s%s=", text->sep, path);
	text->sep = ",";
	return print_scalar(field, text->key, text->out);
}

int ctrl_key_print(struct ctrl_source *src, const void *key, FILE *out)
{
	const struct ctrl_field *field = &src->key_layout->field;
	struct key_text text = { .key = key, .out = out, .sep = "" };
	char ifname[IF_NAMESIZE];

	if (src->key_layout->is_ifindex) {
		fprintf(out, "%u", read_u32(key));
		if (ctrl_source_ifname(src, read_u32(key), ifname))
			fprintf(out, " %s", ctrl_name_to_print(ifname));
		return 0;
	}

	if (ctrl_field_is_scalar(field))
		return print_scalar(field, key, out);
	return ctrl_field_for_each(field, "", print_key_member, &text);
}

static void dump_entry_json(struct ctrl_source *src, const void *key, const void *value)
{
	jsonw_start_object(json_wtr);
	ctrl_key_dump_json(src, json_wtr, key);
	jsonw_name(json_wtr, "value");
	ctrl_value_dump_json(src, json_wtr, value);
	jsonw_end_object(json_wtr);
}

/* For people */

static void plain_open(struct show *s, const struct ctrl_layout *layout)
{
}

static void __printf(2, 3) append_path(struct show *s, const char *fmt, ...)
{
	va_list args;
	char *more, *path;
	int len;

	va_start(args, fmt);
	len = vasprintf(&more, fmt, args);
	va_end(args);
	path = len < 0 ? NULL : realloc(s->path, s->path_len + len + 1);
	if (path) {
		memcpy(path + s->path_len, more, len + 1);
		s->path = path;
		s->path_len += len;
	} else {
		s->err = -ENOMEM;
	}
	if (len >= 0)
		free(more);
}

static void plain_member(struct show *s, const char *name)
{
	append_path(s, "%s%s", s->path_len ? "." : "", name);
}

static void plain_element(struct show *s, __u32 i)
{
	append_path(s, "[%u]", i);
}

/* A scalar as it is in JSON, without its quotes, in text */
static bool make_text(struct show *s, const struct ctrl_field *field, const void *data)
{
	rewind(s->out);
	jsonw_reset(s->jw);
	ctrl_field_dump_json(field, s->jw, data);
	fputc('\0', s->out);
	if (s->err || fflush(s->out)) {
		s->err = -ENOMEM;
		return false;
	}

	s->len = strlen(s->text);
	if (*s->text == '"') {
		s->len -= 2;
		memmove(s->text, s->text + 1, s->len);
		s->text[s->len] = '\0';
	}
	return true;
}

static void plain_pair(struct show *s, const char *name, const char *ifname)
{
	size_t len = strlen(name) + 1 + s->len;

	if (ifname)
		len += strlen(ifname) + 3;

	if (s->column && s->column + 2 + len <= LINE_WIDTH) {
		printf("  ");
		s->column += 2 + len;
	} else {
		printf("%s\t", s->column ? "\n" : "");
		s->column = TAB_WIDTH + len;
	}

	printf("%s %s", name, s->text);
	if (ifname)
		printf(" (%s)", ifname);
}

static void plain_scalar(struct show *s, const struct ctrl_layout *layout, const void *data)
{
	char ifname[IF_NAMESIZE];
	bool named;

	if (!make_text(s, &layout->field, data))
		return;
	named = layout->is_ifindex &&
		ctrl_source_ifname(s->src, read_u32(data + layout->offset), ifname);
	plain_pair(s, s->path_len ? s->path : "value",
		   named ? ctrl_name_to_print(ifname) : NULL);
}

static const struct show_format plain_format = {
	.flat		= true,
	.open		= plain_open,
	.close		= plain_open,
	.member		= plain_member,
	.element	= plain_element,
	.scalar		= plain_scalar,
};

/* "3: eth0", or the members of a key that is a struct on lines of their own */
static void plain_key(struct show *s, const void *key)
{
	const struct ctrl_layout *layout = s->src->key_layout;
	char ifname[IF_NAMESIZE];

	if (has_members(layout)) {
		printf("key:\n");
		show(s, layout, key);
		printf("\nvalue:\n");
		s->column = 0;
		return;
	}

	if (!make_text(s, &layout->field, key))
		return;
	printf("%s:", s->text);
	if (layout->is_ifindex && ctrl_source_ifname(s->src, read_u32(key), ifname))
		printf(" %s", ctrl_name_to_print(ifname));
	printf("\n");
}

static int dump_entry_plain(struct ctrl_source *src, const void *key, const void *value)
{
	struct show s = { .format = &plain_format, .src = src };

	s.out = open_memstream(&s.text, &s.len);
	if (s.out)
		s.jw = jsonw_new(s.out);
	if (s.jw)
		plain_key(&s, key);
	else
		s.err = -ENOMEM;
	if (!s.err)
		show(&s, src->value_layout, value);
	if (s.column)
		printf("\n");

	if (s.jw)
		jsonw_destroy(&s.jw);
	if (s.out)
		fclose(s.out);
	free(s.text);
	free(s.path);
	return s.err;
}

int ctrl_entry_dump(struct ctrl_source *src, const void *key, const void *value)
{
	int err = 0;

	if (json_output)
		dump_entry_json(src, key, value);
	else
		err = dump_entry_plain(src, key, value);
	if (err)
		p_err("can't show an entry of %s: %s", src->name, strerror(-err));
	return err;
}

/* One "MEMBER=VALUE" */
static int parse_key_member(struct ctrl_source *src, char *pair, void *key,
			    struct ctrl_msg *msg)
{
	struct ctrl_field field = ctrl_field_root(src->btf, src->key_type_id);
	char *value = strchr(pair, '=');
	struct ctrl_msg what;
	int err;

	if (!value)
		return ctrl_msg_set(msg, -EINVAL, "expected MEMBER=VALUE, got: '%s'", pair);
	*value++ = '\0';
	err = ctrl_field_find(&field, pair, msg);
	if (err)
		return err;
	ctrl_msg_set(&what, 0, "member '%s'", pair);
	return ctrl_field_parse(&field, what.text, value, key, msg);
}

/* "MEMBER=VALUE,MEMBER=VALUE": members that are not named are 0. */
static int parse_struct_key(struct ctrl_source *src, const char *word, void *key)
{
	char *words = strdup(word), *rest = words, *pair;
	struct ctrl_msg msg;
	int err = 0;

	if (!words) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	memset(key, 0, src->key_size);
	while (!err && (pair = strsep(&rest, ",")))
		err = parse_key_member(src, pair, key, &msg);
	if (err)
		p_err("can't parse key '%s' of %s: %s", word, src->name, msg.text);
	free(words);
	return err;
}

int ctrl_key_parse(struct ctrl_source *src, const char *word, void *key)
{
	struct ctrl_field field = ctrl_field_root(src->btf, src->key_type_id);
	struct ctrl_msg msg;
	__u64 number;
	int err;

	if (btf_is_struct(ctrl_field_type(&field)))
		return parse_struct_key(src, word, key) ? CTRL_BAD_WORD : 0;
	if (!ctrl_field_is_scalar(&field)) {
		p_err("can't parse key '%s': keys of %s are not numbers", word,
		      src->name);
		return CTRL_BAD_WORD;
	}

	if (src->given && ctrl_field_is_ifindex(&field) && ctrl_number_parse(word, &number)) {
		p_err("can't find device '%s': a map may be of another network namespace than its reader, so its keys are indices",
		      word);
		return CTRL_BAD_WORD;
	}
	err = ctrl_field_parse(&field, "key", word, key, &msg);
	if (err && ctrl_field_is_ifindex(&field) &&
	    ctrl_number_parse(word + (*word == '-'), &number) == -EINVAL) {
		errno = ENODEV;
		return ctrl_netns_no_device(word);
	}
	if (!err)
		return 0;
	p_err("%s", msg.text);
	return CTRL_BAD_WORD;
}
