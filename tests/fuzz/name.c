// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Fuzz target: names of any bytes, as they are in JSON and on a terminal.
 */
#include <assert.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "name_ctrl.h"

/* The library's own idea of what UTF-8 is */
static void check_utf8(const char *text)
{
	json_t *string = json_string(text);

	assert(string);
	json_decref(string);
}

static void check_cut(const char *text, int max)
{
	size_t len = strlen(text);
	char *cut;

	assert(ctrl_text_width(text, &len, max) <= max);
	cut = strndup(text, len);
	check_utf8(cut);
	free(cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name = strndup((const char *)data, size), *text, *c;
	size_t len = strlen(name);

	text = malloc(CTRL_NAME_JSON(len));
	check_utf8(ctrl_name_to_json(name, text));
	ctrl_name_from_json(text);
	assert(!strcmp(text, name));
	/* and of what is no such text */
	strcpy(text, name);
	ctrl_name_from_json(text);
	free(text);

	text = malloc(CTRL_NAME_SHOWN(len));
	check_utf8(ctrl_name_to_show(name, text));
	for (c = text; *c; c++)
		assert((unsigned char)*c >= ' ' && *c != 0x7f);
	assert(ctrl_text_width(text, NULL, INT_MAX) >= 0);
	check_cut(text, size % 80);
	free(text);
	free(name);
	return 0;
}
