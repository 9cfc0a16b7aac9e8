// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Words that look like options and are none: negative numbers, and --dry-run where it says
 * what a command of ours is to do.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typeof(getopt_long) __real_getopt_long, __wrap_getopt_long;

/* What stands for a word while options are looked for: its address says for which one. */
static char *masks;
static char **hidden;
static int nr_hidden;

static bool is_word(const char *arg)
{
	return (*arg == '-' && isdigit((unsigned char)arg[strspn(arg, "-")])) ||
	       !strcmp(arg, "--dry-run");
}

/* Is that the first word of our commands? ("c" is "cgroup".) */
static bool is_ctrl(const char *arg)
{
	return strlen(arg) > 1 && !strncmp(arg, "ctrl", strlen(arg));
}

/* That of bpftool, but not where it is in the same word. */
static bool takes_word(const char *option)
{
	return !strcmp(option, "-B") || !strcmp(option, "--base-btf");
}

/* Behind the first word, if that is ours */
static void hide_words(int argc, char **argv)
{
	int i = 1;

	masks = calloc(argc + 1, 1);
	hidden = calloc(argc + 1, sizeof(*hidden));
	if (!masks || !hidden)
		return;
	memset(masks, 'w', argc);
	while (i < argc && *argv[i] == '-')
		i += takes_word(argv[i]) ? 2 : 1;
	if (i >= argc || !is_ctrl(argv[i]))
		return;
	for (; i < argc && strcmp(argv[i], "--"); i++) {
		if (!is_word(argv[i]))
			continue;
		hidden[nr_hidden] = argv[i];
		argv[i] = &masks[nr_hidden++];
	}
}

/* getopt has put them in another order. */
static void show_words(int argc, char **argv)
{
	int i, nr;

	for (i = 1; i < argc; i++)
		for (nr = 0; nr < nr_hidden; nr++)
			if (argv[i] == &masks[nr])
				argv[i] = hidden[nr];
	free(hidden);
	free(masks);
	hidden = NULL;
	masks = NULL;
	nr_hidden = 0;
}

/* In place of the C library's, see skeleton/Makefile.ctrl */
int __wrap_getopt_long(int argc, char * const argv[], const char *shorts,
		       const struct option *longs, int *index)
{
	int opt;

	if (!masks)
		hide_words(argc, (char **)argv);
	opt = __real_getopt_long(argc, argv, shorts, longs, index);
	if (opt < 0)
		show_words(argc, (char **)argv);
	return opt;
}
