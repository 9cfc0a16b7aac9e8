#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um-debug um-7.3 x86_64
#
# Redirect rings come, change and go under traffic, while the device does so, too. What is lost
# then is lost, but the kernel has no complaints, and afterwards everything arrives.
#
# vm: -m 768

load ../lib/rings

SETUP=$TOP/build/examples/xdp_setup_redirect
ROUNDS=6

# Until the end of the test: d0 redirects frames to what is in the devmap, at full speed.
traffic()
{
	while [ -e "$BATS_TEST_TMPDIR/busy" ]; do
		on dut liveframes "$PROGS/to_dev" d0 5000 100
	done
}

setter()
{
	local rings

	while [ -e "$BATS_TEST_TMPDIR/busy" ]; do
		for rings in "1 0" "1 1" "4 4096" "0 0" "2 16" "3 300" "0 0"; do
			# shellcheck disable=SC2086 # two words
			on dut "$SETUP" d1 $rings
		done
	done
}

# against COMMAND: it runs again and again while there is traffic and rings are set
against()
{
	local i

	touch "$BATS_TEST_TMPDIR/busy"
	traffic > /dev/null 2>&1 3>&- &
	setter > /dev/null 2>&1 3>&- &
	for ((i = 0; i < ROUNDS; i++)); do
		"$@" || break
	done
	rm "$BATS_TEST_TMPDIR/busy"
	wait
	[ $i = $ROUNDS ]
	rings dut/d1 num 1
	arrive 200
	rings dut/d1 num 0
	arrive 0
}

teardown()
{
	rm -f "$BATS_TEST_TMPDIR/busy"
	wait
	remove src/s0
	ip -n dut link del d1
}

links()
{
	ip -n dst link set t1 down
	ip -n dut link set d1 down
	ip -n dst link set t1 up
	ip -n dut link set d1 up
}

programs()
{
	attach native dst/t1 pass
	attach native dst/t1 tx
	attach native dut/d1 drop
	detach native dst/t1
	detach native dut/d1
}

gro()
{
	on dst ethtool -K t1 gro on
	on dst ethtool -K t1 gro off
}

channels()
{
	on dst ethtool -L t1 rx 1 tx 1
	on dst ethtool -L t1 rx 4 tx 2
	on dst ethtool -L t1 rx 2 tx 4
	on dst ethtool -L t1 rx 4 tx 4
}

mixed()
{
	attach native dst/t1 pass
	on dst ethtool -L t1 rx 4 tx 2
	ip -n dst link set t1 down
	on dst ethtool -K t1 gro on
	detach native dst/t1
	ip -n dst link set t1 up
	on dst ethtool -L t1 rx 2 tx 2
	attach native dst/t1 pass
	on dst ethtool -K t1 gro off
	detach native dst/t1
	on dst ethtool -L t1 rx 4 tx 4
}

deletion()
{
	ip -n dst link del t1
	wide dut/d1 dst/t1
	target devs 0 dut/d1
}

moves()
{
	ip -n dst link set t1 netns src
	ip -n src link set t1 up
	ip -n src link set t1 netns dst
	ip -n dst link set t1 up
}

# Both ends of a pair go when the namespace of one does, behind the scenes.
namespace()
{
	remove dut/d1
	ip netns add gone
	wide dut/d1 gone/t1
	target devs 0 dut/d1
	on dut "$SETUP" d1 2 64
	ip netns del gone
	wait_for fails ip -n dut link show dev d1
	wide dut/d1 dst/t1
	target devs 0 dut/d1
}

@test "test_ring_races_links" {
	against links
}

@test "test_ring_races_programs" {
	against programs
}

@test "test_ring_races_gro" {
	against gro
}

@test "test_ring_races_channels" {
	against channels
}

@test "test_ring_races_all_of_them" {
	against mixed
}

@test "test_ring_races_deletion" {
	against deletion
}

@test "test_ring_races_moves" {
	against moves
}

@test "test_ring_races_namespaces" {
	against namespace
}
