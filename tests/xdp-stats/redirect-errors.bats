#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um debian-6.12 debian-7.3
#
# Redirects that fail: errors of the device that received the frame if there is no way to the
# target, drops of the target if the frame is lost there.

load ../lib/forward

# Redirects of d0 fail: 70 frames of 100 bytes.
errors()
{
	frames 70 100 src/s0 dut/d0=0 dst/t1=0
	counted dut/d0 packets=70 bytes=7000 redirect=70 redirect_errors=70
	counted dut/d1
	[ "$(shown dut)" = d0 ]
}

@test "test_redirect_native_without_target" {
	attach native dut/d0 to_nowhere
	errors
	driver_counted dut/d0 xdp_packets=70 xdp_redirect=0 drops=70
}

@test "test_redirect_generic_without_target" {
	attach generic dut/d0 to_nowhere
	errors
}

@test "test_redirect_native_to_ifindex_that_is_not_there" {
	setmap "$MAPS/target" 0 999999
	attach native dut/d0 to_ifindex
	errors
}

@test "test_redirect_generic_to_ifindex_that_is_not_there" {
	setmap "$MAPS/target" 0 999999
	attach generic dut/d0 to_ifindex
	errors
}

# The helper says it already, with an action of the program's choice: no redirect, no error.
@test "test_redirect_key_that_is_not_there" {
	local mode n=0

	for mode in native generic; do
		attach $mode dut/d0 to_dev_or_drop
		frames 10 100 src/s0 dst/t1=0
		detach $mode dut/d0
		n=$((n + 10))
		counted dut/d0 packets=$n bytes=$((n * 100)) drop=$n
	done
}

# t1 has neither a program nor NAPI: d1 takes no redirected frames.
@test "test_redirect_native_to_device_that_takes_none" {
	on dst ethtool -K t1 gro off
	target devs 0 dut/d1
	attach native dut/d0 to_dev
	errors
	driver_counted dut/d0 xdp_packets=70 xdp_redirect=0 drops=70
}

@test "test_redirect_native_to_dummy" {
	on dut ip link add dummy1 up type dummy
	target target 0 dut/dummy1
	attach native dut/d0 to_ifindex
	errors
	on dut ip link del dummy1
}

@test "test_redirect_to_device_that_is_down" {
	local mode

	on dut ip link set d1 down
	target devs 0 dut/d1
	attach native dut/d0 to_dev
	errors
	detach native dut/d0
	attach generic dut/d0 to_dev
	frames 70 100 src/s0 dut/d0=0 dst/t1=0
	counted dut/d0 packets=140 bytes=14000 redirect=140 redirect_errors=140
	counted dut/d1
}

@test "test_redirect_xskmap_without_socket" {
	attach native dut/d0 to_sock
	frames 10 100 src/s0 dut/d0=0
	counted dut/d0 packets=10 bytes=1000 drop=10
}

# The target's peer takes frames of up to its mtu and some bytes; d1 loses others.
@test "test_redirect_native_too_long_for_the_target" {
	on dst ip link set t1 mtu 500
	target devs 0 dut/d1
	attach native dut/d0 to_dev
	frames 40 1000 src/s0 dst/t1=0
	counted dut/d0 packets=40 bytes=40000 redirect=40
	counted dut/d1 xmit_drops=40
	driver_counted dut/d1 xdp_xmit=0 xdp_xmit_errors=40
}

# The receiver goes between two frames: what is redirected then is lost at d1.
@test "test_redirect_native_receiver_goes_down" {
	target devs 0 dut/d1
	attach native dut/d0 to_dev
	frames 10 100 src/s0 dst/t1=10
	on dst ip link set t1 down
	frames 10 100 src/s0
	counted dut/d0 packets=20 bytes=2000 redirect=20
	counted dut/d1 xmit_packets=10 xmit_bytes=1000 xmit_drops=10
}

# Frames for 4 rings at once into the one of t1: it takes some, the rest is lost at d1, and the
# driver says the same.
@test "test_redirect_ring_overrun" {
	local key sent errors

	for key in 0 1 2 3; do
		target devs $key dut/d1
	done
	on dut liveframes "$PROGS/to_all_devs" d0 2560 100 256
	sent=$(driver dut/d1 xdp_xmit)
	errors=$(driver dut/d1 xdp_xmit_errors)
	[ "$sent" -ge 256 ]
	[ "$errors" -ge 256 ]
	[ $((sent + errors)) = 10240 ]
	counted dut/d0 packets=2560 bytes=256000 redirect=2560
	counted dut/d1 "xmit_packets=$sent" "xmit_bytes=$((sent * 100))" "xmit_drops=$errors"
}
