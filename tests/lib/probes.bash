# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Probes of all kinds that the kernel has, attached by libbpf (tests/clients/probes.c) for the
# tests of a file.

# shellcheck disable=SC2154 # of common.bash

PROBES=/sys/fs/bpf/probes

setup_file()
{
	mkdir "$PROBES"
	"$CLIENTS/probes" attach "$TOP/build/tests/progs/probes.bpf.o" "$PROBES"
}

# id NAME: of the link to the program of this name.
id()
{
	bpftool -j link show pinned "$PROBES/$1" | jq .id
}
