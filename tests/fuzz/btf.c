// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Fuzz target: whatever BTF a kernel may hand out, keys and values are shown, and
 * their members found and parsed, without harm.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "metrics_rows_ctrl.h"

/* All that the types may look at, and not a byte more: the sanitizer sees to that. */
static const __u32 sizes[] = { 1, 4, 8, 24, 64, 200, 256 };

static int use_member(const struct ctrl_field *field, const char *path, void *ctx)
{
	static const char * const words[] = { "1", "-1", "on", "0xffffffffffffffff", "lo", "" };
	struct ctrl_source *src = ctx;
	struct ctrl_field found = ctrl_field_root(src->btf, src->value_type_id);
	void *value = calloc(1, src->value_size);
	struct ctrl_msg msg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		ctrl_field_parse(field, path, words[i], value, &msg);
	ctrl_field_find(&found, path, &msg);
	free(value);
	return 0;
}

static void use_source(struct ctrl_source *src, const uint8_t *data, size_t size)
{
	struct ctrl_field field = ctrl_field_root(src->btf, src->value_type_id);
	void *value = calloc(1, src->value_size), *settable, *commands;
	struct metrics metrics = { .src = src };

	memcpy(value, data, size < src->value_size ? size : src->value_size);
	settable = calloc(1, src->value_size);
	commands = calloc(1, src->value_size);

	fuzz_json_begin();
	ctrl_entry_dump(src, value, value);
	fuzz_json_end();
	ctrl_entry_dump(src, value, value);
	ctrl_value_access(&field, value, settable, commands);
	ctrl_field_for_each(&field, "", use_member, src);
	metrics_describe(&metrics);
	metrics_free(&metrics);

	free(commands);
	free(settable);
	free(value);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	/* plain output */
	if (!freopen("/dev/null", "w", stdout))
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctrl_source src = { .name = "test", .fd = -1, .sock = -1 };
	__u32 id, nr;
	size_t i;

	src.btf = btf__new(data, size);
	if (!src.btf)
		return 0;

	nr = btf__type_cnt(src.btf);
	for (id = 1; id < nr && id < 64; id++) {
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			if (ctrl_btf_check(src.btf, id, sizes[i]))
				continue;
			src.key_type_id = id;
			src.value_type_id = id;
			src.key_size = sizes[i];
			src.value_size = sizes[i];
			src.key_layout = ctrl_layout_new(src.btf, id);
			src.value_layout = src.key_layout;
			if (!src.key_layout)
				abort();
			use_source(&src, data, size);
			ctrl_layout_free(src.key_layout);
			break;
		}
	}
	btf__free(src.btf);
	return 0;
}
