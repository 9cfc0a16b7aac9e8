// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Programs of cgroups on a kernel without control maps: what BPF_PROG_QUERY says of
 * each directory of the cgroup file system, and which links say that they are there.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cgroup_fs_ctrl.h"
#include "error_ctrl.h"
#include "fallback_ctrl.h"
#include "main.h"

/* LSM hooks that programs of cgroups can be attached to, in all */
#define LSM_HOOKS	10

/* in ascending order */
static const enum bpf_attach_type attach_types[] = {
	BPF_CGROUP_INET_INGRESS,
	BPF_CGROUP_INET_EGRESS,
	BPF_CGROUP_INET_SOCK_CREATE,
	BPF_CGROUP_SOCK_OPS,
	BPF_CGROUP_DEVICE,
	BPF_CGROUP_INET4_BIND,
	BPF_CGROUP_INET6_BIND,
	BPF_CGROUP_INET4_CONNECT,
	BPF_CGROUP_INET6_CONNECT,
	BPF_CGROUP_INET4_POST_BIND,
	BPF_CGROUP_INET6_POST_BIND,
	BPF_CGROUP_UDP4_SENDMSG,
	BPF_CGROUP_UDP6_SENDMSG,
	BPF_CGROUP_SYSCTL,
	BPF_CGROUP_UDP4_RECVMSG,
	BPF_CGROUP_UDP6_RECVMSG,
	BPF_CGROUP_GETSOCKOPT,
	BPF_CGROUP_SETSOCKOPT,
	BPF_CGROUP_INET4_GETPEERNAME,
	BPF_CGROUP_INET6_GETPEERNAME,
	BPF_CGROUP_INET4_GETSOCKNAME,
	BPF_CGROUP_INET6_GETSOCKNAME,
	BPF_CGROUP_INET_SOCK_RELEASE,
	BPF_LSM_CGROUP,
	BPF_CGROUP_UNIX_CONNECT,
	BPF_CGROUP_UNIX_SENDMSG,
	BPF_CGROUP_UNIX_RECVMSG,
	BPF_CGROUP_UNIX_GETPEERNAME,
	BPF_CGROUP_UNIX_GETSOCKNAME,
};

/* What BPF_PROG_QUERY says of one attach type; the hooks of BPF_LSM_CGROUP are together. */
struct query {
	__u32 nr;
	__u32 flags;
	__u64 revision;
	__u32 ids[BPF_CTRL_CGROUP_PROGS * LSM_HOOKS];
	__u32 prog_flags[BPF_CTRL_CGROUP_PROGS * LSM_HOOKS];
};

/* A link to a cgroup, which one program of one entry is from. */
struct cgroup_link {
	struct bpf_ctrl_cgroup_key key;
	__u32 prog_id;
	__u32 link_id;
	bool taken;
};

struct cgroup_links {
	struct cgroup_link *links;
	size_t nr;
	size_t max;
};

struct cgroup_walk {
	struct ctrl_source *src;
	struct cgroup_links links;
	ctrl_entry_fn fn;
	void *ctx;
};

static int cgroup_open(struct ctrl_source *src)
{
	__u32 nr = 0;

	src->fd = cgroup_open_mount();
	if (src->fd < 0) {
		p_err("can't find cgroups: no cgroup2 file system is mounted");
		return -ENODEV;
	}
	if (bpf_prog_query(src->fd, attach_types[0], 0, NULL, NULL, &nr) == -EPERM)
		return ctrl_fallback_no_permission(src, CTRL_CAP(CAP_NET_ADMIN),
						   "it takes CAP_NET_ADMIN");
	return 0;
}

/* How many directories it is below the one that is mounted */
static __u32 cgroup_level(int mount, int fd)
{
	char top[PATH_MAX], path[PATH_MAX];
	const char *p;
	__u32 level = 0;

	if (!cgroup_fd_path(mount, top) || !cgroup_fd_path(fd, path) || strlen(path) < strlen(top))
		return 0;
	for (p = path + strlen(top); *p; p++)
		level += *p == '/';
	return level;
}

/* The links there are; without CAP_SYS_ADMIN none is known. */
static int add_link(struct cgroup_links *links, __u32 id)
{
	size_t max = links->max ? links->max * 2 : 64;
	struct bpf_link_info info = {};
	__u32 len = sizeof(info);
	struct cgroup_link *more;
	int fd, err;

	fd = bpf_link_get_fd_by_id(id);
	if (fd < 0)
		return 0;
	err = bpf_link_get_info_by_fd(fd, &info, &len);
	close(fd);
	if (err || info.type != BPF_LINK_TYPE_CGROUP)
		return 0;

	if (links->nr == links->max) {
		more = realloc(links->links, max * sizeof(*more));
		if (!more)
			return -ENOMEM;
		links->links = more;
		links->max = max;
	}
	links->links[links->nr++] = (struct cgroup_link){
		.key.id = info.cgroup.cgroup_id,
		.key.attach_type = info.cgroup.attach_type,
		.prog_id = info.prog_id,
		.link_id = id,
	};
	return 0;
}

static int find_links(struct cgroup_links *links)
{
	__u32 id = 0;
	int err = 0;

	while (!err && !bpf_link_get_next_id(id, &id))
		err = add_link(links, id);
	return err;
}

/* Several links may attach one program: each is given out once. */
static __u32 take_link(struct cgroup_links *links, const struct bpf_ctrl_cgroup_key *key,
		       __u32 prog_id)
{
	struct cgroup_link *link = links->links, *end = link + links->nr;

	for (; link < end; link++) {
		if (link->taken || link->prog_id != prog_id || link->key.id != key->id ||
		    link->key.attach_type != key->attach_type)
			continue;
		link->taken = true;
		return link->link_id;
	}
	return 0;
}

/* The LSM hook that a program is for, or 0 if it can't be told */
static __u32 hook_of(__u32 prog_id)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);
	int fd, err;

	fd = bpf_prog_get_fd_by_id(prog_id);
	if (fd < 0)
		return 0;
	err = bpf_prog_get_info_by_fd(fd, &info, &len);
	close(fd);
	return err ? 0 : info.attach_btf_id;
}

/* Fails if this kernel does not know the attach type. */
static int query(int fd, enum bpf_attach_type type, __u32 flags, struct query *q)
{
	LIBBPF_OPTS(bpf_prog_query_opts, opts,
		    .query_flags = flags,
		    .prog_ids = q->ids,
		    .prog_cnt = ARRAY_SIZE(q->ids));
	int err;

	memset(q, 0, sizeof(*q));
	if (!(flags & BPF_F_QUERY_EFFECTIVE))
		opts.prog_attach_flags = q->prog_flags;
	err = bpf_prog_query_opts(fd, type, &opts);
	if (err)
		return err;

	q->nr = opts.prog_cnt;
	q->flags = opts.attach_flags;
	q->revision = opts.revision;
	return 0;
}

/* Programs that run for @key, of the effective ones of its attach type */
static __u32 count_effective(const struct query *q, const struct bpf_ctrl_cgroup_key *key)
{
	__u32 i, nr = 0;

	if (key->attach_type != BPF_LSM_CGROUP)
		return q->nr;
	for (i = 0; i < q->nr; i++)
		nr += hook_of(q->ids[i]) == key->attach_btf_id;
	return nr;
}

static void add_prog(struct cgroup_walk *walk, const struct bpf_ctrl_cgroup_key *key,
		     const struct query *q, __u32 i, struct bpf_ctrl_cgroup *value)
{
	struct bpf_ctrl_cgroup_prog *prog;

	if (value->attached == BPF_CTRL_CGROUP_PROGS)
		return;
	prog = &value->progs[value->attached++];
	prog->prog_id = q->ids[i];
	prog->link_id = take_link(&walk->links, key, q->ids[i]);
	prog->flags = q->prog_flags[i];
}

/* Bits of bpf_ctrl_cgroup.valid: of the revision not every kernel speaks. */
static __u64 valid_members(const struct query *q)
{
	return q->revision ? 3 : 2;
}

/* One entry of those of an attach type: the programs of the hook of @key */
static int show_hook(struct cgroup_walk *walk, int fd, const struct query *q,
		     const __u32 *hooks, const struct bpf_ctrl_cgroup_key *key)
{
	struct bpf_ctrl_cgroup value = {
		.level = cgroup_level(walk->src->fd, fd),
		.flags = q->flags ?: q->prog_flags[0] & (BPF_F_ALLOW_OVERRIDE | BPF_F_ALLOW_MULTI),
		.valid = valid_members(q),
		.revision = q->revision,
	};
	struct query effective;
	__u32 i;

	for (i = 0; i < q->nr; i++)
		if (hooks[i] == key->attach_btf_id)
			add_prog(walk, key, q, i, &value);
	if (!query(fd, key->attach_type, BPF_F_QUERY_EFFECTIVE, &effective))
		value.effective = count_effective(&effective, key);
	return walk->fn(walk->src, key, &value, walk->ctx);
}

/* The hook after @hook of those that are there; false if that was the last */
static bool next_hook(const __u32 *hooks, __u32 nr, __s64 hook, __u32 *next)
{
	bool found = false;
	__u32 i;

	for (i = 0; i < nr; i++) {
		if (hooks[i] <= hook || (found && hooks[i] >= *next))
			continue;
		*next = hooks[i];
		found = true;
	}
	return found;
}

static int show_attach_type(struct cgroup_walk *walk, int fd, __u64 id,
			    enum bpf_attach_type type)
{
	struct bpf_ctrl_cgroup_key key = { .id = id, .attach_type = type };
	__u32 hooks[BPF_CTRL_CGROUP_PROGS * LSM_HOOKS] = {};
	struct query q;
	__s64 hook = -1;
	int err = 0;
	__u32 i;

	if (query(fd, type, 0, &q))
		return 0;
	for (i = 0; type == BPF_LSM_CGROUP && i < q.nr; i++)
		hooks[i] = hook_of(q.ids[i]);
	while (!err && next_hook(hooks, q.nr, hook, &key.attach_btf_id)) {
		err = show_hook(walk, fd, &q, hooks, &key);
		hook = key.attach_btf_id;
	}
	return err;
}

/* A cgroup that is gone in the meantime has nothing attached. */
static int show_cgroup(struct cgroup_walk *walk, __u64 id)
{
	size_t i;
	int fd, err = 0;

	fd = cgroup_open_id(walk->src->fd, id);
	/* a file in it has a number, too */
	if (fd < 0)
		return fd == -ESTALE || fd == -ENOTDIR ? 0 : fd;
	for (i = 0; i < ARRAY_SIZE(attach_types) && !err; i++)
		err = show_attach_type(walk, fd, id, attach_types[i]);
	close(fd);
	return err;
}

struct wanted {
	struct bpf_ctrl_cgroup_key key;
	void *value;
};

static int take_wanted(struct ctrl_source *src, const void *key, const void *value, void *ctx)
{
	struct wanted *wanted = ctx;

	if (memcmp(key, &wanted->key, sizeof(wanted->key)))
		return 0;
	memcpy(wanted->value, value, src->value_size);
	return 1;
}

static int cgroup_get(struct ctrl_source *src, const void *key, void *value)
{
	struct wanted wanted = { .value = value };
	struct cgroup_walk walk = { .src = src, .fn = take_wanted, .ctx = &wanted };
	int err;

	memcpy(&wanted.key, key, sizeof(wanted.key));
	err = find_links(&walk.links) ?: show_cgroup(&walk, wanted.key.id);
	free(walk.links.links);
	return err > 0 ? 0 : err ?: -ENOENT;
}

static int compare_ids(const void *a, const void *b)
{
	const __u64 *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

static int cgroup_for_each(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx)
{
	struct cgroup_walk walk = { .src = src, .fn = fn, .ctx = ctx };
	struct cgroup_ids found = {};
	size_t i;
	int err;

	err = find_links(&walk.links) ?: cgroup_find_all(src->fd, &found);
	if (found.nr)
		qsort(found.ids, found.nr, sizeof(*found.ids), compare_ids);
	for (i = 0; i < found.nr && !err; i++)
		err = show_cgroup(&walk, found.ids[i]);
	free(found.ids);
	free(walk.links.links);
	return err;
}

const struct ctrl_fallback cgroup_fallback = {
	.ctrl_type	= BPF_CTRL_CGROUP,
	.info = {
		.name	= "cgroup",
		CTRL_KEY_STRUCT(bpf_ctrl_cgroup_key),
		CTRL_VALUE_TYPE(bpf_ctrl_cgroup),
		.ops	= BPF_CTRL_OP_LOOKUP | BPF_CTRL_OP_ITERATE,
		.scope	= BPF_CTRL_SCOPE_CGROUPNS,
	},
	.ops = {
		.load_btf	= ctrl_fallback_load_btf,
		.get		= cgroup_get,
		.for_each	= cgroup_for_each,
	},
	.open		= cgroup_open,
};
