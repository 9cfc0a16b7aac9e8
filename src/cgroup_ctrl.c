// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl cgroup: BPF programs of cgroups.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroup_ctrl.h"
#include "family_ctrl.h"
#include "main.h"

struct cgroup_ctx {
	int mount;	/* file descriptor of a cgroup2 mount, or -1 */
	bool all;
};

const struct cgroup_attach_type cgroup_attach_types[CGROUP_ATTACH_TYPES] = {
#define ATTACH_TYPE(member, type)					\
	{ #member, type, offsetof(struct bpf_ctrl_cgroup, member) }
	ATTACH_TYPE(inet_ingress, BPF_CGROUP_INET_INGRESS),
	ATTACH_TYPE(inet_egress, BPF_CGROUP_INET_EGRESS),
	ATTACH_TYPE(inet_sock_create, BPF_CGROUP_INET_SOCK_CREATE),
	ATTACH_TYPE(sock_ops, BPF_CGROUP_SOCK_OPS),
	ATTACH_TYPE(device, BPF_CGROUP_DEVICE),
	ATTACH_TYPE(inet4_bind, BPF_CGROUP_INET4_BIND),
	ATTACH_TYPE(inet6_bind, BPF_CGROUP_INET6_BIND),
	ATTACH_TYPE(inet4_connect, BPF_CGROUP_INET4_CONNECT),
	ATTACH_TYPE(inet6_connect, BPF_CGROUP_INET6_CONNECT),
	ATTACH_TYPE(unix_connect, BPF_CGROUP_UNIX_CONNECT),
	ATTACH_TYPE(inet4_post_bind, BPF_CGROUP_INET4_POST_BIND),
	ATTACH_TYPE(inet6_post_bind, BPF_CGROUP_INET6_POST_BIND),
	ATTACH_TYPE(udp4_sendmsg, BPF_CGROUP_UDP4_SENDMSG),
	ATTACH_TYPE(udp6_sendmsg, BPF_CGROUP_UDP6_SENDMSG),
	ATTACH_TYPE(unix_sendmsg, BPF_CGROUP_UNIX_SENDMSG),
	ATTACH_TYPE(sysctl, BPF_CGROUP_SYSCTL),
	ATTACH_TYPE(udp4_recvmsg, BPF_CGROUP_UDP4_RECVMSG),
	ATTACH_TYPE(udp6_recvmsg, BPF_CGROUP_UDP6_RECVMSG),
	ATTACH_TYPE(unix_recvmsg, BPF_CGROUP_UNIX_RECVMSG),
	ATTACH_TYPE(getsockopt, BPF_CGROUP_GETSOCKOPT),
	ATTACH_TYPE(setsockopt, BPF_CGROUP_SETSOCKOPT),
	ATTACH_TYPE(inet4_getpeername, BPF_CGROUP_INET4_GETPEERNAME),
	ATTACH_TYPE(inet6_getpeername, BPF_CGROUP_INET6_GETPEERNAME),
	ATTACH_TYPE(unix_getpeername, BPF_CGROUP_UNIX_GETPEERNAME),
	ATTACH_TYPE(inet4_getsockname, BPF_CGROUP_INET4_GETSOCKNAME),
	ATTACH_TYPE(inet6_getsockname, BPF_CGROUP_INET6_GETSOCKNAME),
	ATTACH_TYPE(unix_getsockname, BPF_CGROUP_UNIX_GETSOCKNAME),
	ATTACH_TYPE(inet_sock_release, BPF_CGROUP_INET_SOCK_RELEASE),
	ATTACH_TYPE(lsm, BPF_LSM_CGROUP),
};

int cgroup_open_mount(void)
{
	struct mntent *mnt;
	FILE *mounts;
	int fd = -1;

	mounts = setmntent("/proc/self/mounts", "r");
	if (!mounts)
		return -1;
	while (fd < 0 && (mnt = getmntent(mounts)))
		if (!strcmp(mnt->mnt_type, "cgroup2"))
			fd = open(mnt->mnt_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	endmntent(mounts);
	return fd;
}

int cgroup_open_id(int mount, __u64 id)
{
	struct kernfs_handle handle = {
		.fh.handle_bytes = sizeof(handle.id),
		.fh.handle_type = FILEID_KERNFS,
		.id = id,
	};
	int fd;

	fd = open_by_handle_at(mount, &handle.fh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* False if there is no such directory to be seen from here, or no CAP_DAC_READ_SEARCH. */
static bool cgroup_path(const struct cgroup_ctx *ctx, __u64 id, char path[PATH_MAX])
{
	char link[64];
	ssize_t len;
	int fd;

	if (ctx->mount < 0)
		return false;
	fd = cgroup_open_id(ctx->mount, id);
	if (fd < 0)
		return false;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, PATH_MAX - 1);
	close(fd);
	if (len < 0)
		return false;
	path[len] = '\0';
	return true;
}

int cgroup_id_at(int dir, const char *path, __u64 *id)
{
	struct kernfs_handle handle = { .fh.handle_bytes = sizeof(handle.id) };
	int mount;

	if (name_to_handle_at(dir, path, &handle.fh, &mount, 0))
		return errno == EOVERFLOW ? -EOPNOTSUPP : -errno;
	if (handle.fh.handle_type != FILEID_KERNFS)
		return -EOPNOTSUPP;
	*id = handle.id;
	return 0;
}

static int parse_path(const char *path, __u64 *id)
{
	int err;

	err = cgroup_id_at(AT_FDCWD, path, id);
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

static const struct ctrl_family cgroup_family = {
	.ctrl_type	= BPF_CTRL_CGROUP,
	.name		= "cgroup",
	.object		= "cgroup",
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
	} else if (ctrl_family_parse_key(&cgroup_family, &argc, &argv, id)) {
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
	err = ctrl_family_show(&cgroup_family, nr ? &id : NULL, &ctx);
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
