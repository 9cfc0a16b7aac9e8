#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: debian-6.12 debian-7.3
# vm: --net
# boot: own
#
# Redirect rings without control maps: whoever sets them, or no more, is killed behind each of
# its system calls that change something, and the next one goes on with what is left.

# shellcheck disable=SC2154,SC2317 # set by try; effect()
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

# killed_at N NUM: true if who set NUM rings was, behind the Nth change, false if there were
# not so many
killed_at()
{
	local status=0

	syscalls kill "$1" bpftool ctrl xdp set redirect-rings dev "$DEV" num "$2" > /dev/null ||
		status=$?
	[ "$status" = 0 ] || [ "$status" = 137 ] || fail "num $2: status $status" || exit
	[ "$status" = 137 ]
}

records()
{
	find "$BPF" -name 'bpftool_ctrl_rings*' | wc -l
}

# The device: how many rings it has, and by what
state()
{
	echo "$(value xdp_attr "$DEV" '"\(.rings.num) \(.mode)"') $(effect)"
}

# is N: so many, all of them, and nothing else is there (a link goes a little after its file)
is()
{
	[ "$(state)" = "${STATES[$1]}" ] && [ "$(records)" = $(($1 * FILES)) ]
}

is_either()
{
	state=$(state)
	[ "$state" = "${STATES[0]}" ] || [ "$state" = "${STATES[1]}" ]
}

# killed NUM: whenever who sets NUM is killed the rings are there or not, and either can be had
# from there
killed()
{
	local nr=1 before=$((1 - $1)) next

	rings "$before"
	wait_for is "$before"
	while killed_at "$nr" "$1"; do
		wait_for is_either
		next=$((nr % 2))
		rings $next
		wait_for is $next
		[ $next = "$before" ] || rings "$before"
		nr=$((nr + 1))
	done
	wait_for is "$1"
	# the record, and what is switched
	[ "$nr" -gt 2 ]
}

@test "test_stock_rings_by_gro_are_killed_while_they_are_set" {
	DEV=gro0 FILES=1
	STATES=("0 BPF_CTRL_XDP_MODE_NONE off" "1 BPF_CTRL_XDP_MODE_NONE on")
	effect() { ethtool -k gro1 | sed -n 's/^generic-receive-offload: //p'; }
	pair gro0 gro1
	killed 1
	killed 0
	remove gro0
}

@test "test_stock_rings_by_a_program_are_killed_while_they_are_set" {
	DEV=eth0 FILES=2
	STATES=("0 BPF_CTRL_XDP_MODE_NONE " "1 BPF_CTRL_XDP_MODE_NATIVE ")
	effect() { :; }
	killed 1
	killed 0
}

# What is recorded and was not made is not there when somebody's program has the same effect.
@test "test_stock_rings_that_were_not_made_are_not_those_of_another_program" {
	local nr=1

	DEV=eth0
	prog passes 2
	while killed_at "$nr" 1 && [ "$(records)" != 1 ]; do
		rings 0
		nr=$((nr + 1))
	done
	[ "$(records)" = 1 ]
	bpftool net attach xdpdrv pinned "$BPF/passes" dev eth0
	[ "$(value xdp_attr eth0 '"\(.rings.num) \(.mode)"')" = "0 BPF_CTRL_XDP_MODE_NATIVE" ]
	bpftool net detach xdpdrv dev eth0
	rings 0
	[ "$(records)" = 0 ]
}
