// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Keys and values of control maps, shown and read by their BTF.
 *
 * Scalars and arrays go through btf_dumper_type(). Structs are walked here,
 * because the names of two typedefs in linux/bpf_ctrl.h say how to show them.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "ctrl.h"
#include "main.h"

#define LINE_WIDTH	80
#define TAB_WIDTH	8

/* Which members of a struct the last bpf_ctrl_valid_t before them covers. */
struct valid_members {
	__u64 mask;
	__u16 first;		/* 0: there was none */
};

static bool is_hint(const struct btf *btf, __u32 type_id, const char *hint)
{
	const struct btf_type *t = btf__type_by_id(btf, type_id);

	while (t && (btf_is_mod(t) || btf_is_typedef(t))) {
		if (btf_is_typedef(t) &&
		    !strcmp(btf__name_by_offset(btf, t->name_off), hint))
			return true;
		t = btf__type_by_id(btf, t->type);
	}
	return false;
}

static bool is_ifindex(const struct btf *btf, __u32 type_id)
{
	return is_hint(btf, type_id, "bpf_ctrl_ifindex_t");
}

/* The masks themselves are not shown either: what is left out says the same. */
static bool member_is_hidden(const struct btf *btf, const struct btf_type *t,
			     __u16 i, const void *data,
			     struct valid_members *valid)
{
	const struct btf_member *m = btf_members(t) + i;
	__u16 bit;

	if (is_hint(btf, m->type, "bpf_ctrl_valid_t")) {
		memcpy(&valid->mask, data, sizeof(valid->mask));
		valid->first = i + 1;
		return true;
	}

	bit = i - valid->first;
	return valid->first && bit < 64 && !(valid->mask >> bit & 1);
}

/* Structs with bit fields are left to btf_dumper_type(), which knows them. */
static const struct btf_type *as_struct(const struct btf *btf, __u32 type_id)
{
	int id = btf__resolve_type(btf, type_id);
	const struct btf_type *t;

	t = id < 0 ? NULL : btf__type_by_id(btf, id);
	return t && btf_is_struct(t) && !btf_kflag(t) ? t : NULL;
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

static int dump_type_json(struct ctrl_source *src, json_writer_t *jw,
			  __u32 type_id, const void *data);

static int dump_struct_json(struct ctrl_source *src, json_writer_t *jw,
			    const struct btf_type *t, const void *data)
{
	const struct btf_member *m = btf_members(t);
	struct valid_members valid = {};
	const void *pos;
	const char *name;
	int err = 0;
	__u16 i;

	jsonw_start_object(jw);
	for (i = 0; i < btf_vlen(t) && !err; i++) {
		pos = data + btf_member_bit_offset(t, i) / 8;
		if (member_is_hidden(src->btf, t, i, pos, &valid))
			continue;
		name = btf__name_by_offset(src->btf, m[i].name_off);
		jsonw_name(jw, name);
		err = dump_type_json(src, jw, m[i].type, pos);
		if (is_ifindex(src->btf, m[i].type))
			dump_ifname_json(src, jw, name, pos);
	}
	jsonw_end_object(jw);
	return err;
}

static int dump_type_json(struct ctrl_source *src, json_writer_t *jw,
			  __u32 type_id, const void *data)
{
	const struct btf_type *t = as_struct(src->btf, type_id);
	const struct btf_dumper d = { .btf = src->btf, .jw = jw };

	if (t)
		return dump_struct_json(src, jw, t, data);
	return btf_dumper_type(&d, type_id, data);
}

int ctrl_value_dump_json(struct ctrl_source *src, json_writer_t *jw,
			 const void *value)
{
	return dump_type_json(src, jw, src->value_type_id, value);
}

static int dump_entry_json(struct ctrl_source *src, const void *key,
			   const void *value)
{
	int err;

	jsonw_start_object(json_wtr);
	jsonw_string_field(json_wtr, "type", src->name);
	jsonw_name(json_wtr, "key");
	err = dump_type_json(src, json_wtr, src->key_type_id, key);
	if (is_ifindex(src->btf, src->key_type_id))
		dump_ifname_json(src, json_wtr, "key", key);
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
static int plain_scalar(struct plain_line *line, __u32 type_id, const void *data)
{
	const struct btf_dumper d = {
		.btf = line->src->btf,
		.jw = line->jw,
		.is_plain_text = true,
	};
	int err;

	rewind(line->out);
	jsonw_reset(line->jw);
	err = btf_dumper_type(&d, type_id, data);
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

static int plain_type(struct plain_line *line, const char *name, __u32 type_id,
		      const void *data);

static int plain_struct(struct plain_line *line, const char *prefix,
			const struct btf_type *t, const void *data)
{
	const struct btf *btf = line->src->btf;
	const struct btf_member *m = btf_members(t);
	struct valid_members valid = {};
	const void *pos;
	char *name;
	int err = 0;
	__u16 i;

	for (i = 0; i < btf_vlen(t) && !err; i++) {
		pos = data + btf_member_bit_offset(t, i) / 8;
		if (member_is_hidden(btf, t, i, pos, &valid))
			continue;
		if (asprintf(&name, "%s%s%s", prefix, *prefix ? "." : "",
			     btf__name_by_offset(btf, m[i].name_off)) < 0)
			return -ENOMEM;
		err = plain_type(line, name, m[i].type, pos);
		free(name);
	}
	return err;
}

static int plain_type(struct plain_line *line, const char *name, __u32 type_id,
		      const void *data)
{
	const struct btf_type *t = as_struct(line->src->btf, type_id);
	char ifname[IF_NAMESIZE];
	bool named;
	int err;

	if (t)
		return plain_struct(line, name, t, data);

	err = plain_scalar(line, type_id, data);
	if (err)
		return err;
	named = is_ifindex(line->src->btf, type_id) &&
		ctrl_source_ifname(line->src, read_u32(data), ifname);
	plain_pair(line, *name ? name : "value", named ? ifname : NULL);
	return 0;
}

/* "3: eth0", or the members of a key that is a struct on lines of their own */
static int plain_key(struct plain_line *line, const void *key)
{
	struct ctrl_source *src = line->src;
	const struct btf_type *t = as_struct(src->btf, src->key_type_id);
	char ifname[IF_NAMESIZE];
	int err;

	if (t) {
		printf("key:\n");
		err = plain_struct(line, "", t, key);
		printf("\nvalue:\n");
		line->column = 0;
		return err;
	}

	err = plain_scalar(line, src->key_type_id, key);
	if (err)
		return err;
	printf("%s:", line->text);
	if (is_ifindex(src->btf, src->key_type_id) &&
	    ctrl_source_ifname(src, read_u32(key), ifname))
		printf(" %s", ifname);
	printf("\n");
	return 0;
}

static int dump_entry_plain(struct ctrl_source *src, const void *key,
			    const void *value)
{
	struct plain_line line;
	int err;

	err = plain_init(&line, src);
	if (!err)
		err = plain_key(&line, key);
	if (!err)
		err = plain_type(&line, "", src->value_type_id, value);
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

/* Decimal or 0x...: nothing else, so that 010 is never taken for 8. */
static bool parse_number(const char *word, __u64 *number)
{
	bool hex = !strncasecmp(word, "0x", 2);
	const char *digits = hex ? word + 2 : word;
	char *end;

	if (!(hex ? isxdigit(*digits) : isdigit(*digits)))
		return false;

	errno = 0;
	*number = strtoull(digits, &end, hex ? 16 : 10);
	return !*end && !errno;
}

/* Keys are little or big endian as this machine is. */
static int store_number(const char *word, __u64 number, __u32 size, bool is_signed,
			void *key)
{
	unsigned int bits = size * 8 - is_signed;
	__u64 max = bits < 64 ? (1ULL << bits) - 1 : ~0ULL;
	__u8 v8 = number;
	__u16 v16 = number;
	__u32 v32 = number;
	const void *from;

	if (number > max) {
		p_err("key '%s' is out of range: it has %u bytes", word, size);
		return -ERANGE;
	}

	from = size == 1 ? (void *)&v8 : size == 2 ? (void *)&v16 :
	       size == 4 ? (void *)&v32 : (void *)&number;
	memcpy(key, from, size);
	return 0;
}

static bool find_enumerator(const struct btf *btf, const struct btf_type *t,
			    const char *word, __u64 *number)
{
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++) {
		__u32 name_off = btf_is_enum(t) ? btf_enum(t)[i].name_off :
						  btf_enum64(t)[i].name_off;

		if (strcmp(btf__name_by_offset(btf, name_off), word))
			continue;
		*number = btf_is_enum(t) ? (__u32)btf_enum(t)[i].val :
					   btf_enum64_value(btf_enum64(t) + i);
		return true;
	}
	return false;
}

static int parse_ifindex(const char *word, void *key)
{
	__u32 ifindex = if_nametoindex(word);

	if (!ifindex) {
		p_err("can't find device '%s': %s", word, strerror(errno));
		return -ENODEV;
	}
	memcpy(key, &ifindex, sizeof(ifindex));
	return 0;
}

static int parse_enum(const struct btf *btf, const struct btf_type *t,
		      const char *word, void *key)
{
	__u64 number;

	/* out of a name, any bit pattern is in range */
	if (find_enumerator(btf, t, word, &number))
		return store_number(word, t->size < 8 ?
				    number & ((1ULL << t->size * 8) - 1) : number,
				    t->size, false, key);

	p_err("can't parse key '%s': neither a number nor one of enum %s", word,
	      btf__name_by_offset(btf, t->name_off));
	return -EINVAL;
}

int ctrl_key_parse(struct ctrl_source *src, const char *word, void *key)
{
	int id = btf__resolve_type(src->btf, src->key_type_id);
	const struct btf_type *t;
	__u64 number;

	t = id < 0 ? NULL : btf__type_by_id(src->btf, id);
	if (!t || !(btf_is_int(t) || btf_is_any_enum(t)) || t->size > 8) {
		p_err("can't parse key '%s': keys of %s are not numbers", word,
		      src->name);
		return -EINVAL;
	}

	if (parse_number(word, &number))
		return store_number(word, number, t->size, btf_is_int(t) &&
				    btf_int_encoding(t) & BTF_INT_SIGNED, key);
	if (is_ifindex(src->btf, src->key_type_id))
		return parse_ifindex(word, key);
	if (btf_is_any_enum(t))
		return parse_enum(src->btf, t, word, key);

	p_err("can't parse key '%s': not a number", word);
	return -EINVAL;
}
