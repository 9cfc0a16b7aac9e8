// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Fuzz target: "ctrl set", a line with the name of a member and one with a value.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* What a number or a name was stored as is stored again when it is given as shown. */
static void check_shown(const struct ctrl_field *field, const uint8_t *value)
{
	uint8_t again[FUZZ_VALUE_SIZE] = {};
	struct ctrl_msg msg;
	json_writer_t *jw;
	size_t len;
	char *text;
	FILE *out;

	if (ctrl_field_is_string(field))
		return;

	out = open_memstream(&text, &len);
	jw = jsonw_new(out);
	ctrl_field_dump_json(field, jw, value);
	jsonw_destroy(&jw);
	fclose(out);

	text[strcspn(text, "\n")] = '\0';
	if (*text == '"')
		text[strlen(text) - 1] = '\0';
	assert(!ctrl_field_parse(field, "member", text + (*text == '"'), again, &msg));
	assert(ctrl_field_load(field, again) == ctrl_field_load(field, value));
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t value[FUZZ_VALUE_SIZE] = {}, given[FUZZ_VALUE_SIZE] = {};
	char *text = strndup((const char *)data, size), *word;
	struct ctrl_source src;
	struct ctrl_field field;
	struct ctrl_msg msg;

	fuzz_source(&src);
	word = strchr(text, '\n');
	if (word)
		*word++ = '\0';
	else
		word = "";

	field = ctrl_field_root(src.btf, src.value_type_id);
	if (!ctrl_field_find(&field, text, &msg) &&
	    !ctrl_field_parse(&field, text, word, value, &msg)) {
		ctrl_field_mark(&field, given);
		assert(ctrl_field_marked(&field, given));
		check_shown(&field, value);
	}
	/* and as a key */
	ctrl_key_parse(&src, word, value);

	free(text);
	return 0;
}
