// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The registry: what control types the running kernel has, by name, and what serves them.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "error_ctrl.h"
#include "fallback_ctrl.h"
#include "main.h"
#include "number_ctrl.h"
#include "registry_ctrl.h"

/* The first that serves a type does: the kernel's own where there is one. */
static const struct {
	const char *name;
	int (*open)(struct ctrl_source *src, __u32 ctrl_type);
} sources[] = {
	{ "kernel",	ctrl_map_open },
	{ "fallback",	ctrl_fallback_open },
};

static void source_init(struct ctrl_source *src, const char *name, const char *source)
{
	ctrl_source_ask();
	*src = (struct ctrl_source){ .name = name, .source = source, .fd = -1, .sock = -1 };
}

int ctrl_source_open(struct ctrl_source *src, __u32 ctrl_type, const char *name)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		source_init(src, name, sources[i].name);
		err = sources[i].open(src, ctrl_type);
		if (err <= 0)
			return err;
	}

	p_err("this kernel has no BPF control maps (BPF_MAP_TYPE_CONTROL), which %s needs: apply the series in kernel-patch/",
	      name);
	return -EOPNOTSUPP;
}

static int add_type(struct ctrl_source *src, const void *key, const void *value,
		    void *ctx)
{
	struct ctrl_types *list = ctx;
	struct ctrl_type *types;
	size_t size;

	types = realloc(list->types, (list->nr + 1) * sizeof(*types));
	if (!types) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	list->types = types;
	types += list->nr++;

	/* an older registry reports less, a newer one more */
	memset(types, 0, sizeof(*types));
	size = src->value_size < sizeof(types->info) ?
	       src->value_size : sizeof(types->info);
	memcpy(&types->id, key, sizeof(types->id));
	types->source = src->source;
	memcpy(&types->info, value, size);
	types->users_known = types->info.users != CTRL_USERS_UNKNOWN;
	types->info.name[sizeof(types->info.name) - 1] = '\0';
	types->info.key_type[sizeof(types->info.key_type) - 1] = '\0';
	types->info.value_type[sizeof(types->info.value_type) - 1] = '\0';
	return 0;
}

int ctrl_types_get(struct ctrl_types *list)
{
	struct ctrl_source src;
	int err;

	*list = (struct ctrl_types){};
	err = ctrl_source_open(&src, BPF_CTRL_REGISTRY, "registry");
	if (!err && src.key_size != sizeof(__u32)) {
		p_err("can't use the registry of this kernel: its keys have %u bytes",
		      src.key_size);
		err = -EINVAL;
	}
	if (!err)
		err = ctrl_source_for_each(&src, add_type, list);
	ctrl_source_close(&src);
	return err;
}

static void report_no_type(const struct ctrl_types *list, const char *name)
{
	char known[ERR_MAX_LEN] = "";
	size_t i, len = 0;

	for (i = 0; i < list->nr && len < sizeof(known); i++)
		len += snprintf(known + len, sizeof(known) - len, "%s%s",
				i ? ", " : "", list->types[i].info.name);

	p_err("no control type '%s' in this kernel, it has: %s", name,
	      list->nr ? known : "none");
}

/* Look up a name in what ctrl_types_get() found. */
const struct ctrl_type *ctrl_type_find(const struct ctrl_types *list,
				       const char *name)
{
	size_t i;

	for (i = 0; i < list->nr; i++)
		if (!strcmp(list->types[i].info.name, name))
			return &list->types[i];

	report_no_type(list, name);
	return NULL;
}

int ctrl_type_get(const char *name, struct ctrl_type *type)
{
	const struct ctrl_type *found;
	struct ctrl_types list;
	int err;

	err = ctrl_types_get(&list);
	if (!err) {
		found = ctrl_type_find(&list, name);
		if (found)
			*type = *found;
		else
			err = -ENOENT;
	}
	free(list.types);
	return err;
}

int ctrl_type_parse(int *argc, char ***argv, struct ctrl_type_ref *ref)
{
	__u64 id;

	if (*argc > 1 && !strcmp(**argv, "pinned")) {
		NEXT_ARGP();
		ref->path = **argv;
	} else if (*argc > 1 && !strcmp(**argv, "id")) {
		NEXT_ARGP();
		if (ctrl_number_parse(**argv, &id) || !id || id > UINT_MAX) {
			p_err("can't parse id '%s': not a number or too large", **argv);
			return -1;
		}
		ref->map_id = id;
	} else {
		ref->name = **argv;
	}
	NEXT_ARGP();
	return 0;
}

static int open_type(const char *name, struct ctrl_type *type, struct ctrl_source *src)
{
	return ctrl_type_get(name, type) ?: ctrl_source_open(src, type->id, type->info.name);
}

/* Returns its file descriptor or a negative errno (reported). */
static int open_map(const struct ctrl_type_ref *ref)
{
	LIBBPF_OPTS(bpf_get_fd_by_id_opts, by_id);
	LIBBPF_OPTS(bpf_obj_get_opts, by_path);
	int fd;

	by_id.open_flags = ref->change ? 0 : BPF_F_RDONLY;
	by_path.file_flags = by_id.open_flags;
	if (ref->path) {
		fd = bpf_obj_get_opts(ref->path, &by_path);
		if (fd < 0)
			p_err("can't open %s: %s", ref->path, ctrl_strerror(fd));
	} else {
		fd = bpf_map_get_fd_by_id_opts(ref->map_id, &by_id);
		if (fd < 0)
			p_err("can't get map by id (%u): %s", ref->map_id, fd == -ENOENT ?
			      "it does not exist" : ctrl_strerror(fd));
	}
	return fd;
}

/* The type's name is that of the registry: a map is called what its maker likes. */
static int find_type(__u32 ctrl_type, struct ctrl_type *type)
{
	struct ctrl_types list;
	size_t i;
	int err;

	*type = (struct ctrl_type){ .id = ctrl_type };
	err = ctrl_types_get(&list);
	for (i = 0; i < list.nr && !err; i++)
		if (list.types[i].id == ctrl_type)
			*type = list.types[i];
	free(list.types);
	if (!err && !*type->info.name)
		snprintf(type->info.name, sizeof(type->info.name), "%u", ctrl_type);
	return err;
}

int ctrl_type_users(__u32 ctrl_type, __u64 *users)
{
	struct ctrl_type type;
	int err;

	err = find_type(ctrl_type, &type);
	*users = type.info.users;
	return err;
}

static int open_ref(const struct ctrl_type_ref *ref, struct ctrl_type *type,
		    struct ctrl_source *src)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int err, fd;

	fd = open_map(ref);
	if (fd < 0)
		return fd;
	if (get_fd_type(fd) != BPF_OBJ_MAP || bpf_map_get_info_by_fd(fd, &info, &len) ||
	    info.type != BPF_MAP_TYPE_CONTROL) {
		p_err("can't use %s: it is not a control map", ref->path ?: "this map");
		close(fd);
		return -EINVAL;
	}
	err = find_type(info.map_extra, type);
	if (err) {
		close(fd);
		return err;
	}
	source_init(src, type->info.name, "kernel");
	src->given = true;
	return ctrl_map_adopt(src, fd);
}

int ctrl_type_open(const struct ctrl_type_ref *ref, struct ctrl_type *type,
		   struct ctrl_source *src)
{
	int err;

	source_init(src, NULL, NULL);
	err = ref->name ? open_type(ref->name, type, src) : open_ref(ref, type, src);
	if (!err)
		err = ctrl_source_load_btf(src);
	if (err)
		ctrl_source_close(src);
	return err;
}
