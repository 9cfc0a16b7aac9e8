#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um debian-6.12 debian-7.3
#
# XDP in the tun driver: natively on what a process writes to a tap device, and as the
# target of redirects. What is too large for one page the driver hands to generic XDP.
#
#	tapframes --- dut/tap0  dut/d1 --- dst/t1

load ../lib/traffic

setup_file()
{
	namespaces dut dst
	load_programs
	bpftool ctrl xdp set stats on
}

setup()
{
	ip -n dut tuntap add tap0 mode tap
	ip -n dut link set tap0 up
}

teardown()
{
	ip -n dut link del tap0
}

# received DEV: packets that the device's own statistics say it has received
received()
{
	local name rest packets

	while read -r name rest packets rest; do
		[ "$name" != "${1#*/}:" ] || echo "$packets"
	done < <(on "${1%/*}" cat /proc/net/dev)
}

@test "test_tun_no_program" {
	on dut tapframes tap0 50 100
	[ "$(received dut/tap0)" = 50 ]
	counted dut/tap0
}

@test "test_tun_drop" {
	attach native dut/tap0 drop
	on dut tapframes tap0 50 100
	counted dut/tap0 packets=50 bytes=5000 drop=50
	[ "$(received dut/tap0)" = 0 ]
	[ "$(shown dut)" = tap0 ]
}

@test "test_tun_aborted_and_invalid" {
	attach native dut/tap0 aborted
	on dut tapframes tap0 20 100
	attach native dut/tap0 invalid_max
	on dut tapframes tap0 30 100
	counted dut/tap0 packets=50 bytes=5000 aborted=20 invalid=30
	[ "$(received dut/tap0)" = 0 ]
}

@test "test_tun_pass" {
	attach native dut/tap0 pass
	on dut tapframes tap0 50 100
	counted dut/tap0 packets=50 bytes=5000 pass=50
	[ "$(received dut/tap0)" = 50 ]
}

@test "test_tun_generic" {
	attach generic dut/tap0 pass
	on dut tapframes tap0 50 100
	attach generic dut/tap0 drop
	on dut tapframes tap0 50 5000
	counted dut/tap0 packets=100 bytes=255000 pass=50 drop=50
}

# The driver runs the native program on what it has put in an skb, too: once.
@test "test_tun_native_more_than_a_page" {
	attach native dut/tap0 pass
	on dut tapframes tap0 50 9000
	counted dut/tap0 packets=50 bytes=450000 pass=50
	[ "$(received dut/tap0)" = 50 ]
	attach native dut/tap0 drop_frags
	on dut tapframes tap0 10 9000
	counted dut/tap0 packets=60 bytes=540000 pass=50 drop=10
}

@test "test_tun_native_through_napi" {
	attach native dut/tap0 pass
	on dut tapframes -n tap0 50 1000
	counted dut/tap0 packets=50 bytes=50000 pass=50
	attach native dut/tap0 drop
	on dut tapframes -n tap0 50 1000
	counted dut/tap0 packets=100 bytes=100000 pass=50 drop=50
}

# What is sent back is what the process reads.
@test "test_tun_tx" {
	attach native dut/tap0 tx
	on dut tapframes tap0 50 100 50
	counted dut/tap0 packets=50 bytes=5000 tx=50
}

# bats test_tags=patch
@test "test_tun_redirect_to_veth" {
	pair dut/d1 dst/t1
	napi dst/t1
	target devs 0 dut/d1
	attach native dut/tap0 to_dev
	on dut tapframes tap0 50 100
	counted dut/tap0 packets=50 bytes=5000 redirect=50
	counted dut/d1 xmit_packets=50 xmit_bytes=5000
	[ "$(received dst/t1)" = 50 ]
	remove dut/d1
}

@test "test_tun_redirect_to_nowhere" {
	attach native dut/tap0 to_nowhere
	on dut tapframes tap0 50 100
	counted dut/tap0 packets=50 bytes=5000 redirect=50 redirect_errors=50
}

has_carrier()
{
	[[ $(ip -n dut -o link show tap0) == *LOWER_UP* ]]
}

@test "test_tun_redirect_to_tap" {
	local reader

	pair dut/d1 dst/t1
	target devs 0 dut/tap0
	attach native dut/d1 to_dev
	# nobody there
	frames 30 100 dst/t1
	counted dut/d1 packets=30 bytes=3000 redirect=30
	counted dut/tap0 xmit_drops=30

	on dut tapframes tap0 0 100 50 &
	reader=$!
	wait_for has_carrier
	frames 50 100 dst/t1
	wait "$reader"
	counted dut/d1 packets=80 bytes=8000 redirect=80
	counted dut/tap0 xmit_packets=50 xmit_bytes=5000 xmit_drops=30
	remove dut/d1
}
