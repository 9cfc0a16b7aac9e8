# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Probes of all kinds that the kernel has, attached by libbpf (tests/clients/probes.c) for the
# tests of a file.

# shellcheck disable=SC2154 # of common.bash

PROBES=/sys/fs/bpf/probes
EVENT=/sys/kernel/tracing/events/ctrl/shared

setup_file()
{
	mkdir "$PROBES"
	"$CLIENTS/probes" attach "$TOP/build/tests/progs/probes.bpf.o" "$PROBES"
}

teardown_file()
{
	leave_nothing
	[ ! -e "$EVENT" ] || wait_for undefine
}

# The event that one of them has defined, when nobody uses it any more.
undefine()
{
	echo -:ctrl/shared >> /sys/kernel/tracing/kprobe_events
}

# id NAME: of the link to the program of this name.
id()
{
	bpftool -j link show pinned "$PROBES/$1" | jq .id
}
