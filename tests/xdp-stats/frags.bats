#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um debian-6.12 debian-7.3
#
# Frames in several buffers are one packet, and all of their bytes are counted.

load ../lib/forward
# shellcheck disable=SC2034 # for what was loaded
MTU=9000

@test "test_frags_native_program_without_frags_is_refused" {
	run attach native dut/d0 drop
	[ "$status" != 0 ]
	counted dut/d0
}

# Of one page, of two, and as large as they come.
@test "test_frags_native_drop" {
	attach native dut/d0 drop_frags
	frames 10 100 src/s0 dut/d0=0
	frames 10 5000 src/s0 dut/d0=0
	frames 10 9014 src/s0 dut/d0=0
	counted dut/d0 packets=30 bytes=141140 drop=30
	driver_counted dut/d0 xdp_packets=30 xdp_drops=30
}

@test "test_frags_generic_drop" {
	attach generic dut/d0 drop_frags
	frames 10 100 src/s0 dut/d0=0
	frames 10 5000 src/s0 dut/d0=0
	frames 10 9014 src/s0 dut/d0=0
	counted dut/d0 packets=30 bytes=141140 drop=30
}

# A generic program without frags gets a linear copy.
@test "test_frags_generic_program_without_frags" {
	attach generic dut/d0 pass
	frames 10 9014 src/s0 dut/d0=10
	counted dut/d0 packets=10 bytes=90140 pass=10
}

@test "test_frags_pass" {
	local mode n=0

	for mode in native generic; do
		attach $mode dut/d0 pass_frags
		frames 10 9014 src/s0 dut/d0=10
		detach $mode dut/d0
		n=$((n + 10))
		counted dut/d0 packets=$n bytes=$((n * 9014)) pass=$n
	done
}

@test "test_frags_native_tx" {
	attach native src/s0 pass_frags
	attach native dut/d0 tx_frags
	frames 10 9014 src/s0 src/s0=10
	counted dut/d0 packets=10 bytes=90140 tx=10
	counted src/s0 packets=10 bytes=90140 pass=10
}

# bats test_tags=patch
@test "test_frags_redirect" {
	local mode n=0

	target devs_frags 0 dut/d1
	for mode in native generic; do
		attach $mode dut/d0 to_dev_frags
		frames 10 9014 src/s0 dut/d0=0 dst/t1=10
		frames 10 1000 src/s0 dst/t1=10
		detach $mode dut/d0
		n=$((n + 10))
		counted dut/d0 packets=$((2 * n)) bytes=$((n * 10014)) redirect=$((2 * n))
		counted dut/d1 xmit_packets=$((2 * n)) xmit_bytes=$((n * 10014))
	done
}

# A tap device takes redirected frames, but in one buffer only.
@test "test_frags_native_redirect_to_device_without_frags" {
	ip -n dut tuntap add tap0 mode tap
	ip -n dut link set tap0 mtu 9000 up
	target devs_frags 0 dut/tap0
	attach native dut/d0 to_dev_frags
	frames 10 9014 src/s0
	counted dut/d0 packets=10 bytes=90140 redirect=10 redirect_errors=10
	counted dut/tap0
	# this one it would take, if someone had opened it
	frames 10 1000 src/s0
	counted dut/d0 packets=20 bytes=100140 redirect=20 redirect_errors=10
	counted dut/tap0 xmit_drops=10
	ip -n dut link del tap0
}
