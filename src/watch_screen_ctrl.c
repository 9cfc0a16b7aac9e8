// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A terminal that is redrawn.
 *
 * Control sequences are those that every terminal since the VT100 knows, and the
 * alternate screen of xterm, which the others ignore.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>

#include "name_ctrl.h"
#include "watch_screen_ctrl.h"

#define NSEC_PER_SEC	1000000000ULL

#define ENTER	"\033[?1049h\033[?25l"
#define LEAVE	"\033[?25h\033[?1049l"
#define HOME	"\033[H"
#define EOL	"\033[K"
#define EOS	"\033[J"

static const int signals[] = {
	SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH,
};

__u64 screen_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

bool screen_possible(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb");
}

static void get_size(struct screen *screen)
{
	struct winsize size = {};

	/* a terminal that does not know has no size */
	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	screen->lines = size.ws_row ?: 24;
	screen->columns = size.ws_col ?: 80;
}

static void enter(struct screen *screen)
{
	struct termios raw;

	if (screen->has_keys) {
		raw = screen->termios;
		raw.c_lflag &= ~(ICANON | ECHO);
		raw.c_cc[VMIN] = 0;
		raw.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	}
	fputs(ENTER, stdout);
	fflush(stdout);
	get_size(screen);
}

static void leave(struct screen *screen)
{
	fputs(LEAVE, stdout);
	fflush(stdout);
	if (screen->has_keys)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &screen->termios);
}

/* The descriptor and not the stream: C libraries do not all let that be replaced. */
static int divert_stderr(struct screen *screen)
{
	screen->messages = memfd_create("messages", MFD_CLOEXEC);
	if (screen->messages < 0)
		return -errno;
	/* where it is closed there is nothing to divert */
	screen->errfd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	if (screen->errfd >= 0 && dup2(screen->messages, STDERR_FILENO) < 0)
		return -errno;
	return 0;
}

static void restore_stderr(struct screen *screen)
{
	char text[512];
	ssize_t len;

	if (screen->errfd >= 0) {
		dup2(screen->errfd, STDERR_FILENO);
		close(screen->errfd);
	}
	if (screen->messages < 0)
		return;
	lseek(screen->messages, 0, SEEK_SET);
	while ((len = read(screen->messages, text, sizeof(text))) > 0)
		fwrite(text, 1, len, stderr);
	close(screen->messages);
}

static int alloc(struct screen *screen, const sigset_t *mask)
{
	int err;

	screen->frame = open_memstream(&screen->text, &screen->len);
	if (!screen->frame)
		return -ENOMEM;
	err = divert_stderr(screen);
	if (err)
		return err;
	screen->sigfd = signalfd(-1, mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return screen->sigfd < 0 ? -errno : 0;
}

static void release(struct screen *screen)
{
	if (screen->sigfd >= 0)
		close(screen->sigfd);
	restore_stderr(screen);
	if (screen->frame) {
		fclose(screen->frame);
		free(screen->text);
	}
}

int screen_open(struct screen *screen)
{
	sigset_t mask;
	size_t i;
	int err;

	*screen = (struct screen){ .sigfd = -1, .errfd = -1, .messages = -1 };
	sigemptyset(&mask);
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaddset(&mask, signals[i]);

	err = alloc(screen, &mask);
	if (err) {
		release(screen);
		return err;
	}

	sigprocmask(SIG_BLOCK, &mask, &screen->mask);
	screen->has_keys = isatty(STDIN_FILENO) &&
			   !tcgetattr(STDIN_FILENO, &screen->termios);
	enter(screen);
	return 0;
}

void screen_close(struct screen *screen)
{
	leave(screen);
	release(screen);
	if (screen->signal)
		raise(screen->signal);
	sigprocmask(SIG_SETMASK, &screen->mask, NULL);
}

FILE *screen_frame(struct screen *screen)
{
	rewind(screen->frame);
	return screen->frame;
}

/* A line that goes on at the next one would move all that is below. */
static void put_line(const struct screen *screen, const char *line, size_t len)
{
	bool full = ctrl_text_width(line, &len, screen->columns) >= (int)screen->columns;

	fwrite(line, 1, len, stdout);
	/* behind the last column EOL would erase that one */
	if (!full)
		fputs(EOL, stdout);
}

int screen_draw(struct screen *screen)
{
	unsigned int lines = 0;
	char *line, *end;

	fputc('\0', screen->frame);
	if (fflush(screen->frame))
		return -ENOMEM;

	fputs(HOME, stdout);
	for (line = screen->text; *line && lines < screen->lines; line = end) {
		end = strchrnul(line, '\n');
		if (lines++)
			fputs("\r\n", stdout);
		put_line(screen, line, end - line);
		if (*end)
			end++;
	}
	fputs(EOS, stdout);
	return fflush(stdout) ? -errno : 0;
}

/* Like any other program: the terminal is the shell's until it is resumed. */
static void suspend(struct screen *screen)
{
	leave(screen);
	raise(SIGSTOP);
	enter(screen);
}

static enum screen_event take_signal(struct screen *screen)
{
	struct signalfd_siginfo info;

	if (read(screen->sigfd, &info, sizeof(info)) != sizeof(info))
		return SCREEN_TIMEOUT;

	switch (info.ssi_signo) {
	case SIGWINCH:
		get_size(screen);
		return SCREEN_REDRAW;
	case SIGTSTP:
		suspend(screen);
		return SCREEN_REDRAW;
	default:
		screen->signal = info.ssi_signo;
		return SCREEN_QUIT;
	}
}

static enum screen_event take_key(short events)
{
	char key;

	if (read(STDIN_FILENO, &key, 1) == 1)
		return key == 'q' || key == 'Q' ? SCREEN_QUIT : SCREEN_TIMEOUT;
	return events & (POLLHUP | POLLERR) ? SCREEN_QUIT : SCREEN_TIMEOUT;
}

enum screen_event screen_wait(struct screen *screen, __u64 until_ns)
{
	struct pollfd fds[] = {
		{ .fd = screen->sigfd, .events = POLLIN },
		{ .fd = screen->has_keys ? STDIN_FILENO : -1, .events = POLLIN },
	};
	enum screen_event event = SCREEN_TIMEOUT;
	struct timespec left;
	__u64 now;

	while (event == SCREEN_TIMEOUT && (now = screen_now()) < until_ns) {
		left.tv_sec = (until_ns - now) / NSEC_PER_SEC;
		left.tv_nsec = (until_ns - now) % NSEC_PER_SEC;
		if (ppoll(fds, 2, &left, NULL) <= 0)
			continue;
		if (fds[0].revents)
			event = take_signal(screen);
		if (event == SCREEN_TIMEOUT && fds[1].revents)
			event = take_key(fds[1].revents);
	}
	return event;
}
