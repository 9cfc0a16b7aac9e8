// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What the commands have in common: their words, and help.
 */
#include <stdio.h>
#include <string.h>

#include "command_ctrl.h"
#include "main.h"

/* Every command has a fixed number of words, so that one too many is an error. */
int ctrl_no_more_args(int argc, char **argv)
{
	if (!argc)
		return 0;

	p_err("unexpected word '%s'", *argv);
	return -1;
}

int ctrl_parse_on_off(int *argc, char ***argv, bool *on)
{
	const char *word = *argc ? **argv : "";

	*on = !strcmp(word, "on");
	if (!*on && strcmp(word, "off")) {
		p_err("expected 'on' or 'off', got: '%s'", word);
		return -1;
	}
	NEXT_ARGP();
	return 0;
}

int ctrl_unknown_cmd(int argc, char **argv)
{
	/* cmd_select() calls its help function with the word already taken */
	p_err("unknown command '%s', see 'bpftool ctrl help'", argv[-1]);
	return -1;
}

int ctrl_help(const char *text)
{
	if (json_output) {
		jsonw_null(json_wtr);
		return 0;
	}

	fprintf(stderr, text, bin_name);
	fprintf(stderr,
		"       " HELP_SPEC_OPTIONS " |\n"
		"                    {-n|--nomount} }\n");
	return 0;
}
