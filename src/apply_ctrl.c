// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl apply: make the kernel's values those of a JSON text.
 *
 * All of the text is converted before anything is sent. Then each entry is applied
 * on its own: its members go over what the kernel reports at that moment, and an
 * update is sent only if that changes something.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctrl.h"
#include "json_ctrl.h"
#include "value_ctrl.h"

/* A tree takes about ten times as much: this is enough for 50,000 devices. */
#define APPLY_MAX_INPUT	(16UL << 20)
#define READ_SIZE	(64UL << 10)

/* A control type that the text mentions; buffers as long as its value */
struct apply_type {
	struct apply_type *next;
	const struct ctrl_type *type;
	struct ctrl_source src;
	__u8 *now;		/* what the kernel reports */
	__u8 *then;		/* what is sent */
	__u8 *settable;
	__u8 *selectors;
	__u8 *changed;		/* bits that differ and can be set */
	__u8 *ignored;		/* bits that differ and can't */
};

struct apply_entry {
	struct apply_type *type;
	void *key;		/* one allocation: key, value, given */
	__u8 *value;
	__u8 *given;		/* bits that the text has */
};

enum apply_outcome {
	APPLY_CHANGED,
	APPLY_UNCHANGED,
	APPLY_FAILED,
	NR_OUTCOMES,
};

struct apply {
	struct ctrl_json json;
	struct ctrl_types list;
	struct apply_type *types;
	struct apply_entry *entries;
	size_t nr;
	size_t max;
	size_t outcomes[NR_OUTCOMES];
	bool dry_run;
};

/* The members of an entry, and where their values are in the text */
enum { PART_TYPE, PART_KEY, PART_IFNAME, PART_VALUE, NR_PARTS };

struct entry_parts {
	const json_t *values[NR_PARTS];
	const char *pos[NR_PARTS];
};

static int open_type(struct apply *apply, const struct ctrl_type *type,
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
	new->selectors = new->now + 3 * size;
	new->changed = new->now + 4 * size;
	new->ignored = new->now + 5 * size;

	new->next = apply->types;
	apply->types = new;
	*at = new;
	return 0;

err_close:
	ctrl_source_close(&new->src);
	free(new);
	return err;
}

static void close_types(struct apply *apply)
{
	struct apply_type *type;

	while ((type = apply->types)) {
		apply->types = type->next;
		ctrl_source_close(&type->src);
		free(type->now);
		free(type);
	}
}

static int report(const struct apply *apply, int err, const struct ctrl_msg *msg)
{
	struct ctrl_msg where;

	ctrl_json_where(&apply->json, &where);
	p_err("%s: %s", where.text, msg->text);
	return err;
}

#define refuse(apply, err, ...) ({					\
	struct ctrl_msg __msg;						\
	ctrl_msg_set(&__msg, 0, __VA_ARGS__);				\
	report(apply, err, &__msg);					\
})

static int get_type(struct apply *apply, const json_t *value,
		    struct apply_type **at)
{
	const char *name = json_string_value(value);
	struct apply_type *type;
	size_t i;

	if (!name)
		return refuse(apply, -EINVAL, "'type' must be a string");

	for (type = apply->types; type; type = type->next) {
		if (strcmp(type->type->info.name, name))
			continue;
		*at = type;
		return 0;
	}

	for (i = 0; i < apply->list.nr; i++) {
		if (strcmp(apply->list.types[i].info.name, name))
			continue;
		if (!(apply->list.types[i].info.ops & BPF_CTRL_OP_UPDATE))
			return refuse(apply, -EPERM,
				      "control type %s is read-only", name);
		return open_type(apply, &apply->list.types[i], at);
	}
	return refuse(apply, -ENOENT, "no control type '%s' in this kernel", name);
}

/* Notes where the members are: they come in any order. */
static int find_parts(struct apply *apply, const json_t *object,
		      struct entry_parts *parts)
{
	static const char * const names[] = { "type", "key", "ifname", "value" };
	struct ctrl_json *json = &apply->json;
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
			return refuse(apply, -EINVAL,
				      "no member '%s', an entry has: type, key, ifname, value",
				      name);
		}
		ctrl_json_skip(json);
	}
	ctrl_json_leave(json);
	return 0;
}

static int convert_part(struct apply *apply, const struct entry_parts *parts,
			int part, const struct ctrl_slot *slot, void *data,
			void *given)
{
	struct ctrl_msg msg;
	int err;

	apply->json.pos = parts->pos[part];
	err = ctrl_json_to_slot(&apply->json, parts->values[part], slot, "", data,
				given, &msg);
	return err ? report(apply, err, &msg) : 0;
}

static int convert_key(struct apply *apply, const struct entry_parts *parts,
		       struct apply_entry *entry)
{
	struct ctrl_source *src = &entry->type->src;
	struct ctrl_slot slot = ctrl_slot_root(src->btf, src->key_type_id);
	const char *name = json_string_value(parts->values[PART_IFNAME]);
	struct ctrl_msg msg;
	void *given;
	int err = 0;

	if (parts->values[PART_KEY]) {
		given = calloc(1, src->key_size);
		if (!given) {
			p_err("mem alloc failed");
			return -ENOMEM;
		}
		err = convert_part(apply, parts, PART_KEY, &slot, entry->key, given);
		free(given);
	}
	if (err || !parts->values[PART_IFNAME])
		return err;

	apply->json.pos = parts->pos[PART_IFNAME];
	if (!name || !ctrl_slot_is_ifindex(&slot))
		return refuse(apply, -EINVAL, name ?
			      "keys of %s are not interfaces" :
			      "'ifname' of an entry of %s must be a string",
			      src->name);

	err = parts->values[PART_KEY] ?
	      ctrl_json_check_ifname(ctrl_slot_load(&slot, entry->key), name, &msg) :
	      ctrl_slot_parse(&slot, "ifname", name, entry->key, &msg);
	return err ? report(apply, err, &msg) : 0;
}

static int add_entry(struct apply *apply, struct apply_type *type,
		     struct apply_entry **at)
{
	size_t max = apply->max ? apply->max * 2 : 64;
	struct apply_entry *entries = apply->entries;
	struct ctrl_source *src = &type->src;
	__u8 *mem;

	if (apply->nr == apply->max) {
		entries = realloc(entries, max * sizeof(*entries));
		if (!entries)
			goto err_nomem;
		apply->entries = entries;
		apply->max = max;
	}
	mem = calloc(1, src->key_size + 2 * (size_t)src->value_size);
	if (!mem)
		goto err_nomem;

	*at = &entries[apply->nr++];
	**at = (struct apply_entry){
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

static int convert_parts(struct apply *apply, const struct entry_parts *parts)
{
	struct apply_entry *entry;
	struct apply_type *type;
	struct ctrl_slot slot;
	int err;

	if (!parts->values[PART_TYPE] || !parts->values[PART_VALUE] ||
	    (!parts->values[PART_KEY] && !parts->values[PART_IFNAME]))
		return refuse(apply, -EINVAL,
			      "an entry needs 'type', 'value', and 'key' or 'ifname'");

	apply->json.pos = parts->pos[PART_TYPE];
	err = get_type(apply, parts->values[PART_TYPE], &type) ?:
	      add_entry(apply, type, &entry) ?:
	      convert_key(apply, parts, entry);
	if (err)
		return err;

	slot = ctrl_slot_root(type->src.btf, type->src.value_type_id);
	return convert_part(apply, parts, PART_VALUE, &slot, entry->value,
			    entry->given);
}

static int convert_entry(struct apply *apply, const json_t *object)
{
	struct ctrl_json *json = &apply->json;
	struct entry_parts parts = {};
	const char *start = json->pos, *end;
	int err;

	if (!json_is_object(object))
		return refuse(apply, -EINVAL, "an entry must be an object");

	err = find_parts(apply, object, &parts);
	if (err)
		return err;
	end = json->pos;
	json->pos = start;
	err = convert_parts(apply, &parts);
	if (!err)
		json->pos = end;
	return err;
}

static int convert_root(struct apply *apply, const json_t *root)
{
	const json_t *object;
	size_t i;
	int err;

	if (json_is_object(root))
		return convert_entry(apply, root);

	ctrl_json_enter(&apply->json);
	json_array_foreach(root, i, object) {
		ctrl_json_next_value(&apply->json, false);
		err = convert_entry(apply, object);
		if (err)
			return err;
	}
	ctrl_json_leave(&apply->json);
	return 0;
}

static int convert_text(struct apply *apply)
{
	struct ctrl_msg msg;
	size_t nr = 0;
	json_t *root;
	int err;

	for (;;) {
		err = ctrl_json_next(&apply->json, &root, &msg);
		if (err)
			return report(apply, err, &msg);
		if (!root)
			break;
		err = convert_root(apply, root);
		json_decref(root);
		if (err)
			return err;
		nr++;
	}
	return nr ? 0 : refuse(apply, -EINVAL, "there is no JSON");
}

/* Returns true if the entry changes something. */
static bool plan_entry(const struct apply_entry *entry)
{
	struct apply_type *type = entry->type;
	struct ctrl_source *src = &type->src;
	struct ctrl_slot slot = ctrl_slot_root(src->btf, src->value_type_id);
	__u8 differs, send, any = 0;
	__u32 i;

	memset(type->settable, 0, src->value_size);
	memset(type->selectors, 0, src->value_size);
	ctrl_value_access(&slot, type->now, type->settable, type->selectors);

	for (i = 0; i < src->value_size; i++) {
		differs = (type->now[i] ^ entry->value[i]) & entry->given[i];
		send = type->settable[i] | type->selectors[i];
		type->changed[i] = differs & type->settable[i];
		type->ignored[i] = differs & ~send;
		send &= entry->given[i];
		type->then[i] = (type->now[i] & ~send) | (entry->value[i] & send);
		any |= type->changed[i];
	}
	return any;
}

/* What the report of an entry is made of */
struct apply_report {
	const struct apply *apply;
	const struct apply_entry *entry;
	const __u8 *mask;	/* bits of the members to name */
	const char *sep;	/* plain text: before the next one */
};

/* Text of a scalar, as JSON has it; NULL if there is no memory for it */
static char *scalar_text(const struct ctrl_slot *slot, const void *data)
{
	json_writer_t *jw = NULL;
	char *text = NULL;
	size_t len;
	FILE *out;

	out = open_memstream(&text, &len);
	if (out)
		jw = jsonw_new(out);
	if (jw) {
		ctrl_slot_dump_json(slot, jw, data);
		jsonw_destroy(&jw);
	}
	if (!out || fclose(out) || !text)
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static int print_change(const struct ctrl_slot *slot, const char *path, void *ctx)
{
	struct apply_report *rep = ctx;
	char *from, *to;

	if (!ctrl_slot_marked(slot, rep->mask))
		return 0;

	from = scalar_text(slot, rep->entry->type->now);
	to = scalar_text(slot, rep->entry->value);
	printf("%s%s %s -> %s", rep->sep, path, from ?: "?", to ?: "?");
	rep->sep = ", ";
	free(from);
	free(to);
	return 0;
}

static int print_ignored(const struct ctrl_slot *slot, const char *path, void *ctx)
{
	struct apply_report *rep = ctx;

	if (!ctrl_slot_marked(slot, rep->mask))
		return 0;
	printf("%s%s", rep->sep, path);
	rep->sep = ", ";
	return 0;
}

static int json_change(const struct ctrl_slot *slot, const char *path, void *ctx)
{
	struct apply_report *rep = ctx;
	int err;

	if (!ctrl_slot_marked(slot, rep->mask))
		return 0;

	jsonw_start_object(json_wtr);
	jsonw_string_field(json_wtr, "member", path);
	jsonw_name(json_wtr, "from");
	err = ctrl_slot_dump_json(slot, json_wtr, rep->entry->type->now);
	if (!err) {
		jsonw_name(json_wtr, "to");
		err = ctrl_slot_dump_json(slot, json_wtr, rep->entry->value);
	}
	jsonw_end_object(json_wtr);
	return err;
}

static int json_ignored(const struct ctrl_slot *slot, const char *path, void *ctx)
{
	struct apply_report *rep = ctx;

	if (ctrl_slot_marked(slot, rep->mask))
		jsonw_string(json_wtr, path);
	return 0;
}

static void report_members(const struct apply_entry *entry, const __u8 *mask,
			   const char *sep, ctrl_scalar_fn fn)
{
	struct ctrl_source *src = &entry->type->src;
	struct ctrl_slot slot = ctrl_slot_root(src->btf, src->value_type_id);
	struct apply_report rep = { .entry = entry, .mask = mask, .sep = sep };

	ctrl_slot_for_each(&slot, "", fn, &rep);
}

static bool any_bit(const __u8 *mask, __u32 size)
{
	__u32 i;

	for (i = 0; i < size && !mask[i]; i++)
		;
	return i < size;
}

static const char *entry_error(const struct apply_entry *entry, int err)
{
	return err == -ENOENT ? "no such key" :
				ctrl_source_strerror(&entry->type->src, err);
}

static void json_members(const struct apply_entry *entry, const char *name,
			 const __u8 *mask, ctrl_scalar_fn fn)
{
	jsonw_name(json_wtr, name);
	jsonw_start_array(json_wtr);
	report_members(entry, mask, NULL, fn);
	jsonw_end_array(json_wtr);
}

/* @read: the kernel's value was read, so it is known what differs */
static void report_json(const struct apply *apply, const struct apply_entry *entry,
			enum apply_outcome outcome, bool read, int err)
{
	static const char * const names[] = { "changed", "unchanged", "failed" };
	struct apply_type *type = entry->type;

	jsonw_start_object(json_wtr);
	ctrl_key_dump_json(&type->src, json_wtr, entry->key);
	jsonw_string_field(json_wtr, "outcome",
			   apply->dry_run && outcome == APPLY_CHANGED ?
			   "would_change" : names[outcome]);
	if (read) {
		json_members(entry, "changes", type->changed, json_change);
		json_members(entry, "ignored", type->ignored, json_ignored);
	}
	if (err)
		jsonw_string_field(json_wtr, "error", entry_error(entry, err));
	jsonw_end_object(json_wtr);
}

static void print_members(const struct apply_entry *entry, const char *key,
			  const char *title, const __u8 *mask, ctrl_scalar_fn fn)
{
	if (!any_bit(mask, entry->type->src.value_size))
		return;
	printf("%s %s: %s", entry->type->src.name, key, title);
	report_members(entry, mask, "", fn);
	printf("\n");
}

/* Of one that is a struct only what it is: its members would fill lines. */
static char *key_text(struct ctrl_source *src, const void *key)
{
	struct ctrl_slot slot = ctrl_slot_root(src->btf, src->key_type_id);
	char name[IF_NAMESIZE], *text, *both;

	if (!ctrl_slot_is_scalar(&slot))
		return strdup("(a struct)");
	text = scalar_text(&slot, key);
	if (!text || !ctrl_slot_is_ifindex(&slot) ||
	    !ctrl_source_ifname(src, ctrl_slot_load(&slot, key), name) ||
	    asprintf(&both, "%s (%s)", text, name) < 0)
		return text;
	free(text);
	return both;
}

static void report_plain(const struct apply *apply, const struct apply_entry *entry,
			 enum apply_outcome outcome, bool read, int err)
{
	struct apply_type *type = entry->type;
	char *key = key_text(&type->src, entry->key);

	if (err) {
		fflush(stdout);
		p_err("can't %s key %s of %s: %s", read ? "set" : "look up",
		      key ?: "?", type->src.name, entry_error(entry, err));
	} else if (outcome == APPLY_CHANGED) {
		print_members(entry, key ?: "?", "", type->changed, print_change);
	}
	if (read)
		print_members(entry, key ?: "?", "ignored, read-only: ",
			      type->ignored, print_ignored);
	free(key);
}

static void apply_entry(struct apply *apply, const struct apply_entry *entry)
{
	enum apply_outcome outcome = APPLY_UNCHANGED;
	struct apply_type *type = entry->type;
	struct ctrl_source *src = &type->src;
	bool read;
	int err;

	err = ctrl_source_get(src, entry->key, type->now);
	read = !err;
	if (read && plan_entry(entry)) {
		outcome = APPLY_CHANGED;
		if (!apply->dry_run)
			err = ctrl_source_set(src, entry->key, type->then);
	}
	if (err)
		outcome = APPLY_FAILED;

	apply->outcomes[outcome]++;
	if (json_output)
		report_json(apply, entry, outcome, read, err);
	else
		report_plain(apply, entry, outcome, read, err);
}

static int apply_entries(struct apply *apply)
{
	size_t i;

	ctrl_output_begin();
	if (json_output)
		jsonw_start_array(json_wtr);
	for (i = 0; i < apply->nr; i++)
		apply_entry(apply, &apply->entries[i]);
	if (json_output)
		jsonw_end_array(json_wtr);
	else
		printf("%zu %s, %zu unchanged, %zu failed\n",
		       apply->outcomes[APPLY_CHANGED],
		       apply->dry_run ? "would change" : "changed",
		       apply->outcomes[APPLY_UNCHANGED],
		       apply->outcomes[APPLY_FAILED]);
	ctrl_output_end();

	return apply->outcomes[APPLY_FAILED] ? -EIO : 0;
}

static int read_fd(int fd, const char *name, char **text, size_t *len)
{
	size_t max = 0;
	ssize_t nr;
	char *new;
	int err;

	do {
		if (max - *len < READ_SIZE) {
			max = max ? max * 2 : 2 * READ_SIZE;
			new = realloc(*text, max);
			if (!new) {
				p_err("mem alloc failed");
				return -ENOMEM;
			}
			*text = new;
		}
		nr = read(fd, *text + *len, READ_SIZE - 1);
		if (nr < 0) {
			err = -errno;
			p_err("can't read %s: %s", name, strerror(-err));
			return err;
		}
		*len += nr;
		if (*len > APPLY_MAX_INPUT) {
			p_err("can't apply %s: it has more than %lu MiB", name,
			      APPLY_MAX_INPUT >> 20);
			return -EFBIG;
		}
	} while (nr);

	(*text)[*len] = '\0';
	return 0;
}

static int read_text(const char *path, struct apply *apply, char **text)
{
	const char *name = path ?: "stdin";
	int fd = STDIN_FILENO;
	size_t len = 0;
	int err;

	if (path) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			err = -errno;
			p_err("can't open %s: %s", path, strerror(-err));
			return err;
		}
	}
	err = read_fd(fd, name, text, &len);
	if (path)
		close(fd);
	apply->json = (struct ctrl_json){ name, *text, len, *text };
	return err;
}

static int apply_file(const char *path, bool dry)
{
	struct apply apply = { .dry_run = dry };
	char *text = NULL;
	size_t i;
	int err;

	err = read_text(path, &apply, &text) ?:
	      ctrl_types_get(&apply.list) ?:
	      convert_text(&apply);
	free(text);
	if (!err)
		err = apply_entries(&apply);

	for (i = 0; i < apply.nr; i++)
		free(apply.entries[i].key);
	free(apply.entries);
	close_types(&apply);
	free(apply.list.types);
	return err;
}

int do_ctrl_apply(int argc, char **argv)
{
	const char *path = NULL;
	bool dry = dry_run;

	/* in a batch, options are words */
	for (; argc; NEXT_ARG()) {
		if (!strcmp(*argv, "--dry-run"))
			dry = true;
		else if (!path)
			path = *argv;
		else
			return ctrl_no_more_args(argc, argv);
	}
	return apply_file(path, dry);
}
