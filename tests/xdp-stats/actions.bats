#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um x86_64 debian-6.1 debian-6.12 debian-7.3
#
# Every action of a program, native and generic, is counted once and at its device.

load ../lib/traffic

setup_file()
{
	namespaces src dut
	load_programs
	bpftool ctrl xdp set stats on
	pair src/s1 dut/d1
}

setup()
{
	pair src/s0 dut/d0
}

teardown()
{
	remove src/s0
}

# Each frame is counted at d0 and nowhere else.
alone()
{
	[ "$(shown dut)" = d0 ]
	[ "$(shown src)" = "" ]
}

# swallows MODE PROGRAM COUNTER: 70 frames arrive at the program and no further.
swallows()
{
	attach "$1" dut/d0 "$2"
	frames 70 100 src/s0 dut/d0=0
	counted dut/d0 packets=70 bytes=7000 "$3=70"
	alone
	[ "$1" = generic ] || driver_counted dut/d0 xdp_packets=70 xdp_drops=70
}

@test "test_actions_frames_that_do_not_arrive_are_missed" {
	run frames -w 500 3 100 src/s0 dut/d0=4
	[ "$status" = 1 ]
	[ "$output" = "frames: dut/d0 received 3 frames, not 4" ]
	run frames -r 99 3 100 src/s0 dut/d0=3
	[ "$status" = 1 ]
	run counts dut/d0 packets=1
	[ "$status" = 1 ]
}

@test "test_actions_no_program_counts_nothing" {
	frames 70 100 src/s0 dut/d0=70
	counted dut/d0
	[ "$(shown dut)" = "" ]
}

@test "test_actions_native_drop" {
	swallows native drop drop
}

@test "test_actions_generic_drop" {
	swallows generic drop drop
}

@test "test_actions_native_aborted" {
	swallows native aborted aborted
}

@test "test_actions_generic_aborted" {
	swallows generic aborted aborted
}

@test "test_actions_native_invalid" {
	local prog n=0

	for prog in invalid5 invalid42 invalid_high invalid_max; do
		attach native dut/d0 $prog
		frames 11 60 src/s0 dut/d0=0
		n=$((n + 11))
		counted dut/d0 packets=$n bytes=$((n * 60)) invalid=$n
	done
	driver_counted dut/d0 xdp_packets=44 xdp_drops=44
	alone
}

@test "test_actions_generic_invalid" {
	local prog n=0

	for prog in invalid5 invalid42 invalid_high invalid_max; do
		attach generic dut/d0 $prog
		frames 11 60 src/s0 dut/d0=0
		n=$((n + 11))
		counted dut/d0 packets=$n bytes=$((n * 60)) invalid=$n
	done
	alone
}

@test "test_actions_native_pass" {
	attach native dut/d0 pass
	frames 70 100 src/s0 dut/d0=70
	counted dut/d0 packets=70 bytes=7000 pass=70
	driver_counted dut/d0 xdp_packets=70 xdp_drops=0
	alone
}

@test "test_actions_generic_pass" {
	attach generic dut/d0 pass
	frames 70 100 src/s0 dut/d0=70
	counted dut/d0 packets=70 bytes=7000 pass=70
	alone
}

# What a native program sends back arrives where a program is.
@test "test_actions_native_tx" {
	attach native src/s0 pass
	attach native dut/d0 tx
	frames 70 100 src/s0 dut/d0=0 src/s0=70
	counted dut/d0 packets=70 bytes=7000 tx=70
	counted src/s0 packets=70 bytes=7000 pass=70
	driver_counted dut/d0 xdp_packets=70 xdp_tx=70
	driver_counted src/s0 xdp_packets=70
	counted dut/d1
}

@test "test_actions_generic_tx" {
	attach generic dut/d0 tx
	frames 70 100 src/s0 dut/d0=0 src/s0=70
	counted dut/d0 packets=70 bytes=7000 tx=70
	alone
}

@test "test_actions_both_ends_and_both_modes" {
	attach native src/s0 pass
	attach generic dut/d0 tx
	frames 70 100 src/s0 dut/d0=0 src/s0=70
	counted dut/d0 packets=70 bytes=7000 tx=70
	counted src/s0 packets=70 bytes=7000 pass=70
}

# One program, all actions: each in its own counter, sizes from the smallest.
@test "test_actions_mixed" {
	local mode n=0

	for mode in native generic; do
		attach $mode dut/d0 as_told
		frames -a 0 1 15 src/s0 dut/d0=0
		frames -a 1 2 60 src/s0 dut/d0=0
		frames -a 2 3 999 src/s0 dut/d0=3
		frames -a 4 4 60 src/s0 dut/d0=0
		frames -a 77 5 61 src/s0 dut/d0=0
		frames -a 255 6 1514 src/s0 dut/d0=0
		n=$((n + 1))
		counted dut/d0 packets=$((21 * n)) bytes=$((12761 * n)) aborted=$n drop=$((2 * n)) \
			pass=$((3 * n)) redirect=$((4 * n)) redirect_errors=$((4 * n)) \
			invalid=$((11 * n))
		detach $mode dut/d0
	done
	alone
}

# Bytes are those that arrived, whatever the program makes of them.
# bats test_tags=patch
@test "test_actions_bytes_before_the_program" {
	attach native dut/d0 grow_and_pass
	frames -r 104 20 100 src/s0 dut/d0=20
	counted dut/d0 packets=20 bytes=2000 pass=20
	detach native dut/d0
	attach generic dut/d0 grow_and_pass
	frames -r 104 20 100 src/s0 dut/d0=20
	counted dut/d0 packets=40 bytes=4000 pass=40
}

@test "test_actions_counters_stay_when_programs_go" {
	attach native dut/d0 drop
	frames 10 100 src/s0 dut/d0=0
	detach native dut/d0
	counted dut/d0 packets=10 bytes=1000 drop=10
	frames 10 100 src/s0 dut/d0=10
	counted dut/d0 packets=10 bytes=1000 drop=10
	attach generic dut/d0 pass
	frames 5 200 src/s0 dut/d0=5
	counted dut/d0 packets=15 bytes=2000 drop=10 pass=5
	on dut ip link set d0 down
	on dut ip link set d0 name renamed
	on dut ip link set renamed up
	counted dut/renamed packets=15 bytes=2000 drop=10 pass=5
	[ "$(shown dut)" = renamed ]
}

@test "test_actions_ping" {
	on src ip addr add 192.0.2.1/24 dev s0
	on dut ip addr add 192.0.2.2/24 dev d0
	on src ip neigh add 192.0.2.2 dev s0 lladdr "$(on dut ip -j link show d0 | jq -r '.[0].address')"
	on dut ip neigh add 192.0.2.1 dev d0 lladdr "$(on src ip -j link show s0 | jq -r '.[0].address')"
	attach native dut/d0 pass
	attach generic src/s0 pass
	on src ping -q -c 20 -i 0.002 -s 1000 192.0.2.2
	counted dut/d0 packets=20 bytes=20840 pass=20
	counted src/s0 packets=20 bytes=20840 pass=20
	driver_counted dut/d0 xdp_packets=20
	attach native dut/d0 drop
	run on src ping -q -c 5 -i 0.002 -W 0.2 192.0.2.2
	[ "$status" = 1 ]
	counted dut/d0 packets=25 bytes=$((20840 + 5 * 98)) drop=5 pass=20
}
