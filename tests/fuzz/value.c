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
static void check_shown(const struct ctrl_slot *slot, const uint8_t *value)
{
	uint8_t again[FUZZ_VALUE_SIZE] = {};
	struct ctrl_msg msg;
	json_writer_t *jw;
	size_t len;
	char *text;
	FILE *out;

	if (ctrl_slot_is_string(slot))
		return;

	out = open_memstream(&text, &len);
	jw = jsonw_new(out);
	assert(!ctrl_slot_dump_json(slot, jw, value));
	jsonw_destroy(&jw);
	fclose(out);

	text[strcspn(text, "\n")] = '\0';
	if (*text == '"')
		text[strlen(text) - 1] = '\0';
	assert(!ctrl_slot_parse(slot, "member", text + (*text == '"'), again, &msg));
	assert(ctrl_slot_load(slot, again) == ctrl_slot_load(slot, value));
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t value[FUZZ_VALUE_SIZE] = {}, given[FUZZ_VALUE_SIZE] = {};
	char *text = strndup((const char *)data, size), *word;
	struct ctrl_source src;
	struct ctrl_slot slot;
	struct ctrl_msg msg;

	fuzz_source(&src);
	word = strchr(text, '\n');
	if (word)
		*word++ = '\0';
	else
		word = "";

	slot = ctrl_slot_root(src.btf, src.value_type_id);
	if (!ctrl_slot_find(&slot, text, &msg) &&
	    !ctrl_slot_parse(&slot, text, word, value, &msg)) {
		ctrl_slot_mark(&slot, given);
		assert(ctrl_slot_marked(&slot, given));
		check_shown(&slot, value);
	}
	/* and as a key */
	ctrl_key_parse(&src, word, value);

	free(text);
	return 0;
}
