#!/usr/bin/python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""Run a command on a terminal and do things to it.

usage: terminal.py [STEP]... -- COMMAND [ARG]...

Steps, in turn:
    size:LINES,COLUMNS  change the size of the terminal (24,80 at first) when the
                        frame that is being written, if any, is whole
    wait:TEXT           until TEXT is written (after the last step's)
    send:TEXT           press keys
    signal:NAME         to the foreground processes of the terminal
    run:COMMAND         in a shell, meanwhile
    stopped             until the command has stopped
    hangup              the terminal goes
Then the command has to end. What it wrote is printed, each frame (what follows a
cursor that went home) after a line "-- frame of LINES lines, the longest of COLUMNS";
at the end lines with its exit status ("signal N" if it died of one), with "restored"
or "changed" for the terminal's settings, and with "cursor shown", "own screen" for
what its last control sequences left.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

LIMIT = 120
FRAME = b"\x1b[H"
FRAME_END = b"\x1b[J"


def fail(text):
    sys.exit("terminal.py: " + text)


class Terminal:
    def __init__(self, command):
        # that this end is open here, too, lets the settings be seen to the last
        self.fd, self.slave = pty.openpty()
        self.output = b""
        self.seen = 0
        self.set_size("24,80")
        self.settings = termios.tcgetattr(self.fd)
        self.pid = os.fork()
        if not self.pid:
            os.close(self.fd)
            os.login_tty(self.slave)
            os.environ["TERM"] = os.environ.get("WATCH_TERM", "xterm")
            os.execvp(command[0], command)

    def set_size(self, size):
        lines, columns = map(int, size.split(","))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", lines, columns, 0, 0))

    def size(self, size):
        while self.output.rfind(FRAME) > self.output.rfind(FRAME_END):
            self.wait(FRAME_END.decode())
        self.set_size(size)
        self.seen = len(self.output)

    def read(self, seconds):
        """Return False at the end of the output."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.output += data
        return bool(data)

    def wait(self, text):
        end = time.monotonic() + LIMIT
        while text.encode() not in self.output[self.seen:]:
            if time.monotonic() > end or not self.read(0.1):
                fail(f"{text!r} did not come after {self.output[self.seen:]!r}")
        self.seen += self.output[self.seen:].index(text.encode()) + len(text)

    def send(self, text):
        self.seen = len(self.output)
        os.write(self.fd, text.encode().decode("unicode_escape").encode())

    def signal(self, name):
        self.seen = len(self.output)
        os.kill(self.pid, signal.Signals["SIG" + name])

    def run(self, command):
        self.seen = len(self.output)
        subprocess.run(command, shell=True, check=True)

    def stopped(self, _):
        os.waitpid(self.pid, os.WUNTRACED)
        same = termios.tcgetattr(self.fd) == self.settings
        print("stopped:", "restored" if same else "changed")

    def hangup(self, _):
        os.close(self.slave)
        os.close(self.fd)
        self.fd = -1

    def step(self, word):
        name, _, arg = word.partition(":")
        if name not in ("size", "wait", "send", "signal", "run", "stopped", "hangup"):
            fail(f"no step {word!r}")
        getattr(self, name)(arg)

    def end(self):
        limit = time.monotonic() + LIMIT
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if self.fd >= 0:
                self.read(0.05)
            if pid:
                break
            if time.monotonic() > limit:
                os.kill(self.pid, signal.SIGKILL)
                fail(f"it did not end after {self.output[self.seen:]!r}")
        while self.fd >= 0 and select.select([self.fd], [], [], 0.1)[0]:
            if not self.read(0):
                break
        return status

    def report(self, status):
        text = self.output.decode(errors="replace").replace("\r", "")
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
        for frame in text.split(FRAME.decode())[1:]:
            lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", frame).split("\n")
            print(f"-- frame of {len(lines)} lines, the longest of {max(map(len, lines))}")
        print(plain)
        code = os.waitstatus_to_exitcode(status)
        print(f"signal {-code}" if code < 0 else f"exit {code}")
        if self.fd < 0:
            return
        same = termios.tcgetattr(self.fd) == self.settings
        print("restored" if same else "changed")
        print("cursor", "hidden" if text.rfind("\x1b[?25l") > text.rfind("\x1b[?25h") else "shown")
        print("own screen" if text.rfind("\x1b[?1049h") > text.rfind("\x1b[?1049l") else "main screen")


def main():
    args = sys.argv[1:]
    split = args.index("--")
    terminal = Terminal(args[split + 1:])
    for word in args[:split]:
        terminal.step(word)
    terminal.report(terminal.end())


if __name__ == "__main__":
    main()
