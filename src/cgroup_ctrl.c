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

#include "cgroup_fs_ctrl.h"
#include "command_ctrl.h"
#include "main.h"
#include "object_ctrl.h"

struct cgroup_ctx {
	int mount;	/* file descriptor of a cgroup2 mount, or -1 */
	bool all;
};

/* False if there is no such directory to be seen from here, or no CAP_DAC_READ_SEARCH. */
static bool cgroup_path(const struct cgroup_ctx *ctx, __u64 id, char path[PATH_MAX])
{
	bool found;
	int fd;

	if (ctx->mount < 0)
		return false;
	fd = cgroup_open_id(ctx->mount, id);
	if (fd < 0)
		return false;
	found = cgroup_fd_path(fd, path);
	close(fd);
	return found;
}

static int parse_path(const char *path, __u64 *id)
{
	int err;

	err = cgroup_id_at(path, id);
	if (err)
		p_err("can't find cgroup '%s': %s", path, err == -EOPNOTSUPP ?
		      "not in a cgroup2 file system" : strerror(-err));
	return err ? -1 : 0;
}

static const struct bpf_ctrl_cgroup_attach *
attach_of(const void *value, size_t i)
{
	return value + cgroup_attach_types[i].offset;
}

static bool cgroup_wanted(const void *value, const void *data)
{
	const struct bpf_ctrl_cgroup *cgroup = value;
	const struct cgroup_ctx *ctx = data;

	return ctx->all || cgroup->attached;
}

static void show_cgroup_json(struct ctrl_source *src, __u64 id, const void *value,
			     void *ctx)
{
	char path[PATH_MAX];

	if (cgroup_path(ctx, id, path))
		jsonw_string_field(json_wtr, "path", path);
}

static const char *flags_text(__u64 flags)
{
	if (flags & BPF_F_ALLOW_MULTI)
		return "(multi)";
	return flags & BPF_F_ALLOW_OVERRIDE ? "(override)" : "";
}

/* "inet_ingress:2(multi),sysctl" of the programs attached here */
static char *attached_text(const void *value)
{
	const struct bpf_ctrl_cgroup_attach *attach;
	char *text = NULL;
	size_t len = 0, i;
	FILE *out;

	out = open_memstream(&text, &len);
	if (!out)
		return NULL;
	for (i = 0; i < CGROUP_ATTACH_TYPES; i++) {
		attach = attach_of(value, i);
		if (!attach->attached)
			continue;
		fprintf(out, "%s%s", ftell(out) ? "," : "", cgroup_attach_types[i].name);
		if (attach->attached > 1)
			fprintf(out, ":%u", attach->attached);
		fprintf(out, "%s", flags_text(attach->flags));
	}
	if (!ftell(out))
		fprintf(out, "-");
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static __u32 count_effective(const void *value)
{
	__u32 nr = 0;
	size_t i;

	for (i = 0; i < CGROUP_ATTACH_TYPES; i++)
		nr += attach_of(value, i)->effective;
	return nr;
}

static int show_cgroup_row(struct ctrl_source *src, __u64 id, const void *value,
			   struct ctrl_table *table, void *ctx)
{
	const struct bpf_ctrl_cgroup *cgroup = value;
	char path[PATH_MAX];
	char *attached;
	int err;

	attached = attached_text(value);
	if (!attached) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	err = ctrl_table_add(table, "%llu", (unsigned long long)id) ?:
	      ctrl_table_add(table, "%u", cgroup->attached) ?:
	      ctrl_table_add(table, "%u", count_effective(value)) ?:
	      ctrl_table_add(table, "%s", attached) ?:
	      ctrl_table_add(table, "%s", cgroup_path(ctx, id, path) ? path : "-");
	free(attached);
	return err;
}

static const struct ctrl_column cgroup_columns[] = {
	{ "ID" },
	{ "ATTACHED" },
	{ "EFFECTIVE" },
	{ "TYPES",	true },
	{ "PATH",	true },
	{}
};

static const struct ctrl_object cgroup_object = {
	.ctrl_type	= BPF_CTRL_CGROUP,
	.name		= "cgroup",
	.noun		= "cgroup",
	.key_word	= "id",
	.key_size	= sizeof(__u64),
	.value_size	= sizeof(struct bpf_ctrl_cgroup),
	.columns	= cgroup_columns,
	.wanted		= cgroup_wanted,
	.show_json	= show_cgroup_json,
	.show_row	= show_cgroup_row,
};

/* [{ id ID | path PATH | all }]; returns -1 (reported), or how many keys there are */
static int parse_which(int argc, char **argv, struct cgroup_ctx *ctx, __u64 *id)
{
	if (!argc)
		return 0;
	if (is_prefix(*argv, "all")) {
		NEXT_ARG();
		ctx->all = true;
		return ctrl_no_more_args(argc, argv);
	}
	if (is_prefix(*argv, "path")) {
		NEXT_ARG();
		if (!REQ_ARGS(1))
			return -1;
		if (parse_path(GET_ARG(), id))
			return -1;
	} else if (!is_prefix(*argv, "id")) {
		p_err("expected 'id', 'path' or 'all', got: '%s'", *argv);
		return -1;
	} else if (ctrl_object_parse_key(&cgroup_object, &argc, &argv, id)) {
		return -1;
	}
	return ctrl_no_more_args(argc, argv) ?: 1;
}

static int do_show(int argc, char **argv)
{
	struct cgroup_ctx ctx = {};
	__u64 id;
	int nr, err;

	nr = parse_which(argc, argv, &ctx, &id);
	if (nr < 0)
		return -1;

	ctx.mount = cgroup_open_mount();
	err = ctrl_object_show(&cgroup_object, nr ? &id : NULL, &ctx);
	if (ctx.mount >= 0)
		close(ctx.mount);
	return err;
}

static int do_help(int argc, char **argv)
{
	static const char text[] =
		"Usage: %1$s ctrl cgroup { show | list } [{ id ID | path PATH | all }]\n"
		"       %1$s ctrl cgroup help\n"
		"\n"
		"       Cgroups without programs of their own are left out unless 'all' is given.\n"
		"       EFFECTIVE programs are those of the ancestors as well.\n";

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
	return cmd_select(cmds, argc, argv, ctrl_unknown_cmd);
}
