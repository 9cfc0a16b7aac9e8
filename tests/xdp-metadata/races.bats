#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um-debug um-7.3 x86_64
#
# Metadata is switched on and off under traffic, while programs, devices and namespaces come
# and go: nothing complains, and in the end all is as if nothing had been.

load ../lib/metadata

setup()
{
	pair src/s0 dut/d0
	addresses
	touch "$BATS_TEST_TMPDIR/go"
	forget
}

teardown()
{
	rm -f "$BATS_TEST_TMPDIR/go"
	wait
	! ip -n src link show s0 > /dev/null 2>&1 || remove src/s0
}

# again COMMAND...: in turns, until the test ends, whatever it returns
again()
{
	while [ -e "$BATS_TEST_TMPDIR/go" ]; do
		"$@"
	done > /dev/null 2>&1 3>&-
}

traffic()
{
	attach native dut/d0 look_pass
	again send 50 &
}

# on and off 15 times, by one process
switches()
{
	local i

	for ((i = 0; i < 15; i++)); do
		printf 'ctrl xdp set metadata dev %s on\nctrl xdp set metadata dev %s on keep\nctrl xdp set metadata dev %s off\n' \
			"$1" "$1" "$1"
	done > "$BATS_TEST_TMPDIR/batch"
	on dut bpftool batch file "$BATS_TEST_TMPDIR/batch"
}

stop()
{
	rm "$BATS_TEST_TMPDIR/go"
	wait
}

# works_afterwards: with metadata, and without
works_afterwards()
{
	attach native dut/d0 look_drop
	metadata dut/d0 on
	tell dut/d0
	forget
	frames 10 100 src/s0 dut/d0=0
	seen '.packets == 10 and .with_md == 10 and .fresh == 10'
	metadata dut/d0 off
	forget
	frames 10 100 src/s0 dut/d0=0
	seen '.packets == 10 and .with_md == 0'
}

# How many packets come while it is on is a matter of chance.
@test "test_metadata_race_traffic" {
	traffic
	switches d0
	stop
	seen '.packets > 0 and .with_md <= .packets'
	works_afterwards
}

@test "test_metadata_race_statistics" {
	traffic
	again sh -c 'bpftool ctrl xdp set stats on; bpftool ctrl xdp set stats off' &
	switches d0
	stop
	works_afterwards
}

@test "test_metadata_race_down_up" {
	traffic
	again sh -c 'ip -n dut link set d0 down; ip -n dut link set d0 up' &
	switches d0
	stop
	works_afterwards
}

flip_programs()
{
	detach native dut/d0
	attach generic dut/d0 look_pass
	detach generic dut/d0
	attach native dut/d0 look_pass
}

@test "test_metadata_race_attach_detach" {
	traffic
	again flip_programs &
	# with a generic program it is refused
	switches d0 || true
	switches d0 || true
	stop
	detach generic dut/d0 || true
	works_afterwards
}

@test "test_metadata_race_deletion" {
	local i

	traffic
	again metadata dut/d0 on &
	again metadata dut/d0 off &
	for ((i = 0; i < 10; i++)); do
		remove src/s0
		pair src/s0 dut/d0
		addresses
		attach native dut/d0 look_pass
	done
	stop
	works_afterwards
}

@test "test_metadata_race_netns_deletion" {
	local i

	for ((i = 0; i < 5; i++)); do
		namespaces doomed
		pair src/s1 doomed/x1
		attach native doomed/x1 look_pass
		metadata doomed/x1 on keep
		again frames -w 0 20 100 src/s1 &
		again on doomed bpftool ctrl xdp set metadata dev x1 on &
		ip netns del doomed
		wait_for fails ip -n src link show s1
	done
	stop
	works_afterwards
}
