#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um debian-6.1 debian-6.12 debian-7.3
#
# Redirected frames: counted at the device that receives them, at the one they leave
# through; and delivered.

load ../lib/forward

@test "test_redirect_native_devmap" {
	target devs 0 dut/d1
	through native to_dev
}

# bats test_tags=patch
@test "test_redirect_generic_devmap" {
	target devs 0 dut/d1
	through generic to_dev
}

@test "test_redirect_native_ifindex" {
	target target 0 dut/d1
	through native to_ifindex
}

# bats test_tags=patch
@test "test_redirect_generic_ifindex" {
	target target 0 dut/d1
	through generic to_ifindex
}

# The receiver's program, too, sees each frame once, now as an XDP frame.
@test "test_redirect_native_to_a_program" {
	attach native dst/t1 pass
	target devs 0 dut/d1
	attach native dut/d0 to_dev
	frames 70 100 src/s0 dst/t1=70
	counted dut/d0 packets=70 bytes=7000 redirect=70
	counted dut/d1 xmit_packets=70 xmit_bytes=7000
	counted dst/t1 packets=70 bytes=7000 pass=70
	attach native dst/t1 invalid42
	frames 30 100 src/s0 dst/t1=0
	counted dst/t1 packets=100 bytes=10000 pass=70 invalid=30
}

# Back out of where they came from: one device, both sides.
@test "test_redirect_native_to_itself" {
	attach native src/s0 pass
	target target 0 dut/d0
	attach native dut/d0 to_ifindex
	frames 70 100 src/s0 src/s0=70
	counted dut/d0 packets=70 bytes=7000 redirect=70 xmit_packets=70 xmit_bytes=7000
	counted src/s0 packets=70 bytes=7000 pass=70
}

# bats test_tags=patch
@test "test_redirect_bytes_are_those_that_leave" {
	local mode n=0

	target devs 0 dut/d1
	for mode in native generic; do
		attach $mode dut/d0 trim_to_dev
		frames -r 90 20 100 src/s0 dst/t1=20
		detach $mode dut/d0
		n=$((n + 20))
		counted dut/d0 packets=$n bytes=$((n * 100)) redirect=$n
		counted dut/d1 xmit_packets=$n xmit_bytes=$((n * 90))
	done
}

# bats test_tags=patch
@test "test_redirect_to_all_devices" {
	local mode n=0

	pair dut/d2 dst/t2
	napi dst/t2
	target devs 0 dut/d0
	target devs 1 dut/d1
	target devs 2 dut/d2
	for mode in native generic; do
		attach $mode dut/d0 to_all_devs
		frames 50 100 src/s0 src/s0=0 dst/t1=50 dst/t2=50
		detach $mode dut/d0
		n=$((n + 50))
		counted dut/d0 packets=$n bytes=$((n * 100)) redirect=$n
		counted dut/d1 xmit_packets=$n xmit_bytes=$((n * 100))
		counted dut/d2 xmit_packets=$n xmit_bytes=$((n * 100))
	done
	remove dut/d2
}

# Two hops: what s0 sends goes through d0 to d1, is received by t1 and sent back.
@test "test_redirect_and_back" {
	attach native src/s0 pass
	target devs 0 dut/d1
	attach native dut/d0 to_dev
	attach native dst/t1 tx
	target target 0 dut/d0
	attach native dut/d1 to_ifindex
	frames 70 100 src/s0 src/s0=70
	counted dut/d0 packets=70 bytes=7000 redirect=70 xmit_packets=70 xmit_bytes=7000
	counted dst/t1 packets=70 bytes=7000 tx=70
	counted dut/d1 packets=70 bytes=7000 redirect=70 xmit_packets=70 xmit_bytes=7000
	counted src/s0 packets=70 bytes=7000 pass=70
}

# A program on a bond runs on its slaves, and what it sends back goes out of all of them in turns:
# redirected where that is another than the frame came from.
# bats test_tags=patch
@test "test_redirect_by_a_bond" {
	ip -n dut link add bond0 type bond mode balance-rr
	ip -n dut link set d0 down master bond0
	ip -n dut link set d1 down master bond0
	ip -n dut link set bond0 up
	attach native src/s0 pass
	attach native dut/bond0 tx
	frames 70 100 src/s0 src/s0=35 dst/t1=35
	counted dut/d0 packets=70 bytes=7000 tx=35 redirect=35
	counted dut/d1 xmit_packets=35 xmit_bytes=3500
	# its program runs at its ports: what it was is not known of the bond
	[ "$(on dut bpftool -j ctrl xdp stats dev bond0 | jq -c '.[0].stats')" = \
		'{"xmit_packets":0,"xmit_bytes":0,"xmit_drops":0}' ]
	ip -n dut link del bond0
}
