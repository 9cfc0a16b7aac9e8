#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# Completion in bash, of words that are the same for every kernel.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/completion

@test "test_completion_of_commands" {
	tab_has "show list dump watch pin schema xdp help" ctrl ""
	tab "schema" ctrl sc
	tab_has "show list stats set help" ctrl xdp ""
	tab "stats" ctrl xdp sta
	tab_has "stats help" ctrl xdp set ""
	tab "on off" ctrl xdp set stats ""
	tab "off" ctrl xdp set stats of
	tab "" ctrl xdp set stats on ""
	tab "" ctrl help ""
	tab "" ctrl lost ""
	# options do not count
	tab "on off" -j ctrl -p xdp set stats ""
	tab "on off" ct xdp set stats ""
}

@test "test_completion_of_files" {
	cd "$BATS_TEST_TMPDIR" || return
	touch complete.this
	tab "complete.this" ctrl pin xdp_stats complete.t
}
