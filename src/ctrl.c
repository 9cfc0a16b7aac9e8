// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl: control maps (BPF_MAP_TYPE_CONTROL).
 *
 * Names, sizes and types all come from the registry and the BTF of the running
 * kernel: nothing below knows a control type or the layout of a value, so that
 * those of newer kernels work too.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/err.h>

#include <bpf/bpf.h>
#include <bpf/hashmap.h>

#include "command_ctrl.h"
#include "btf_dump_ctrl.h"
#include "error_ctrl.h"
#include "main.h"
#include "name_ctrl.h"
#include "netns_ctrl.h"
#include "output_ctrl.h"
#include "registry_ctrl.h"

struct name_of_bit {
	__u32 bit;
	const char *name;
};

static const struct name_of_bit op_names[] = {
	{ BPF_CTRL_OP_LOOKUP,	"lookup" },
	{ BPF_CTRL_OP_UPDATE,	"update" },
	{ BPF_CTRL_OP_ITERATE,	"iterate" },
};

static void show_ops_json(__u32 ops)
{
	size_t i;

	jsonw_name(json_wtr, "ops");
	jsonw_start_array(json_wtr);
	for (i = 0; i < ARRAY_SIZE(op_names); i++)
		if (ops & op_names[i].bit)
			jsonw_string(json_wtr, op_names[i].name);
	jsonw_end_array(json_wtr);
}

static void show_ops_plain(__u32 ops)
{
	const char *sep = "";
	size_t i;

	printf("\tops ");
	for (i = 0; i < ARRAY_SIZE(op_names); i++) {
		if (!(ops & op_names[i].bit))
			continue;
		printf("%s%s", sep, op_names[i].name);
		sep = ",";
	}
}

static const char *scope_name(enum bpf_ctrl_scope scope)
{
	static const char * const names[] = {
		[BPF_CTRL_SCOPE_GLOBAL]	= "global",
		[BPF_CTRL_SCOPE_NETNS]	= "netns",
		[BPF_CTRL_SCOPE_CGROUPNS] = "cgroupns",
	};

	return scope < ARRAY_SIZE(names) ? names[scope] : "unknown";
}

static void show_part_json(const char *part, const char *type, __u32 size)
{
	jsonw_name(json_wtr, part);
	jsonw_start_object(json_wtr);
	jsonw_string_field(json_wtr, "type", type);
	jsonw_uint_field(json_wtr, "size", size);
	jsonw_end_object(json_wtr);
}

/* With -f: the paths of maps in all BPF file systems, by their ids */
static struct hashmap *pinned_maps;

static int find_pinned_maps(void)
{
	if (!show_pinned)
		return 0;
	pinned_maps = hashmap__new(hash_fn_for_key_as_id, equal_fn_for_key_as_id, NULL);
	if (IS_ERR(pinned_maps)) {
		pinned_maps = NULL;
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	/* which says nothing itself */
	if (!build_pinned_obj_table(pinned_maps, BPF_OBJ_MAP))
		return 0;
	p_err("can't find what is pinned: there is no /proc/mounts, or no memory");
	return -EIO;
}

static void forget_pinned_maps(void)
{
	delete_pinned_obj_table(pinned_maps);
	pinned_maps = NULL;
}

static bool is_map_of_type(__u32 id, __u32 ctrl_type)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int fd, err;

	fd = bpf_map_get_fd_by_id(id);
	if (fd < 0)
		return false;
	err = bpf_map_get_info_by_fd(fd, &info, &len);
	close(fd);
	return !err && info.type == BPF_MAP_TYPE_CONTROL && info.map_extra == ctrl_type;
}

/* A file system that is mounted twice at a place is walked twice. */
static bool is_shown(const struct hashmap_entry *entry)
{
	struct hashmap_entry *before;

	hashmap__for_each_key_entry(pinned_maps, before, entry->key) {
		if (before == entry)
			return false;
		if (!strcmp(before->pvalue, entry->pvalue))
			return true;
	}
	return false;
}

static void show_pinned_json(const struct ctrl_type *type)
{
	struct hashmap_entry *entry;
	size_t bkt;

	jsonw_name(json_wtr, "pinned");
	jsonw_start_array(json_wtr);
	hashmap__for_each_entry(pinned_maps, entry, bkt)
		if (!is_shown(entry) && is_map_of_type(entry->key, type->id))
			ctrl_json_name(json_wtr, entry->pvalue);
	jsonw_end_array(json_wtr);
}

static void show_pinned_plain(const struct ctrl_type *type)
{
	struct hashmap_entry *entry;
	size_t bkt;

	hashmap__for_each_entry(pinned_maps, entry, bkt)
		if (!is_shown(entry) && is_map_of_type(entry->key, type->id))
			printf("\tpinned %s\n", ctrl_name_to_print(entry->pvalue));
}

static void show_type_json(const struct ctrl_type *type)
{
	const struct bpf_ctrl_info *info = &type->info;

	jsonw_start_object(json_wtr);
	jsonw_string_field(json_wtr, "type", info->name);
	jsonw_uint_field(json_wtr, "ctrl_type", type->id);
	show_part_json("key", info->key_type, info->key_size);
	show_part_json("value", info->value_type, info->value_size);
	show_ops_json(info->ops);
	jsonw_string_field(json_wtr, "scope", scope_name(info->scope));
	if (type->users_known)
		jsonw_uint_field(json_wtr, "users", info->users);
	jsonw_string_field(json_wtr, "source", type->source);
	if (pinned_maps)
		show_pinned_json(type);
	jsonw_end_object(json_wtr);
}

static void show_type_plain(const struct ctrl_type *type)
{
	const struct bpf_ctrl_info *info = &type->info;

	printf("%u: %s  key %s %uB  value %s %uB\n", type->id, info->name,
	       info->key_type, info->key_size, info->value_type,
	       info->value_size);
	show_ops_plain(info->ops);
	printf("  scope %s  users ", scope_name(info->scope));
	if (type->users_known)
		printf("%llu", info->users);
	else
		printf("?");
	printf("  source %s\n", type->source);
	if (pinned_maps)
		show_pinned_plain(type);
}

static void show_type(const struct ctrl_type *type)
{
	if (json_output)
		show_type_json(type);
	else
		show_type_plain(type);
}

static int do_show(int argc, char **argv)
{
	const struct ctrl_type *only = NULL;
	struct ctrl_types list;
	const char *name;
	size_t i;
	int err;

	name = argc ? GET_ARG() : NULL;
	if (ctrl_no_more_args(argc, argv))
		return -1;

	err = ctrl_types_get(&list);
	if (err)
		goto out;
	if (name) {
		only = ctrl_type_find(&list, name);
		err = only ? 0 : -ENOENT;
		if (err)
			goto out;
	}
	err = find_pinned_maps();
	if (err)
		goto out;

	if (json_output)
		jsonw_start_array(json_wtr);
	for (i = 0; i < list.nr; i++)
		if (!only || only == &list.types[i])
			show_type(&list.types[i]);
	if (json_output)
		jsonw_end_array(json_wtr);
out:
	forget_pinned_maps();
	free(list.types);
	return err;
}

static int dump_entry(struct ctrl_source *src, const void *key,
		      const void *value, void *ctx)
{
	return ctrl_entry_dump(src, key, value);
}

static int dump_all(struct ctrl_source *src)
{
	int err;

	ctrl_output_begin();
	if (json_output)
		jsonw_start_array(json_wtr);
	err = ctrl_source_for_each(src, dump_entry, NULL);
	if (json_output)
		jsonw_end_array(json_wtr);
	ctrl_output_end();
	return err;
}

static int dump_key(struct ctrl_source *src, const char *word)
{
	void *key, *value;
	int err;

	key = calloc(1, src->key_size);
	value = calloc(1, src->value_size);
	if (!key || !value) {
		p_err("mem alloc failed");
		err = -ENOMEM;
		goto out;
	}

	err = ctrl_key_parse(src, word, key);
	if (err)
		goto out;
	err = ctrl_source_get(src, key, value);
	if (err) {
		p_err("can't look up key '%s' of %s: %s", word, src->name,
		      ctrl_source_strerror(src, err));
		goto out;
	}

	if (json_output)
		jsonw_start_array(json_wtr);
	err = ctrl_entry_dump(src, key, value);
	if (json_output)
		jsonw_end_array(json_wtr);
out:
	free(value);
	free(key);
	return err;
}

static int do_dump(int argc, char **argv)
{
	struct ctrl_type_ref ref = {};
	const char *key = NULL;
	struct ctrl_source src;
	struct ctrl_type type;
	int err;

	if (!REQ_ARGS(1) || ctrl_type_parse(&argc, &argv, &ref))
		return -1;
	if (argc) {
		if (!is_prefix(*argv, "key")) {
			p_err("expected 'key', got: '%s'", *argv);
			return -1;
		}
		NEXT_ARG();
		if (!REQ_ARGS(1))
			return -1;
		key = GET_ARG();
	}
	if (ctrl_no_more_args(argc, argv))
		return -1;

	err = ctrl_type_open(&ref, &type, &src);
	if (err)
		return err;
	err = key ? dump_key(&src, key) : dump_all(&src);
	ctrl_source_close(&src);
	return err;
}

static int do_pin(int argc, char **argv)
{
	const char *name, *path;
	struct ctrl_source src;
	struct ctrl_type type;
	int err;

	if (!REQ_ARGS(2))
		return -1;
	name = GET_ARG();
	path = GET_ARG();
	if (ctrl_no_more_args(argc, argv))
		return -1;

	err = ctrl_type_get(name, &type);
	if (err)
		return err;
	err = ctrl_source_open(&src, type.id, type.info.name) ?: ctrl_source_pin(&src, path);
	ctrl_source_close(&src);
	if (!err && json_output)
		jsonw_null(json_wtr);
	return err;
}

static int do_help(int argc, char **argv)
{
	static const char text[] =
		"Usage: %1$s ctrl { show | list } [TYPE]\n"
		"       %1$s ctrl dump   { TYPE | pinned PATH | id ID } [key KEY]\n"
		"       %1$s ctrl set    { TYPE | pinned PATH | id ID } key KEY MEMBER VALUE [MEMBER VALUE ...]\n"
		"       %1$s ctrl apply  [FILE] [dev NAME] [--dry-run]\n"
		"       %1$s ctrl pin    TYPE PATH\n"
		"       %1$s ctrl watch  { TYPE | pinned PATH | id ID } [key KEY] [interval S] [count N]\n"
		"       %1$s ctrl metrics [TYPE ...] [all] [format { prometheus | openmetrics }] [output FILE]\n"
		"       %1$s ctrl schema { TYPE | pinned PATH | id ID } [format { c | json }]\n"
		"       %1$s ctrl xdp    { COMMAND | help }\n"
		"       %1$s ctrl kprobe { COMMAND | help }\n"
		"       %1$s ctrl cgroup { COMMAND | help }\n"
		"       %1$s ctrl socket { COMMAND | help }\n"
		"       %1$s ctrl netns  NETNS COMMAND\n"
		"       %1$s ctrl help\n"
		"\n"
		"       TYPE is a name that '%1$s ctrl list' shows; a map of it may be given instead\n"
		"       MEMBER := NAME[.NAME ...][[INDEX]], as 'ctrl dump' shows it\n"
		"       VALUE := { NUMBER | on | off | STRING | name of an enumerator | name of an interface }\n"
		"       FILE has JSON as '%1$s -j ctrl dump' writes it; without, standard input\n"
		"       KEY := { NUMBER | name of an interface | name of an enumerator }\n"
		"       NETNS := { name that 'ip netns' has | path | number of a process }\n";

	return ctrl_help(text);
}

static int do_netns(int argc, char **argv);

static const struct cmd cmds[] = {
	{ "show",	do_show },
	{ "list",	do_show },
	{ "help",	do_help },
	{ "dump",	do_dump },
	{ "set",	do_ctrl_set },
	{ "apply",	do_ctrl_apply },
	{ "pin",	do_pin },
	{ "schema",	do_ctrl_schema },
	{ "watch",	do_ctrl_watch },
	{ "metrics",	do_ctrl_metrics },
	{ "xdp",	do_ctrl_xdp },
	{ "kprobe",	do_ctrl_kprobe },
	{ "cgroup",	do_ctrl_cgroup },
	{ "socket",	do_ctrl_socket },
	{ "netns",	do_netns },
	{ 0 }
};

/* Any of them, elsewhere */
static int do_netns(int argc, char **argv)
{
	int err, home;

	if (!REQ_ARGS(2))
		return -1;
	ctrl_source_ask();
	home = ctrl_netns_enter(GET_ARG());
	if (home < 0)
		return home;
	ctrl_source_asked();
	err = ctrl_select(cmds, argc, argv);
	return ctrl_netns_leave(home) ?: err;
}

int do_ctrl(int argc, char **argv)
{
	int err;

	ctrl_output_hold();
	ctrl_source_asked();
	err = ctrl_select(cmds, argc, argv);
	if (ctrl_output_flush())
		return CTRL_STATUS_FAILED;
	if (err)
		return ctrl_status(err);

	/* "bpftool batch" takes what is left in errno for its own failure */
	errno = 0;
	return 0;
}
