#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
# needs: build/static/bpftool
#
# The one file for any distribution: on a root that has nothing else.

# shellcheck disable=SC2154,SC2015,SC2086 # set by try; "|| show" is meant for either; words
load ../lib/command

setup_file()
{
	export ROOT=$BATS_FILE_TMPDIR/root
	mkdir "$ROOT"
	cp "$TOP/build/static/bpftool" "$ROOT/bpftool"
}

@test "test_static_needs_nothing" {
	local arg

	[ "$(find "$ROOT" -type f)" = "$ROOT/bpftool" ]
	for arg in "ctrl list" "-j ctrl dump xdp_attr" "ctrl metrics xdp_stats xdp_attr all" "map show"; do
		works chroot "$ROOT" /bpftool $arg
		[ "$out" = "$(bpftool $arg)" ] || show
	done
}

# 4 MB at most, and whose code is in it is said
@test "test_static_size_and_licences" {
	local library

	[ "$(stat -c %s "$ROOT/bpftool")" -le 4000000 ]
	for library in libc libjansson libelf libz libcap; do
		grep -q "^=== $library.a: .*-dev" "$TOP/build/static/LICENSES"
	done
	grep -q '^=== LGPL-3' "$TOP/build/static/LICENSES"
}
