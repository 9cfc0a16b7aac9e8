#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# Help at every level, and what it says is what there is.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

@test "test_help_at_every_level" {
	for level in "" xdp "xdp set" kprobe cgroup socket; do
		# shellcheck disable=SC2086 # words
		try bpftool ctrl $level help
		[ "$status" = 0 ] && [ -z "$out" ] || show
		[[ $err == "Usage: bpftool ctrl ${level:+$level }"* ]] || show
		# shellcheck disable=SC2086
		json '. == null' ctrl $level help
	done
}

@test "test_help_of_bpftool_names_ctrl" {
	try bpftool help
	[ "$status" = 0 ]
	[[ $err == *"| ctrl }"* ]] || show
}

@test "test_help_commands_exist" {
	local line words

	try bpftool ctrl help
	[ "$status" = 0 ] || show
	sed -n 's/^ *\(Usage: \)\?bpftool ctrl \([a-z]\)/\2/p' <<< "$err" > "$BATS_TEST_TMPDIR/usage"
	[ "$(wc -l < "$BATS_TEST_TMPDIR/usage")" -ge 8 ]
	while read -r line; do
		read -ra words <<< "$line"
		try bpftool ctrl "${words[0]}" help
		[ "$status" != 0 ] || [ -z "$out" ] || show
		[[ $err != *"unknown command"* ]] || show
	done < "$BATS_TEST_TMPDIR/usage"
}

@test "test_help_prefixes_select_commands" {
	works bpftool ctrl li
	works bpftool ctrl l
	works bpftool ct sh
	try bpftool ctrl x st a
	[ "$status" = 0 ] || show
	works bpftool ctrl sc xdp_stats f c
	works bpftool ctrl d xdp_stats k 1
}
