#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# Whoever switches statistics on is killed at each of its system calls, and the next one goes on
# with what is left. (Without control maps: xdp-stats/killed.bats)

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

counting()
{
	bpftool -j ctrl xdp counting | jq -r .counting
}

# killed_at N: true if it was
killed_at()
{
	local status=0

	strace -o /dev/null -e inject=all:signal=KILL:when="$1" \
		bpftool ctrl xdp set stats on 2> /dev/null || status=$?
	[ "$status" != 0 ]
}

@test "test_bpffs_killed_at_each_system_call" {
	local nr=1 next

	while killed_at "$nr"; do
		# on is on, and off is off
		[ "$(counting)" = "$([ -e "$PIN" ] && echo true || echo false)" ]
		next=$((nr % 2))
		works bpftool ctrl xdp set stats "$([ $next = 1 ] && echo on || echo off)"
		[ "$(counting)" = "$([ $next = 1 ] && echo true || echo false)" ]
		works bpftool ctrl xdp set stats off
		[ ! -e "$PIN" ]
		nr=$((nr + 1))
	done
	[ "$nr" -gt 20 ]
	[ "$(counting)" = true ]
}
