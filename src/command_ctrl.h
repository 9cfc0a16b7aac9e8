/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The commands below "bpftool ctrl", and what all of them need. */
#ifndef __BPFTOOL_COMMAND_CTRL_H
#define __BPFTOOL_COMMAND_CTRL_H

#include <stdbool.h>
#include <linux/types.h>

struct cmd;

/* commands below "bpftool ctrl" that have a file of their own */
int do_ctrl_apply(int argc, char **argv);
int do_ctrl_cgroup(int argc, char **argv);
int do_ctrl_kprobe(int argc, char **argv);
int do_ctrl_metrics(int argc, char **argv);
int do_ctrl_schema(int argc, char **argv);
int do_ctrl_set(int argc, char **argv);
int do_ctrl_socket(int argc, char **argv);
int do_ctrl_watch(int argc, char **argv);
int do_ctrl_xdp(int argc, char **argv);

/* and those below "ctrl xdp" and "ctrl xdp set" */
int do_xdp_set(int argc, char **argv);
int do_xdp_metadata(int argc, char **argv);
int do_xdp_set_metadata(int argc, char **argv);

/*
 * Exit statuses. What a function returns for wrong words, -1, is EPERM, too: nothing is asked
 * of the kernel before all words are known.
 */
enum ctrl_status {
	CTRL_STATUS_USAGE	= 1,
	CTRL_STATUS_NO_OBJECT	= 2,
	CTRL_STATUS_PARTLY	= 3,
	CTRL_STATUS_FAILED	= -1,	/* 255 */
};

/* ctrl_status - the exit status of a command that returned @err */
enum ctrl_status ctrl_status(int err);

/* ctrl_no_more_args - at the end of a command that takes no more words
 *
 * Returns 0, or -1 if there are more (reported).
 */
int ctrl_no_more_args(int argc, char **argv);

/* ctrl_parse_on_off - take the word "on" or "off"
 * @argc, @argv: advanced
 *
 * Returns 0 or -1 (reported).
 */
int ctrl_parse_on_off(int *argc, char ***argv, bool *on);

/* ctrl_help - do what a command "help" does
 * @text: usage and notes, in which %1$s is the name of this tool
 *
 * Prints it, and the options that all commands have, to stderr; JSON is null. Returns 0.
 */
int ctrl_help(const char *text);

/* ctrl_select - run the command that the first word names
 * @cmds: the first of them runs without words
 *
 * A word may be short as long as it says which. (That of bpftool, cmd_select(), takes the
 * first that fits.) Returns what it returned, or -1 (reported).
 */
int ctrl_select(const struct cmd *cmds, int argc, char **argv);

#endif /* __BPFTOOL_COMMAND_CTRL_H */
