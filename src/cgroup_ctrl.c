// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl cgroup: BPF programs of cgroups.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "btf_dump_ctrl.h"
#include "cgroup_fs_ctrl.h"
#include "command_ctrl.h"
#include "main.h"
#include "number_ctrl.h"
#include "output_ctrl.h"
#include "registry_ctrl.h"
#include "source_ctrl.h"
#include "table_ctrl.h"

/* What is shown, and what of it is known so far */
struct cgroup_view {
	__u64 id;		/* of this cgroup, if by_id */
	__u32 prog_id;		/* where this program is, if by_prog */
	bool by_id;
	bool by_prog;
	int mount;		/* file descriptor of a cgroup2 mount, or -1 */
	size_t nr;		/* entries shown */
	struct ctrl_table table;
	/* the last program that was looked up: many cgroups have the same one */
	__u32 named_id;
	char name[MAX_PROG_FULL_NAME];
};

/* False if there is no such directory to be seen from here, or no CAP_DAC_READ_SEARCH. */
static bool cgroup_path(const struct cgroup_view *view, __u64 id, char path[PATH_MAX])
{
	bool found;
	int fd;

	if (view->mount < 0)
		return false;
	fd = cgroup_open_id(view->mount, id);
	if (fd < 0)
		return false;
	found = cgroup_fd_path(fd, path);
	close(fd);
	return found;
}

/* "" if it is gone, or without CAP_SYS_ADMIN */
static const char *prog_name(struct cgroup_view *view, __u32 id)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);
	int fd;

	if (view->named_id == id)
		return view->name;

	view->named_id = id;
	*view->name = '\0';
	fd = bpf_prog_get_fd_by_id(id);
	if (fd < 0)
		return view->name;
	if (!bpf_prog_get_info_by_fd(fd, &info, &len))
		get_prog_full_name(&info, fd, view->name, sizeof(view->name));
	close(fd);
	return view->name;
}

/* Of a later kernel's attach type only the number is known. */
static const char *attach_type_name(const struct bpf_ctrl_cgroup_key *key)
{
	return libbpf_bpf_attach_type_str(key->attach_type) ?: "unknown";
}

static bool has_prog(const struct bpf_ctrl_cgroup *value, __u32 id)
{
	__u32 i;

	for (i = 0; i < value->attached; i++)
		if (value->progs[i].prog_id == id)
			return true;
	return false;
}

static void show_json(struct ctrl_source *src, const struct bpf_ctrl_cgroup_key *key,
		      const struct bpf_ctrl_cgroup *value, const void *all,
		      struct cgroup_view *view)
{
	char path[PATH_MAX];
	__u32 i;

	jsonw_start_object(json_wtr);
	ctrl_key_dump_json(src, json_wtr, key);
	jsonw_name(json_wtr, "value");
	ctrl_value_dump_json(src, json_wtr, all);
	jsonw_string_field(json_wtr, "attach_type", attach_type_name(key));
	jsonw_name(json_wtr, "prog_names");
	jsonw_start_array(json_wtr);
	for (i = 0; i < value->attached; i++)
		jsonw_string(json_wtr, prog_name(view, value->progs[i].prog_id));
	jsonw_end_array(json_wtr);
	if (cgroup_path(view, key->id, path))
		ctrl_json_name_field(json_wtr, "path", path);
	jsonw_end_object(json_wtr);
}

static const char *flags_text(__u64 flags)
{
	static const char * const names[] = {
		"-", "override", "multi", "multi,override",
		"preorder", "override,preorder", "multi,preorder", "multi,override,preorder",
	};

	return names[(flags & BPF_F_ALLOW_OVERRIDE ? 1 : 0) +
		     (flags & BPF_F_ALLOW_MULTI ? 2 : 0) +
		     (flags & BPF_F_PREORDER ? 4 : 0)];
}

/* LSM hooks have numbers here: their names are in the BTF of vmlinux, which takes long. */
static int add_attach_type(struct cgroup_view *view, const struct bpf_ctrl_cgroup_key *key)
{
	if (!key->attach_btf_id)
		return ctrl_table_add(&view->table, "%s", attach_type_name(key));
	return ctrl_table_add(&view->table, "%s:%u", attach_type_name(key), key->attach_btf_id);
}

static int add_link(struct cgroup_view *view, __u32 id)
{
	return id ? ctrl_table_add(&view->table, "%u", id) : ctrl_table_add(&view->table, "-");
}

static int add_row(struct cgroup_view *view, const struct bpf_ctrl_cgroup_key *key,
		   const struct bpf_ctrl_cgroup *value,
		   const struct bpf_ctrl_cgroup_prog *prog, const char *path)
{
	struct ctrl_table *table = &view->table;
	const char *name = prog_name(view, prog->prog_id);

	return ctrl_table_add(table, "%llu", (unsigned long long)key->id) ?:
	       ctrl_table_add(table, "%u", prog->prog_id) ?:
	       ctrl_table_add(table, "%s", *name ? name : "-") ?:
	       add_attach_type(view, key) ?:
	       ctrl_table_add(table, "%s", flags_text(prog->flags)) ?:
	       add_link(view, prog->link_id) ?:
	       ctrl_table_add(table, "%u", value->effective) ?:
	       ctrl_table_add(table, "%s", path);
}

static int show_rows(struct cgroup_view *view, const struct bpf_ctrl_cgroup_key *key,
		     const struct bpf_ctrl_cgroup *value)
{
	char path[PATH_MAX];
	int err = 0;
	__u32 i;

	if (value->removed)
		snprintf(path, sizeof(path), "(removed)");
	else if (!cgroup_path(view, key->id, path))
		snprintf(path, sizeof(path), "-");
	for (i = 0; i < value->attached && !err; i++)
		if (!view->by_prog || value->progs[i].prog_id == view->prog_id)
			err = add_row(view, key, value, &value->progs[i], path);
	return err;
}

static int show_entry(struct ctrl_source *src, const void *key, const void *value, void *ctx)
{
	struct cgroup_view *view = ctx;
	struct bpf_ctrl_cgroup_key k;
	struct bpf_ctrl_cgroup v = {};

	memcpy(&k, key, sizeof(k));
	memcpy(&v, value, src->value_size < sizeof(v) ? src->value_size : sizeof(v));
	if (v.attached > BPF_CTRL_CGROUP_PROGS)
		v.attached = BPF_CTRL_CGROUP_PROGS;
	if ((view->by_id && k.id != view->id) ||
	    (view->by_prog && !has_prog(&v, view->prog_id)))
		return 0;

	view->nr++;
	if (!json_output)
		return show_rows(view, &k, &v);
	show_json(src, &k, &v, value, view);
	return 0;
}

static const struct ctrl_column columns[] = {
	{ "CGROUP" },
	{ "PROG" },
	{ "NAME",	true },
	{ "TYPE",	true },
	{ "FLAGS",	true },
	{ "LINK" },
	{ "RUN" },
	{ "PATH",	true },
	{}
};

/* On failure, too, the source is to be closed. */
static int open_source(struct ctrl_source *src)
{
	int err;

	err = ctrl_source_open(src, BPF_CTRL_CGROUP, "cgroup");
	if (!err && src->key_size != sizeof(struct bpf_ctrl_cgroup_key)) {
		p_err("can't use control type %s of this kernel: keys have %u bytes",
		      src->name, src->key_size);
		err = -EINVAL;
	}
	if (!err && json_output)
		err = ctrl_source_load_btf(src);
	return err;
}

static int show_all(struct ctrl_source *src, struct cgroup_view *view)
{
	int err;

	ctrl_output_begin();
	if (json_output)
		jsonw_start_array(json_wtr);
	err = ctrl_source_for_each(src, show_entry, view);
	if (json_output)
		jsonw_end_array(json_wtr);
	else if (!err)
		ctrl_table_print(&view->table, stdout);
	ctrl_output_end();
	return err;
}

static int show(struct cgroup_view *view)
{
	struct ctrl_source src;
	int err;

	err = open_source(&src);
	if (!err)
		err = show_all(&src, view);
	ctrl_table_free(&view->table);
	ctrl_source_close(&src);
	return err;
}

/* [{ id ID | path PATH | prog ID }] */
static int parse_path(const char *path, struct cgroup_view *view)
{
	int err;

	err = cgroup_id_at(path, &view->id);
	if (err)
		p_err("can't find cgroup '%s': %s", path, err == -EOPNOTSUPP ?
		      "not in a cgroup2 file system" : strerror(-err));
	view->by_id = true;
	return err;
}

static int parse_number(const char *word, const char *what, __u64 max, __u64 *number)
{
	if (!ctrl_number_parse(word, number) && *number <= max)
		return 0;
	p_err("can't parse %s '%s': not a number or too large", what, word);
	return -1;
}

static int parse_id(const char *word, struct cgroup_view *view)
{
	view->by_id = true;
	return parse_number(word, "id", (__u64)-1, &view->id);
}

/* One that there is; who may not ask that gets what is attached. */
static int parse_prog(const char *word, struct cgroup_view *view)
{
	__u64 id;
	int fd;

	if (parse_number(word, "prog", (__u32)-1, &id))
		return -1;
	fd = bpf_prog_get_fd_by_id(id);
	if (fd == -ENOENT) {
		p_err("can't get program %llu: it does not exist", (unsigned long long)id);
		return -ENOENT;
	}
	if (fd >= 0)
		close(fd);
	view->prog_id = id;
	view->by_prog = true;
	return 0;
}

static const struct selection {
	const char *word;
	const char *needs;
	int (*parse)(const char *word, struct cgroup_view *view);
} selections[] = {
	{ "id",		"a number",	parse_id },
	{ "path",	"a directory",	parse_path },
	{ "prog",	"a number",	parse_prog },
};

static const struct selection *find_selection(const char *word)
{
	const struct selection *found = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(selections); i++) {
		if (!is_prefix(word, selections[i].word))
			continue;
		if (found) {
			p_err("ambiguous word '%s': %s or %s", word, found->word,
			      selections[i].word);
			return NULL;
		}
		found = &selections[i];
	}
	if (!found)
		p_err("expected 'id', 'path' or 'prog', got: '%s'", word);
	return found;
}

static int parse_selection(int argc, char **argv, struct cgroup_view *view)
{
	const struct selection *selection;
	int err;

	if (!argc)
		return 0;
	selection = find_selection(*argv);
	if (!selection)
		return -1;
	NEXT_ARG();
	if (!argc) {
		p_err("'%s' needs %s", selection->word, selection->needs);
		return -1;
	}
	err = selection->parse(*argv, view);
	if (err)
		return err;
	NEXT_ARG();
	return ctrl_no_more_args(argc, argv);
}

static int do_show(int argc, char **argv)
{
	struct cgroup_view view = {
		.table.columns = columns,
		.table.block = CTRL_TABLE_BLOCK,
	};
	int err;

	err = parse_selection(argc, argv, &view);
	if (err)
		return err;

	view.mount = cgroup_open_mount();
	err = show(&view);
	if (view.mount >= 0)
		close(view.mount);
	return err;
}

static int do_help(int argc, char **argv)
{
	static const char text[] =
		"Usage: %1$s ctrl cgroup { show | list } [{ id ID | path PATH | prog ID }]\n"
		"       %1$s ctrl cgroup help\n"
		"\n"
		"       A row is a program and a cgroup that it is attached to. RUN: how many run\n"
		"       there, those of the ancestors as well.\n";

	return ctrl_help(text);
}

static const struct cmd cmds[] = {
	{ "show",	do_show },
	{ "list",	do_show },
	{ "help",	do_help },
	{ 0 }
};

int do_ctrl_cgroup(int argc, char **argv)
{
	return ctrl_select(cmds, argc, argv);
}
