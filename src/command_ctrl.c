// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What the commands have in common: their words, and help.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command_ctrl.h"
#include "error_ctrl.h"
#include "main.h"
#include "source_ctrl.h"

enum ctrl_status ctrl_status(int err)
{
	switch (err) {
	case CTRL_PARTLY_APPLIED:
		return CTRL_STATUS_PARTLY;
	case -ENOENT:
	case -ENODEV:
		return CTRL_STATUS_NO_OBJECT;
	case CTRL_BAD_WORD:
		return CTRL_STATUS_USAGE;
	case -1:
		return ctrl_source_asked() ? CTRL_STATUS_FAILED : CTRL_STATUS_USAGE;
	default:
		return CTRL_STATUS_FAILED;
	}
}

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

static void report_ambiguous(const struct cmd *cmds, const char *word)
{
	char text[ERR_MAX_LEN] = "";
	size_t len = 0;

	for (; cmds->cmd && len < sizeof(text); cmds++)
		if (is_prefix(word, cmds->cmd))
			len += snprintf(text + len, sizeof(text) - len, "%s%s",
					len ? ", " : "", cmds->cmd);
	p_err("command '%s' may be any of: %s", word, text);
}

int ctrl_select(const struct cmd *cmds, int argc, char **argv)
{
	const struct cmd *cmd, *found = NULL;
	unsigned int nr = 0;

	if (!argc)
		return cmds[0].func(argc, argv);

	for (cmd = cmds; cmd->cmd; cmd++) {
		if (!is_prefix(*argv, cmd->cmd))
			continue;
		found = cmd;
		nr++;
		/* all of its letters: no other is meant */
		if (strlen(*argv) == strlen(cmd->cmd)) {
			nr = 1;
			break;
		}
	}
	if (nr == 1)
		return found->func(argc - 1, argv + 1);
	if (nr)
		report_ambiguous(cmds, *argv);
	else
		p_err("unknown command '%s', see 'bpftool ctrl help'", *argv);
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
