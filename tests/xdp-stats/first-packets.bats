#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# The first packet of each of many devices counts, in a burst that no allocation for a
# packet would keep up with.

load ../lib/common

bats_require_minimum_version 1.5.0
pairs=300

setup()
{
	ip link set lo up
	echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6
}

teardown()
{
	bpftool ctrl xdp set stats off
	for ((i = 0; i < pairs; i++)); do
		echo "link del t$i"
	done | ip -batch -
}

create_pairs()
{
	local i

	for ((i = 0; i < pairs; i++)); do
		echo "link add t$i up type veth peer name u$i"
		echo "link set u$i up"
	done | ip -batch -
}

# Each device but lo got one packet, of 60 bytes.
touch_all()
{
	"$TOP/build/bench/xdp_touch" "$TOP/build/bench/xdp_touch.bpf.o"
	run -0 jq -c 'map(select(.ifname | test("^[tu]")) | .stats |
		[.xmit_packets, .xmit_bytes]) | [length, unique]' \
		< <(bpftool -j ctrl xdp stats all)
	echo "$output"
	[ "$output" = "[$((2 * pairs)),[[1,60]]]" ]
}

@test "test_first_packets_of_devices_from_before_collection" {
	create_pairs
	bpftool ctrl xdp set stats on
	touch_all
}

@test "test_first_packets_of_devices_from_during_collection" {
	bpftool ctrl xdp set stats on
	create_pairs
	touch_all
}
