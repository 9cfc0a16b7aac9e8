// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The entries of a JSON text, as "ctrl dump -j" prints them, converted by the BTF of the
 * control types that they name.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply_entries_ctrl.h"
#include "main.h"
#include "name_ctrl.h"
#include "netdev_ctrl.h"
#include "value_ctrl.h"

/* The members of an entry, and where their values are in the text */
enum { PART_TYPE, PART_KEY, PART_IFNAME, PART_VALUE, NR_PARTS };

struct entry_parts {
	const json_t *values[NR_PARTS];
	const char *pos[NR_PARTS];
};

static int open_type(struct apply_entries *all, const struct ctrl_type *type,
		     struct apply_type **at)
{
	struct apply_type *new;
	__u32 size;
	int err;

	new = calloc(1, sizeof(*new));
	if (!new) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	new->type = type;
	err = ctrl_source_open(&new->src, type->id, type->info.name) ?:
	      ctrl_source_load_btf(&new->src);
	if (err)
		goto err_close;

	size = new->src.value_size;
	new->now = calloc(6, size);
	if (!new->now) {
		p_err("mem alloc failed");
		err = -ENOMEM;
		goto err_close;
	}
	new->then = new->now + size;
	new->settable = new->now + 2 * size;
	new->commands = new->now + 3 * size;
	new->changed = new->now + 4 * size;
	new->ignored = new->now + 5 * size;

	new->next = all->types;
	all->types = new;
	*at = new;
	return 0;

err_close:
	ctrl_source_close(&new->src);
	free(new);
	return err;
}

/* Notes what is wrong; all of it is reported in the end. */
static int note(struct apply_entries *all, int err, const struct ctrl_msg *msg)
{
	struct apply_faults *faults = &all->faults;
	struct ctrl_msg where;

	if (!faults->out)
		faults->out = open_memstream(&faults->text, &faults->len);
	if (!faults->out) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	ctrl_json_where(&all->json, all->json.pos, &where);
	fprintf(faults->out, "%s%s: %s", faults->nr++ ? "\n" : "", where.text, msg->text);
	return err;
}

/* With -j as one error of several lines, for there is one JSON text. */
static int report_faults(struct apply_entries *all)
{
	struct apply_faults *faults = &all->faults;
	char *line, *next;

	if (!faults->out)
		return 0;
	if (fflush(faults->out)) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	if (json_output) {
		p_err("%s", faults->text);
		return -EINVAL;
	}
	for (next = faults->text; (line = strsep(&next, "\n"));)
		p_err("%s", line);
	return -EINVAL;
}

#define refuse(all, err, ...) ({					\
	struct ctrl_msg __msg;						\
	ctrl_msg_set(&__msg, 0, __VA_ARGS__);				\
	note(all, err, &__msg);						\
})

static int get_type(struct apply_entries *all, const json_t *value,
		    struct apply_type **at)
{
	const char *name = json_string_value(value);
	struct apply_type *type;
	size_t i;

	if (!name)
		return refuse(all, -EINVAL, "'type' must be a string");

	for (type = all->types; type; type = type->next) {
		if (strcmp(type->type->info.name, name))
			continue;
		*at = type;
		return 0;
	}

	for (i = 0; i < all->list.nr; i++) {
		if (strcmp(all->list.types[i].info.name, name))
			continue;
		if (!(all->list.types[i].info.ops & BPF_CTRL_OP_UPDATE))
			return refuse(all, -EPERM,
				      "control type %s is read-only", name);
		return open_type(all, &all->list.types[i], at);
	}
	return refuse(all, -ENOENT, "no control type '%s' in this kernel", name);
}

/* Notes where the members are: they come in any order. */
static int find_parts(struct apply_entries *all, const json_t *object,
		      struct entry_parts *parts)
{
	static const char * const names[] = { "type", "key", "ifname", "value" };
	struct ctrl_json *json = &all->json;
	const json_t *value;
	const char *name;
	size_t i;

	ctrl_json_enter(json);
	json_object_foreach((json_t *)object, name, value) {
		ctrl_json_next_value(json, true);
		for (i = 0; i < NR_PARTS && strcmp(name, names[i]); i++)
			;
		if (i < NR_PARTS) {
			parts->values[i] = value;
			parts->pos[i] = json->pos;
		} else if (!ctrl_json_is_zero(value)) {
			return refuse(all, -EINVAL,
				      "no member '%s', an entry has: type, key, ifname, value",
				      name);
		}
		ctrl_json_skip(json);
	}
	ctrl_json_leave(json);
	return 0;
}

static int convert_part(struct apply_entries *all, const struct entry_parts *parts,
			int part, const struct ctrl_field *field, void *data,
			void *given)
{
	struct ctrl_msg msg;
	int err;

	all->json.pos = parts->pos[part];
	err = ctrl_json_to_field(&all->json, parts->values[part], field, "", data,
				 given, &msg);
	return err ? note(all, err, &msg) : 0;
}

static int convert_key(struct apply_entries *all, const struct entry_parts *parts,
		       struct apply_entry *entry)
{
	struct ctrl_source *src = &entry->type->src;
	struct ctrl_field field = ctrl_field_root(src->btf, src->key_type_id);
	const json_t *name = parts->values[PART_IFNAME];
	struct ctrl_msg msg;
	void *given;
	int err = 0;

	if (parts->values[PART_KEY]) {
		given = calloc(1, src->key_size);
		if (!given) {
			p_err("mem alloc failed");
			return -ENOMEM;
		}
		err = convert_part(all, parts, PART_KEY, &field, entry->key, given);
		free(given);
	}
	if (err || !parts->values[PART_IFNAME])
		return err;

	all->json.pos = parts->pos[PART_IFNAME];
	if (!json_is_string(name) || !ctrl_field_is_ifindex(&field))
		return refuse(all, -EINVAL, json_is_string(name) ?
			      "keys of %s are not interfaces" :
			      "'ifname' of an entry of %s must be a string",
			      src->name);

	err = parts->values[PART_KEY] ?
	      ctrl_json_check_ifname(ctrl_field_load(&field, entry->key), name, &msg) :
	      ctrl_json_parse_ifname(&field, "ifname", name, entry->key, &msg);
	return err ? note(all, err, &msg) : 0;
}

static int add_entry(struct apply_entries *all, struct apply_type *type,
		     const char *pos, struct apply_entry **at)
{
	size_t max = all->max ? all->max * 2 : 64;
	struct apply_entry *entries = all->entries;
	struct ctrl_source *src = &type->src;
	__u8 *mem;

	if (all->nr == all->max) {
		entries = realloc(entries, max * sizeof(*entries));
		if (!entries)
			goto err_nomem;
		all->entries = entries;
		all->max = max;
	}
	mem = calloc(1, src->key_size + 2 * (size_t)src->value_size);
	if (!mem)
		goto err_nomem;

	*at = &entries[all->nr++];
	**at = (struct apply_entry){
		.pos = pos,
		.type = type,
		.key = mem,
		.value = mem + src->key_size,
		.given = mem + src->key_size + src->value_size,
	};
	return 0;

err_nomem:
	p_err("mem alloc failed");
	return -ENOMEM;
}

/* Indices of devices are not those of the machine's last boot, but names are. */
static bool is_wanted(struct apply_entries *all, struct entry_parts *parts)
{
	const char *text = json_string_value(parts->values[PART_IFNAME]);
	char *name;
	bool wanted;

	if (!all->ifindex)
		return true;
	name = text ? strdup(text) : NULL;
	if (!name)
		return false;
	ctrl_name_from_json(name);
	wanted = ctrl_netdev_index(name) == all->ifindex;
	free(name);
	if (wanted)
		parts->values[PART_KEY] = NULL;
	return wanted;
}

static int convert_parts(struct apply_entries *all, const struct entry_parts *parts,
			 const char *start)
{
	struct apply_entry *entry = NULL;
	struct apply_type *type = NULL;
	struct ctrl_field field;
	int err;

	if (!parts->values[PART_TYPE] || !parts->values[PART_VALUE] ||
	    (!parts->values[PART_KEY] && !parts->values[PART_IFNAME]))
		return refuse(all, -EINVAL,
			      "an entry needs 'type', 'value', and 'key' or 'ifname'");

	all->json.pos = parts->pos[PART_TYPE];
	err = get_type(all, parts->values[PART_TYPE], &type) ?:
	      add_entry(all, type, start, &entry) ?:
	      convert_key(all, parts, entry);
	if (err)
		return err;

	field = ctrl_field_root(type->src.btf, type->src.value_type_id);
	return convert_part(all, parts, PART_VALUE, &field, entry->value,
			    entry->given);
}

static int convert_entry(struct apply_entries *all, const json_t *object)
{
	struct ctrl_json *json = &all->json;
	struct entry_parts parts = {};
	const char *start = json->pos, *end;
	int err;

	if (!json_is_object(object))
		return refuse(all, -EINVAL, "an entry must be an object");

	err = find_parts(all, object, &parts);
	if (err)
		return err;
	end = json->pos;
	json->pos = start;
	if (is_wanted(all, &parts))
		err = convert_parts(all, &parts, start);
	if (!err)
		json->pos = end;
	return err;
}

/* One that is wrong does not hide those behind it. */
static int try_entry(struct apply_entries *all, const json_t *object)
{
	const char *start = all->json.pos;
	size_t faults = all->faults.nr;
	int err;

	err = convert_entry(all, object);
	if (!err || all->faults.nr == faults)
		return err;
	all->json.pos = start;
	ctrl_json_skip(&all->json);
	return 0;
}

static int convert_root(struct apply_entries *all, const json_t *root)
{
	const json_t *object;
	size_t i;
	int err;

	if (json_is_object(root))
		return try_entry(all, root);

	ctrl_json_enter(&all->json);
	json_array_foreach(root, i, object) {
		ctrl_json_next_value(&all->json, false);
		err = try_entry(all, object);
		if (err)
			return err;
	}
	ctrl_json_leave(&all->json);
	return 0;
}

static int convert_text(struct apply_entries *all)
{
	struct ctrl_msg msg;
	const char *nul;
	size_t nr = 0;
	json_t *root;
	int err;

	/* jansson loses one behind a number, so that its tree and the text differ */
	nul = memchr(all->json.text, '\0', all->json.len);
	if (nul) {
		all->json.pos = nul;
		return refuse(all, 0, "a null byte is in no JSON");
	}
	for (;;) {
		/* what is behind broken syntax can't be told */
		if (ctrl_json_next(&all->json, &root, &msg))
			return note(all, 0, &msg);
		if (!root)
			break;
		err = convert_root(all, root);
		json_decref(root);
		if (err)
			return err;
		nr++;
	}
	return nr ? 0 : refuse(all, 0, "there is no JSON");
}

int apply_entries_convert(struct apply_entries *all)
{
	int err;

	err = ctrl_types_get(&all->list);
	if (err)
		return err;

	return convert_text(all) ?: report_faults(all);
}

static void close_types(struct apply_entries *all)
{
	struct apply_type *type;

	while ((type = all->types)) {
		all->types = type->next;
		ctrl_source_close(&type->src);
		free(type->now);
		free(type);
	}
}

void apply_entries_free(struct apply_entries *all)
{
	size_t i;

	for (i = 0; i < all->nr; i++)
		free(all->entries[i].key);
	free(all->entries);
	if (all->faults.out)
		fclose(all->faults.out);
	free(all->faults.text);
	close_types(all);
	free(all->list.types);
}
