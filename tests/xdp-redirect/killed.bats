#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: debian-6.12 debian-7.3
# vm: --net
# boot: own
#
# Redirect rings without control maps: whoever sets them, or no more, is killed behind each of
# its system calls, and the next one goes on with what is left.

# shellcheck disable=SC2154,SC2015,SC2317 # set by try; "|| show" is meant for either; made_N
load ../lib/command

RECORDS=$BPF/bpftool_ctrl_rings

teardown()
{
	rm -f "$RECORDS"*
}

rings()
{
	works bpftool ctrl xdp set redirect-rings dev "$DEV" num "$1"
}

# is N: so many, and what they are made of agrees
is()
{
	local attr

	attr=$(value xdp_attr "$DEV" '"\(.rings.num) \(.mode)"')
	[ "$attr" = "$1 $("made_$1")" ]
}

# is_clean N: and nothing else is there
is_clean()
{
	is "$1" || show
	[ "$(find "$BPF" -name 'bpftool_ctrl_rings*' | wc -l)" = $(($1 * FILES)) ]
}

# killed NUM BEFORE: whenever who sets NUM is killed the rings are there or not, and both can
# be had from there
killed()
{
	local nr=1 next status

	while :; do
		rings "$2"
		is_clean "$2"
		status=0
		syscalls kill "$nr" bpftool ctrl xdp set redirect-rings dev "$DEV" num "$1" \
			> /dev/null || status=$?
		[ "$status" != 0 ] || break
		[ "$status" = 137 ]
		is 0 || is 1
		# most calls change nothing, so that either comes behind those that do
		next=$((nr % 2))
		rings $next
		is_clean $next
		nr=$((nr + 1))
	done
	is_clean "$1"
	[ "$nr" -gt 10 ]
}

gro()
{
	ethtool -k gro1 | sed -n 's/^generic-receive-offload: //p'
}

@test "test_stock_rings_by_gro_are_killed_while_they_are_set" {
	DEV=gro0 FILES=1
	made_0() { [ "$(gro)" = off ] && echo BPF_CTRL_XDP_MODE_NONE; }
	made_1() { [ "$(gro)" = on ] && echo BPF_CTRL_XDP_MODE_NONE; }
	pair gro0 gro1
	killed 1 0
	killed 0 1
	remove gro0
}

@test "test_stock_rings_by_a_program_are_killed_while_they_are_set" {
	DEV=eth0 FILES=2
	made_0() { echo BPF_CTRL_XDP_MODE_NONE; }
	made_1() { echo BPF_CTRL_XDP_MODE_NATIVE; }
	killed 1 0
	killed 0 1
}

# What is recorded and was not made is not there when somebody's program has the same effect.
@test "test_stock_rings_that_were_not_made_are_not_those_of_another_program" {
	local nr

	DEV=eth0
	prog passes 2
	for ((nr = 1; nr < 200; nr++)); do
		! syscalls kill "$nr" bpftool ctrl xdp set redirect-rings dev eth0 num 1 > /dev/null ||
			break
		if [ -e "$(echo "$RECORDS"_*)" ] && [ "$(value xdp_attr eth0 .rings.num)" = 0 ]; then
			bpftool net attach xdpdrv pinned "$BPF/passes" dev eth0
			[ "$(value xdp_attr eth0 '"\(.rings.num) \(.mode)"')" = "0 BPF_CTRL_XDP_MODE_NATIVE" ]
			bpftool net detach xdpdrv dev eth0
			rings 0
			[ ! -e "$(echo "$RECORDS"_*)" ]
			return
		fi
		rings 0
	done
	fail "it was never killed between the record and the program"
}
