// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What the fuzz targets share: the parts of bpftool, and of a kernel with one
 * control type, that the code under test calls.
 */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "fuzz.h"
#include "xdp_dev_ctrl.h"

#define NR_OBJECTS	4

/* BTF of types.c, put there by the linker */
extern const uint8_t fuzz_btf[], fuzz_btf_end[];

const char *bin_name = "bpftool";
json_writer_t *json_wtr;
bool json_output;
bool dry_run;

unsigned int fuzz_gets, fuzz_sets;
unsigned int fuzz_same = 1;

static uint8_t state[NR_OBJECTS][FUZZ_VALUE_SIZE];
static struct btf *btf;
static struct ctrl_layout *key_layout, *value_layout;
static char *json_text;
static size_t json_len;
static FILE *json_file;

void p_err(const char *fmt, ...)
{
	char text[ERR_MAX_LEN];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/* as bpftool does: the report is JSON, too */
	if (json_output) {
		jsonw_start_object(json_wtr);
		jsonw_string_field(json_wtr, "error", text);
		jsonw_end_object(json_wtr);
	}
}

void usage(void)
{
	abort();
}

bool is_prefix(const char *pfx, const char *str)
{
	return !strncmp(str, pfx, strlen(pfx));
}

int ctrl_no_more_args(int argc, char **argv)
{
	return argc ? -1 : 0;
}

void ctrl_output_begin(void)
{
}

void ctrl_output_end(void)
{
}

/* a fixed answer for each, so that findings can be repeated anywhere */
bool ctrl_source_ifname(struct ctrl_source *src, __u32 ifindex,
			char name[IF_NAMESIZE])
{
	if (ifindex != 1 && ifindex != fuzz_same)
		return false;
	strcpy(name, "lo");
	return true;
}

__u32 ctrl_netdev_index(const char *name)
{
	errno = ENODEV;
	return !strcmp(name, "lo");
}

__s32 ctrl_netns_id(int fd)
{
	return -1;
}

void ctrl_json_name_field(json_writer_t *jw, const char *field, const char *name)
{
	jsonw_string_field(jw, field, name);
}

char *if_indextoname(unsigned int ifindex, char name[IF_NAMESIZE])
{
	return ctrl_source_ifname(NULL, ifindex, name) ? name : NULL;
}

static __u32 type_named(const char *name, __u32 kind)
{
	__s32 id = btf__find_by_name_kind(btf, name, kind);

	assert(id > 0);
	return id;
}

void fuzz_source(struct ctrl_source *src)
{
	if (!btf)
		btf = btf__new(fuzz_btf, fuzz_btf_end - fuzz_btf);
	assert(btf);

	*src = (struct ctrl_source){
		.name = "test",
		.fd = -1,
		.sock = -1,
		.btf = btf,
		.key_type_id = type_named("bpf_ctrl_ifindex_t", BTF_KIND_TYPEDEF),
		.value_type_id = type_named("value", BTF_KIND_STRUCT),
		.key_size = sizeof(__u32),
	};
	src->value_size = btf__resolve_size(btf, src->value_type_id);
	assert(src->value_size <= FUZZ_VALUE_SIZE);
	assert(!ctrl_btf_check(btf, src->key_type_id, src->key_size));
	assert(!ctrl_btf_check(btf, src->value_type_id, src->value_size));

	if (!key_layout) {
		key_layout = ctrl_layout_new(btf, src->key_type_id);
		value_layout = ctrl_layout_new(btf, src->value_type_id);
	}
	assert(key_layout && value_layout);
	src->key_layout = key_layout;
	src->value_layout = value_layout;
}

static void set_mask(const struct ctrl_source *src, const char *path, __u64 mask,
		     void *value)
{
	struct ctrl_field field = ctrl_field_root(src->btf, src->value_type_id);
	const struct btf_type *t = ctrl_field_type(&field);
	__u16 i;

	/* not by ctrl_field_find(), which hides masks */
	for (i = 0; i < btf_vlen(t); i++) {
		struct ctrl_field member = ctrl_field_member(&field, i);

		if (!strcmp(btf__name_by_offset(src->btf, btf_members(t)[i].name_off),
			    path))
			ctrl_field_store(&member, value, mask);
	}
}

void fuzz_reset(void)
{
	struct ctrl_source src;
	size_t i;

	fuzz_source(&src);
	memset(state, 0, sizeof(state));
	for (i = 0; i < NR_OBJECTS; i++) {
		set_mask(&src, "settable", ~0x3ULL << (i * 3), state[i]);
		set_mask(&src, "valid", 1, state[i]);
	}
}

int ctrl_types_get(struct ctrl_types *list)
{
	list->types = calloc(1, sizeof(*list->types));
	assert(list->types);
	list->nr = 1;
	strcpy(list->types->info.name, "test");
	list->types->info.ops = BPF_CTRL_OP_UPDATE;
	return 0;
}

const struct ctrl_type *ctrl_type_find(const struct ctrl_types *list, const char *name)
{
	return list->types;
}

int ctrl_source_open(struct ctrl_source *src, __u32 ctrl_type, const char *name)
{
	fuzz_source(src);
	return 0;
}

int ctrl_source_load_btf(struct ctrl_source *src)
{
	return 0;
}

void ctrl_source_close(struct ctrl_source *src)
{
}

uint8_t *fuzz_value(unsigned int nr)
{
	assert(nr < NR_OBJECTS);
	return state[nr];
}

int ctrl_source_for_each(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx)
{
	int ret = 0;
	__u32 nr;

	for (nr = 0; nr < NR_OBJECTS && !ret; nr++)
		ret = fn(src, &nr, state[nr], ctx);
	return ret;
}

bool ctrl_source_is_empty(struct ctrl_source *src)
{
	return false;
}

int xdp_parse_dev(int *argc, char ***argv, const char **dev, __u32 *ifindex)
{
	return -ENODEV;
}

static uint8_t *find(const void *key)
{
	__u32 nr;

	memcpy(&nr, key, sizeof(nr));
	return nr < NR_OBJECTS ? state[nr] : NULL;
}

int ctrl_source_check(struct ctrl_source *src, const void *key, const void *value)
{
	return 0;
}

int ctrl_source_get(struct ctrl_source *src, const void *key, void *value)
{
	const uint8_t *from = find(key);

	fuzz_gets++;
	if (!from)
		return -ENOENT;
	memcpy(value, from, src->value_size);
	return 0;
}

const char *ctrl_source_strerror(const struct ctrl_source *src, int err)
{
	return strerror(-err);
}

int ctrl_source_set(struct ctrl_source *src, const void *key, const void *value)
{
	struct ctrl_field field = ctrl_field_root(src->btf, src->value_type_id);
	uint8_t settable[FUZZ_VALUE_SIZE] = {}, commands[FUZZ_VALUE_SIZE] = {};
	const uint8_t *from = value;
	uint8_t *to = find(key);
	size_t i;

	fuzz_sets++;
	assert(to);
	ctrl_value_access(&field, to, settable, commands);
	for (i = 0; i < src->value_size; i++)
		to[i] = (to[i] & ~settable[i]) | (from[i] & settable[i]);
	return 0;
}

void fuzz_json_begin(void)
{
	json_file = open_memstream(&json_text, &json_len);
	assert(json_file);
	json_wtr = jsonw_new(json_file);
	json_output = true;
}

void fuzz_json_end(void)
{
	json_error_t error;
	json_t *root;

	jsonw_destroy(&json_wtr);
	fclose(json_file);
	/* numbers may be beyond what the library can hold as integers */
	root = json_loadb(json_text, json_len,
			  JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
	if (!root && json_len > 1) {
		fprintf(stderr, "no JSON: %s: %s\n", error.text, json_text);
		abort();
	}
	json_decref(root);
	free(json_text);
	json_output = false;
}
