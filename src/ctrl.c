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
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "ctrl.h"
#include "main.h"

#define BATCH_BYTES	(64 * 1024)

#ifndef ENOTSUPP
#define ENOTSUPP	524	/* leaks out of the kernel without a name */
#endif

/* What the registry reports, in ascending order of control types. */
struct ctrl_types {
	struct ctrl_type *types;
	size_t nr;
};

struct name_of_bit {
	__u32 bit;
	const char *name;
};

static const struct name_of_bit op_names[] = {
	{ BPF_CTRL_OP_LOOKUP,	"lookup" },
	{ BPF_CTRL_OP_UPDATE,	"update" },
	{ BPF_CTRL_OP_DELETE,	"delete" },
	{ BPF_CTRL_OP_ITERATE,	"iterate" },
};

void ctrl_output_begin(void)
{
	setvbuf(stdout, NULL, _IOFBF, 0);
}

void ctrl_output_end(void)
{
	fflush(stdout);
	setlinebuf(stdout);
}

/*
 * Not bpf_map_create(): before a map it has the kernel load programs to find out
 * about names and memory accounting, which no kernel with control maps needs and
 * which takes longer than reading a small map.
 */
static int ctrl_map_create(__u32 ctrl_type, const char *name)
{
	union bpf_attr attr = {};
	int fd;

	attr.map_type = BPF_MAP_TYPE_CONTROL;
	attr.ctrl_type = ctrl_type;
	/* readers that stop after max_entries must not stop */
	attr.max_entries = UINT_MAX;
	if (name)
		snprintf(attr.map_name, sizeof(attr.map_name), "%s", name);

	fd = syscall(__NR_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	return fd < 0 ? -errno : fd;
}

static void report_create_error(const char *name, int err)
{
	switch (err) {
	case -EINVAL:
		p_err("this kernel has no BPF control maps (BPF_MAP_TYPE_CONTROL): apply the series in kernel-patch/");
		break;
	case -EOPNOTSUPP:
		p_err("this kernel has control maps, but not of type %s", name);
		break;
	case -EPERM:
		p_err("can't open control type %s: %s: it takes CAP_BPF, and CAP_NET_ADMIN for network devices",
		      name, strerror(-err));
		break;
	default:
		p_err("can't open control type %s: %s", name, strerror(-err));
	}
}

int ctrl_map_pin(__u32 ctrl_type, const char *name, const char *path)
{
	int err, fd;

	fd = ctrl_map_create(ctrl_type, name);
	if (fd < 0) {
		report_create_error(name, fd);
		return fd;
	}
	err = do_pin_fd(fd, path);
	close(fd);
	return err;
}

int ctrl_source_open(struct ctrl_source *src, __u32 ctrl_type, const char *name)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int err;

	*src = (struct ctrl_source){ .name = name, .fd = -1, .sock = -1 };

	src->fd = ctrl_map_create(ctrl_type, NULL);
	if (src->fd < 0) {
		report_create_error(name, src->fd);
		return src->fd;
	}

	err = bpf_map_get_info_by_fd(src->fd, &info, &len);
	if (err) {
		p_err("can't get map info of %s: %s", name, strerror(-err));
		return err;
	}

	src->key_size = info.key_size;
	src->value_size = info.value_size;
	src->btf_id = info.btf_id;
	src->key_type_id = info.btf_key_type_id;
	src->value_type_id = info.btf_value_type_id;
	return 0;
}

void ctrl_source_close(struct ctrl_source *src)
{
	btf__free(src->btf);
	if (src->sock >= 0)
		close(src->sock);
	if (src->fd >= 0)
		close(src->fd);
	*src = (struct ctrl_source){ .fd = -1, .sock = -1 };
}

/* The kernel's description must not lead beyond what the kernel wrote. */
static bool btf_fits(const struct btf *btf, __u32 type_id, __u32 size)
{
	__s64 type_size = btf__resolve_size(btf, type_id);

	return type_size > 0 && type_size <= size;
}

int ctrl_source_load_btf(struct ctrl_source *src)
{
	int err;

	if (!src->btf_id || !src->key_type_id || !src->value_type_id) {
		p_err("this kernel does not describe %s: it was built without BTF (CONFIG_DEBUG_INFO_BTF)",
		      src->name);
		return -ENODATA;
	}

	src->btf = btf__load_from_kernel_by_id(src->btf_id);
	if (!src->btf) {
		err = -errno;
		p_err("can't get BTF of %s by id (%u): %s%s", src->name,
		      src->btf_id, strerror(-err),
		      err == -EPERM ? ": it takes CAP_SYS_ADMIN" : "");
		return err;
	}

	if (!btf_fits(src->btf, src->key_type_id, src->key_size) ||
	    !btf_fits(src->btf, src->value_type_id, src->value_size)) {
		p_err("can't use BTF of %s: it describes more than keys of %u and values of %u bytes",
		      src->name, src->key_size, src->value_size);
		return -EINVAL;
	}
	return 0;
}

int ctrl_source_get(struct ctrl_source *src, const void *key, void *value)
{
	return bpf_map_lookup_elem(src->fd, key, value);
}

static int walk_single(struct ctrl_source *src, void *key, void *value,
		       ctrl_entry_fn fn, void *ctx)
{
	void *prev_key = NULL;
	int err;

	while (!(err = bpf_map_get_next_key(src->fd, prev_key, key))) {
		prev_key = key;
		err = ctrl_source_get(src, key, value);
		if (err == -ENOENT)	/* gone since the last call */
			continue;
		if (!err)
			err = fn(src, key, value, ctx);
		if (err)
			break;
	}
	return err == -ENOENT ? 0 : err;
}

/* Returns -ENOTSUP if the map can't be read in batches. */
static int walk_batch(struct ctrl_source *src, void *batch, __u32 max,
		      void *keys, void *values, ctrl_entry_fn fn, void *ctx)
{
	void *in_batch = NULL;
	int err, ret;
	__u32 i, nr;

	do {
		nr = max;
		err = bpf_map_lookup_batch(src->fd, in_batch, batch, keys,
					   values, &nr, NULL);
		if (err && err != -ENOENT) {
			if (!in_batch && (err == -EINVAL || err == -ENOTSUPP))
				return -ENOTSUP;
			return err;
		}
		in_batch = batch;

		for (i = 0; i < nr; i++) {
			ret = fn(src, keys + i * src->key_size,
				 values + i * src->value_size, ctx);
			if (ret)
				return ret;
		}
	} while (!err);

	return 0;
}

/* Keeps what the callback returns apart from errors of the walk itself. */
struct walk_result {
	ctrl_entry_fn fn;
	void *ctx;
	int ret;
};

static int call_entry_fn(struct ctrl_source *src, const void *key,
			 const void *value, void *ctx)
{
	struct walk_result *walk = ctx;

	walk->ret = walk->fn(src, key, value, walk->ctx);
	return walk->ret ? -ECANCELED : 0;
}

int ctrl_source_for_each(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx)
{
	struct walk_result walk = { .fn = fn, .ctx = ctx };
	__u32 size = src->key_size + src->value_size;
	__u32 max = size < BATCH_BYTES ? BATCH_BYTES / size : 1;
	void *batch, *keys, *values;
	int err = -ENOMEM;

	batch = malloc(src->key_size);
	keys = calloc(max, src->key_size);
	values = calloc(max, src->value_size);
	if (batch && keys && values) {
		err = walk_batch(src, batch, max, keys, values, call_entry_fn,
				 &walk);
		if (err == -ENOTSUP)
			err = walk_single(src, keys, values, call_entry_fn,
					  &walk);
	}
	free(values);
	free(keys);
	free(batch);

	if (walk.ret)
		return walk.ret;
	if (err)
		p_err("can't read %s: %s", src->name, strerror(-err));
	return err;
}

/*
 * One ioctl per name is cheaper than what if_nameindex() does: the RTM_GETLINK
 * dump behind it has the kernel fill in kilobytes per device.
 */
bool ctrl_source_ifname(struct ctrl_source *src, __u32 ifindex,
			char name[IF_NAMESIZE])
{
	struct ifreq ifr = { .ifr_ifindex = ifindex };

	if (src->sock < 0)
		src->sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (src->sock < 0 || ioctl(src->sock, SIOCGIFNAME, &ifr))
		return false;

	snprintf(name, IF_NAMESIZE, "%s", ifr.ifr_name);
	return true;
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
	memcpy(&types->info, value, size);
	types->info.name[sizeof(types->info.name) - 1] = '\0';
	types->info.key_type[sizeof(types->info.key_type) - 1] = '\0';
	types->info.value_type[sizeof(types->info.value_type) - 1] = '\0';
	return 0;
}

static int get_types(struct ctrl_types *list)
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

/* Look up a name in what get_types() found. */
static const struct ctrl_type *find_type(const struct ctrl_types *list,
					 const char *name)
{
	size_t i;

	for (i = 0; i < list->nr; i++)
		if (!strcmp(list->types[i].info.name, name))
			return &list->types[i];

	report_no_type(list, name);
	return NULL;
}

static int get_type(const char *name, struct ctrl_type *type)
{
	const struct ctrl_type *found;
	struct ctrl_types list;
	int err;

	err = get_types(&list);
	if (!err) {
		found = find_type(&list, name);
		if (found)
			*type = *found;
		else
			err = -ENOENT;
	}
	free(list.types);
	return err;
}

/* Every command has a fixed number of words, so that one too many is an error. */
static int check_extra_args(int argc, char **argv)
{
	if (!argc)
		return 0;

	p_err("unexpected word '%s'", *argv);
	return -1;
}

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
	jsonw_end_object(json_wtr);
}

static void show_type_plain(const struct ctrl_type *type)
{
	const struct bpf_ctrl_info *info = &type->info;

	printf("%u: %s  key %s %uB  value %s %uB\n", type->id, info->name,
	       info->key_type, info->key_size, info->value_type,
	       info->value_size);
	show_ops_plain(info->ops);
	printf("  scope %s\n", scope_name(info->scope));
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
	if (check_extra_args(argc, argv))
		return -1;

	err = get_types(&list);
	if (err)
		goto out;
	if (name) {
		only = find_type(&list, name);
		err = only ? 0 : -ENOENT;
		if (err)
			goto out;
	}

	if (json_output)
		jsonw_start_array(json_wtr);
	for (i = 0; i < list.nr; i++)
		if (!only || only == &list.types[i])
			show_type(&list.types[i]);
	if (json_output)
		jsonw_end_array(json_wtr);
out:
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
		      err == -ENOENT ? "no such key" : strerror(-err));
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

/* Open a type by the name that the registry has for it, with its BTF. */
static int open_type(const char *name, struct ctrl_type *type,
		     struct ctrl_source *src)
{
	int err;

	err = get_type(name, type);
	if (err)
		return err;

	err = ctrl_source_open(src, type->id, type->info.name);
	if (!err)
		err = ctrl_source_load_btf(src);
	if (err)
		ctrl_source_close(src);
	return err;
}

static int do_dump(int argc, char **argv)
{
	const char *name, *key = NULL;
	struct ctrl_source src;
	struct ctrl_type type;
	int err;

	if (!REQ_ARGS(1))
		return -1;
	name = GET_ARG();
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
	if (check_extra_args(argc, argv))
		return -1;

	err = open_type(name, &type, &src);
	if (err)
		return err;
	err = key ? dump_key(&src, key) : dump_all(&src);
	ctrl_source_close(&src);
	return err;
}

static int do_pin(int argc, char **argv)
{
	const char *name, *path;
	struct ctrl_type type;
	int err;

	if (!REQ_ARGS(2))
		return -1;
	name = GET_ARG();
	path = GET_ARG();
	if (check_extra_args(argc, argv))
		return -1;

	err = get_type(name, &type);
	if (!err)
		err = ctrl_map_pin(type.id, type.info.name, path);
	if (!err && json_output)
		jsonw_null(json_wtr);
	return err;
}

static void __printf(2, 0) print_to_file(void *ctx, const char *fmt,
					 va_list args)
{
	vfprintf(ctx, fmt, args);
}

static int write_types(const struct ctrl_source *src, FILE *out)
{
	struct btf_dump *dump;
	int err;

	dump = btf_dump__new(src->btf, print_to_file, out, NULL);
	if (!dump)
		return -errno;
	err = btf_dump__dump_type(dump, src->key_type_id);
	if (!err)
		err = btf_dump__dump_type(dump, src->value_type_id);
	btf_dump__free(dump);
	return err;
}

static void write_guard(const char *name, FILE *out)
{
	fputs("__BPF_CTRL_", out);
	for (; *name; name++)
		fputc(isalnum(*name) ? toupper(*name) : '_', out);
	fputs("_H__\n", out);
}

/* A header that compiles on its own. */
static int write_header(const struct ctrl_type *type,
			const struct ctrl_source *src, FILE *out)
{
	int err;

	fprintf(out, "/* control type %s (ctrl_type %u): key %s, value %s */\n",
		type->info.name, type->id, type->info.key_type,
		type->info.value_type);
	fputs("#ifndef ", out);
	write_guard(type->info.name, out);
	fputs("#define ", out);
	write_guard(type->info.name, out);
	fputc('\n', out);

	err = write_types(src, out);
	fputs("#endif\n", out);
	return err;
}

static int show_schema(const struct ctrl_type *type,
		       const struct ctrl_source *src)
{
	char *text = NULL;
	size_t len;
	FILE *out;
	int err;

	out = open_memstream(&text, &len);
	if (!out) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	err = write_header(type, src, out);
	if (fclose(out))
		err = err ?: -ENOMEM;
	if (err) {
		p_err("can't write types of %s: %s", src->name, strerror(-err));
		goto out;
	}

	if (json_output) {
		jsonw_start_object(json_wtr);
		jsonw_string_field(json_wtr, "type", src->name);
		jsonw_string_field(json_wtr, "format", "c");
		jsonw_string_field(json_wtr, "schema", text);
		jsonw_end_object(json_wtr);
	} else {
		fputs(text, stdout);
	}
out:
	free(text);
	return err;
}

static int do_schema(int argc, char **argv)
{
	struct ctrl_source src;
	struct ctrl_type type;
	const char *name;
	int err;

	if (!REQ_ARGS(1))
		return -1;
	name = GET_ARG();
	if (argc) {
		if (!is_prefix(*argv, "format")) {
			p_err("expected 'format', got: '%s'", *argv);
			return -1;
		}
		NEXT_ARG();
		if (!REQ_ARGS(1))
			return -1;
		if (strcmp(*argv, "c")) {
			p_err("unknown format '%s', expected 'c'", *argv);
			return -1;
		}
		NEXT_ARG();
	}
	if (check_extra_args(argc, argv))
		return -1;

	err = open_type(name, &type, &src);
	if (err)
		return err;
	err = show_schema(&type, &src);
	ctrl_source_close(&src);
	return err;
}

int ctrl_unknown_cmd(int argc, char **argv)
{
	/* cmd_select() calls its help function with the word already taken */
	p_err("unknown command '%s', see 'bpftool ctrl help'", argv[-1]);
	return -1;
}

static int do_help(int argc, char **argv)
{
	if (json_output) {
		jsonw_null(json_wtr);
		return 0;
	}

	fprintf(stderr,
		"Usage: %1$s ctrl { show | list } [TYPE]\n"
		"       %1$s ctrl dump   TYPE [key KEY]\n"
		"       %1$s ctrl pin    TYPE PATH\n"
		"       %1$s ctrl schema TYPE [format c]\n"
		"       %1$s ctrl xdp    { COMMAND | help }\n"
		"       %1$s ctrl help\n"
		"\n"
		"       TYPE is a name that '%1$s ctrl list' shows\n"
		"       KEY := { NUMBER | name of an interface | name of an enumerator }\n"
		"       " HELP_SPEC_OPTIONS " |\n"
		"                    {-n|--nomount} }\n"
		"",
		bin_name);

	return 0;
}

static const struct cmd cmds[] = {
	{ "show",	do_show },
	{ "list",	do_show },
	{ "help",	do_help },
	{ "dump",	do_dump },
	{ "pin",	do_pin },
	{ "schema",	do_schema },
	{ "xdp",	do_ctrl_xdp },
	{ 0 }
};

int do_ctrl(int argc, char **argv)
{
	int err;

	err = cmd_select(cmds, argc, argv, ctrl_unknown_cmd);
	if (err)
		return -1;

	/* "bpftool batch" takes what is left in errno for its own failure */
	errno = 0;
	return 0;
}
