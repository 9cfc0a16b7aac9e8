/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_SCREEN_CTRL_H
#define __BPFTOOL_SCREEN_CTRL_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <termios.h>
#include <linux/types.h>

/* The whole terminal, redrawn again and again, and as it was afterwards. */
struct screen {
	struct termios termios;	/* as it was */
	sigset_t mask;		/* as it was */
	bool has_keys;		/* stdin is a terminal, too */
	int sigfd;
	int signal;		/* that ended it, or 0 */
	unsigned int lines;
	unsigned int columns;
	FILE *frame;		/* what is drawn next */
	char *text;
	size_t len;
	int errfd;		/* stderr as it was */
	int messages;		/* what was written to it meanwhile */
};

enum screen_event {
	SCREEN_TIMEOUT,
	SCREEN_REDRAW,		/* another size, or back from Ctrl-Z */
	SCREEN_QUIT,
};

/* screen_possible - can the terminal at stdout, if it is one, be redrawn? */
bool screen_possible(void);

/* screen_open - take the terminal at stdout
 *
 * What is written to stderr meanwhile would go with the screen: it comes after.
 * Signals are blocked from here to screen_close(), which dies of the one that
 * ended it: whoever waits for this process sees what would have been seen.
 * Returns 0 or a negative errno (not reported), then nothing was taken.
 */
int screen_open(struct screen *screen);
void screen_close(struct screen *screen);

/* screen_frame - start a frame, to be written to the file that is returned */
FILE *screen_frame(struct screen *screen);

/* screen_draw - show the frame, cut to the size of the terminal
 *
 * Returns 0 or a negative errno (not reported).
 */
int screen_draw(struct screen *screen);

/* screen_wait - wait for a time of CLOCK_MONOTONIC, or what happens before */
enum screen_event screen_wait(struct screen *screen, __u64 until_ns);

/* screen_now - CLOCK_MONOTONIC in nanoseconds */
__u64 screen_now(void);

#endif /* __BPFTOOL_SCREEN_CTRL_H */
