// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Keys and values of control maps, shown by their BTF.
 *
 * Scalars and their arrays go through btf_dumper_type(). Structs are walked here,
 * because the names of typedefs in linux/bpf_ctrl.h say how to show them.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "ctrl.h"
#include "layout_ctrl.h"
#include "main.h"
#include "value_ctrl.h"

#define LINE_WIDTH	80
#define TAB_WIDTH	8

/* The masks themselves are not shown either: what is left out says the same. */
static bool member_is_hidden(const struct btf *btf, const struct btf_type *t,
			     __u16 i, const void *data,
			     struct ctrl_masks *masks)
{
	return ctrl_masks_add(masks, btf, t, i, data) ||
	       !ctrl_masks_known(masks, i);
}

/* As btf_dumper_type() decides whether it is a string */
static bool is_printable(const char *text, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (!text[i] || text[i] < ' ' || text[i] > '~')
			break;
	return i < size && !text[i];
}

/* A struct, or an array of structs */
static bool has_members(const struct ctrl_slot *slot)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	struct ctrl_slot element;

	if (!btf_is_array(t))
		return btf_is_struct(t);

	element = ctrl_slot_element(slot, 0);
	return has_members(&element);
}

/* btf_dumper_type() wants numbers that are aligned, and not mere bit fields. */
static int dump_number(const struct btf_dumper *d, const struct ctrl_slot *slot,
		       const void *data)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	struct ctrl_slot whole;
	__u64 aligned = 0;

	if (slot->bit % 8 || slot->nr_bits != t->size * 8) {
		whole = ctrl_slot_root(slot->btf, slot->type_id);
		ctrl_slot_store(&whole, &aligned, ctrl_slot_load(slot, data));
	} else {
		memcpy(&aligned, data + slot->bit / 8, t->size);
	}
	return btf_dumper_type(d, slot->type_id, &aligned);
}

static int dump_slot(const struct btf_dumper *d, const struct ctrl_slot *slot,
		     const void *data)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	struct ctrl_slot element;
	int err = 0;
	__u32 i;

	if (ctrl_slot_is_bool(slot)) {
		jsonw_bool(d->jw, ctrl_slot_load(slot, data));
		return 0;
	}
	/* one that is not part of a string: btf_dumper_type() does not escape it */
	if (btf_is_int(t) && btf_int_encoding(t) == BTF_INT_CHAR) {
		jsonw_uint(d->jw, ctrl_slot_load(slot, data));
		return 0;
	}
	if (!btf_is_array(t))
		return dump_number(d, slot, data);

	if (ctrl_slot_is_string(slot) &&
	    is_printable(data + slot->bit / 8, slot->nr_bits / 8))
		return btf_dumper_type(d, slot->type_id, data + slot->bit / 8);

	jsonw_start_array(d->jw);
	for (i = 0; i < btf_array(t)->nelems && !err; i++) {
		element = ctrl_slot_element(slot, i);
		err = dump_slot(d, &element, data);
	}
	jsonw_end_array(d->jw);
	return err;
}

int ctrl_slot_dump_json(const struct ctrl_slot *slot, json_writer_t *jw,
			const void *data)
{
	const struct btf_dumper d = { .btf = slot->btf, .jw = jw };

	return dump_slot(&d, slot, data);
}

static __u32 read_u32(const void *data)
{
	__u32 v;

	memcpy(&v, data, sizeof(v));
	return v;
}

/* Beside "ifindex" stands "ifname", and beside any other NAME NAME_ifname. */
static void dump_ifname_json(struct ctrl_source *src, json_writer_t *jw,
			     const char *member, const void *data)
{
	char prop[ERR_MAX_LEN], name[IF_NAMESIZE];

	if (!ctrl_source_ifname(src, read_u32(data), name))
		return;

	if (strcmp(member, "key") && strcmp(member, "ifindex"))
		snprintf(prop, sizeof(prop), "%s_ifname", member);
	else
		snprintf(prop, sizeof(prop), "ifname");
	jsonw_string_field(jw, prop, name);
}

static int dump_json(struct ctrl_source *src, json_writer_t *jw,
		     const struct ctrl_layout *layout, const void *data);

static int dump_struct_json(struct ctrl_source *src, json_writer_t *jw,
			    const struct ctrl_layout *layout, const void *data)
{
	const struct ctrl_layout *m = layout->members;
	const struct ctrl_layout *end = m + layout->nr_members;
	int err = 0;

	jsonw_start_object(jw);
	for (; m < end && !err; m++) {
		if (ctrl_layout_is_hidden(m, data))
			continue;
		jsonw_name(jw, m->name);
		err = dump_json(src, jw, m, data);
		if (m->is_ifindex)
			dump_ifname_json(src, jw, m->name, data + m->offset);
	}
	jsonw_end_object(jw);
	return err;
}

static int dump_array_json(struct ctrl_source *src, json_writer_t *jw,
			   const struct ctrl_layout *layout, const void *data)
{
	int err = 0;
	__u32 i;

	jsonw_start_array(jw);
	for (i = 0; i < layout->nr_elems && !err; i++)
		err = dump_json(src, jw, layout->members,
				data + i * layout->members->size);
	jsonw_end_array(jw);
	return err;
}

/* @data: what the layout's slot is a part of */
static int dump_json(struct ctrl_source *src, json_writer_t *jw,
		     const struct ctrl_layout *layout, const void *data)
{
	const void *start = data + layout->offset;

	switch (layout->kind) {
	case CTRL_KIND_STRUCT:
		return dump_struct_json(src, jw, layout, start);
	case CTRL_KIND_ARRAY:
		return dump_array_json(src, jw, layout, start);
	case CTRL_KIND_UNSIGNED:
		jsonw_uint(jw, ctrl_layout_read(layout, start));
		return 0;
	case CTRL_KIND_SIGNED:
		jsonw_int(jw, ctrl_layout_read(layout, start));
		return 0;
	default:
		return ctrl_slot_dump_json(&layout->slot, jw, data);
	}
}

int ctrl_value_dump_json(struct ctrl_source *src, json_writer_t *jw,
			 const void *value)
{
	return dump_json(src, jw, src->value_layout, value);
}

int ctrl_key_dump_json(struct ctrl_source *src, json_writer_t *jw,
		       const void *key)
{
	int err;

	jsonw_string_field(jw, "type", src->name);
	jsonw_name(jw, "key");
	err = dump_json(src, jw, src->key_layout, key);
	if (src->key_layout->is_ifindex)
		dump_ifname_json(src, jw, "key", key);
	return err;
}

int ctrl_key_print(struct ctrl_source *src, const void *key, FILE *out)
{
	char ifname[IF_NAMESIZE];
	json_writer_t *jw;
	int err;

	if (src->key_layout->is_ifindex) {
		fprintf(out, "%u", read_u32(key));
		if (ctrl_source_ifname(src, read_u32(key), ifname))
			fprintf(out, " %s", ifname);
		return 0;
	}

	jw = jsonw_new(out);
	if (!jw)
		return -ENOMEM;
	err = dump_json(src, jw, src->key_layout, key);
	/* jsonw_destroy() would end the line */
	free(jw);
	return err;
}

static int dump_entry_json(struct ctrl_source *src, const void *key,
			   const void *value)
{
	int err;

	jsonw_start_object(json_wtr);
	err = ctrl_key_dump_json(src, json_wtr, key);
	if (!err) {
		jsonw_name(json_wtr, "value");
		err = ctrl_value_dump_json(src, json_wtr, value);
	}
	jsonw_end_object(json_wtr);
	return err;
}

/* Plain output: "name value" pairs, nested names joined by dots. */
struct plain_line {
	struct ctrl_source *src;
	json_writer_t *jw;	/* writes to text */
	FILE *out;
	char *text;
	size_t len;
	size_t column;		/* 0: nothing written yet */
};

static int plain_init(struct plain_line *line, struct ctrl_source *src)
{
	*line = (struct plain_line){ .src = src };

	line->out = open_memstream(&line->text, &line->len);
	if (line->out)
		line->jw = jsonw_new(line->out);
	return line->jw ? 0 : -ENOMEM;
}

static void plain_free(struct plain_line *line)
{
	if (line->jw)
		jsonw_destroy(&line->jw);
	if (line->out)
		fclose(line->out);
	free(line->text);
}

/* The text of a scalar as btf_dumper_type() writes it, without its quotes. */
static int plain_scalar(struct plain_line *line, const struct ctrl_slot *slot,
			const void *data)
{
	const struct btf_dumper d = {
		.btf = line->src->btf,
		.jw = line->jw,
		.is_plain_text = true,
	};
	int err;

	rewind(line->out);
	jsonw_reset(line->jw);
	err = dump_slot(&d, slot, data);
	fputc('\0', line->out);
	if (fflush(line->out))
		return -ENOMEM;
	if (err)
		return err;

	line->len = strlen(line->text);
	if (*line->text == '"') {
		line->len -= 2;
		memmove(line->text, line->text + 1, line->len);
		line->text[line->len] = '\0';
	}
	return 0;
}

static void plain_pair(struct plain_line *line, const char *name,
		       const char *ifname)
{
	size_t len = strlen(name) + 1 + line->len;

	if (ifname)
		len += strlen(ifname) + 3;

	if (line->column && line->column + 2 + len <= LINE_WIDTH) {
		printf("  ");
		line->column += 2 + len;
	} else {
		printf("%s\t", line->column ? "\n" : "");
		line->column = TAB_WIDTH + len;
	}

	printf("%s %s", name, line->text);
	if (ifname)
		printf(" (%s)", ifname);
}

static int plain_slot(struct plain_line *line, const char *name,
		      const struct ctrl_slot *slot, const void *data);

static int plain_struct(struct plain_line *line, const char *prefix,
			const struct ctrl_slot *slot, const void *data)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	const struct btf *btf = line->src->btf;
	struct ctrl_masks masks = {};
	struct ctrl_slot member;
	char *name;
	int err = 0;
	__u16 i;

	for (i = 0; i < btf_vlen(t) && !err; i++) {
		member = ctrl_slot_member(slot, i);
		if (member_is_hidden(btf, t, i, data + member.bit / 8, &masks))
			continue;
		if (asprintf(&name, "%s%s%s", prefix, *prefix ? "." : "",
			     btf__name_by_offset(btf, btf_members(t)[i].name_off)) < 0)
			return -ENOMEM;
		err = plain_slot(line, name, &member, data);
		free(name);
	}
	return err;
}

/* Named as "ctrl set" takes them */
static int plain_structs(struct plain_line *line, const char *prefix,
			 const struct ctrl_slot *slot, const void *data)
{
	__u32 i, nr = btf_array(ctrl_slot_type(slot))->nelems;
	struct ctrl_slot element;
	char *name;
	int err = 0;

	for (i = 0; i < nr && !err; i++) {
		if (asprintf(&name, "%s[%u]", prefix, i) < 0)
			return -ENOMEM;
		element = ctrl_slot_element(slot, i);
		err = plain_slot(line, name, &element, data);
		free(name);
	}
	return err;
}

static int plain_slot(struct plain_line *line, const char *name,
		      const struct ctrl_slot *slot, const void *data)
{
	char ifname[IF_NAMESIZE];
	bool named;
	int err;

	if (has_members(slot))
		return btf_is_struct(ctrl_slot_type(slot)) ?
		       plain_struct(line, name, slot, data) :
		       plain_structs(line, name, slot, data);

	err = plain_scalar(line, slot, data);
	if (err)
		return err;
	named = ctrl_slot_is_ifindex(slot) &&
		ctrl_source_ifname(line->src, read_u32(data + slot->bit / 8), ifname);
	plain_pair(line, *name ? name : "value", named ? ifname : NULL);
	return 0;
}

/* "3: eth0", or the members of a key that is a struct on lines of their own */
static int plain_key(struct plain_line *line, const void *key)
{
	struct ctrl_source *src = line->src;
	struct ctrl_slot slot = ctrl_slot_root(src->btf, src->key_type_id);
	char ifname[IF_NAMESIZE];
	int err;

	if (has_members(&slot)) {
		printf("key:\n");
		err = plain_slot(line, "", &slot, key);
		printf("\nvalue:\n");
		line->column = 0;
		return err;
	}

	err = plain_scalar(line, &slot, key);
	if (err)
		return err;
	printf("%s:", line->text);
	if (ctrl_slot_is_ifindex(&slot) &&
	    ctrl_source_ifname(src, read_u32(key), ifname))
		printf(" %s", ifname);
	printf("\n");
	return 0;
}

static int dump_entry_plain(struct ctrl_source *src, const void *key,
			    const void *value)
{
	struct ctrl_slot slot = ctrl_slot_root(src->btf, src->value_type_id);
	struct plain_line line;
	int err;

	err = plain_init(&line, src);
	if (!err)
		err = plain_key(&line, key);
	if (!err)
		err = plain_slot(&line, "", &slot, value);
	if (line.column)
		printf("\n");
	plain_free(&line);
	return err;
}

int ctrl_entry_dump(struct ctrl_source *src, const void *key, const void *value)
{
	int err;

	err = json_output ? dump_entry_json(src, key, value) :
			    dump_entry_plain(src, key, value);
	if (err)
		p_err("can't show an entry of %s by its BTF: %s", src->name,
		      strerror(-err));
	return err;
}
