#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# Whoever switches statistics on or off is killed behind each of its system calls that change
# something, and the next one goes on with what is left. (Without control maps:
# xdp-stats/killed.bats)

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

teardown()
{
	rm -f "$PIN"
}

# is STATE: whether it is counted, and pinned
is()
{
	[ "$(bpftool ctrl xdp counting | sed 's/,.*//')" = "$1" ] &&
		[ "$([ -e "$PIN" ] && echo on || echo off)" = "$1" ]
}

# killed VERB BEFORE: BEFORE is what it was, and whenever VERB is killed it is on or off
killed()
{
	local nr=1 next status

	while :; do
		works bpftool ctrl xdp set stats "$2"
		status=0
		syscalls kill "$nr" bpftool ctrl xdp set stats "$1" || status=$?
		[ "$status" != 0 ] || break
		[ "$status" = 137 ]
		is on || is off
		for next in on off; do
			works bpftool ctrl xdp set stats $next
			is $next
		done
		nr=$((nr + 1))
	done
	is "$1"
	# the file
	[ "$nr" -gt 1 ]
}

@test "test_bpffs_killed_behind_each_system_call_of_on" {
	killed on off
}

@test "test_bpffs_killed_behind_each_system_call_of_off" {
	killed off on
}
