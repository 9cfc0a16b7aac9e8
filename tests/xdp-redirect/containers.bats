#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um x86_64
#
# Redirect rings of a veth whose peer is in a container, with a user namespace of its own: the
# rings are those of the peer, and who sets them needs the capability where that is.

# shellcheck disable=SC2154 # set by run
load ../lib/traffic

# What is asked of the host's end from inside, by a map that was given to the container
GIVEN=$BPF/given

setup_file()
{
	namespaces src dut
	load_programs
}

# The index of the peer is that of its other end, as it often is (eth0@if2).
setup()
{
	pair src/s0 dut/d0
	unshare --user --map-root-user --net sleep infinity 3>&- &
	box=$!
	wait_for is_apart
	ip netns attach box "$box"
	on box sh -c 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6'
	ip -n dut link add h0 index 777 type veth peer name eth0 index 777 netns box
	up dut/h0 box/eth0
	on box bpftool ctrl pin xdp_attr "$GIVEN"
}

is_apart()
{
	[[ $(< "/proc/$box/comm") == sleep && ! "/proc/$box/ns/net" -ef /proc/self/ns/net ]]
}

teardown()
{
	kill "$box" 2> /dev/null || true
	wait "$box" || true
	ip netns del box
	rm -f "$GIVEN"
	wait_for fails ip -n dut link show dev h0
	remove src/s0
}

# set_inside INDEX N: as root of the container, who has the map but may not ask for its BTF
set_inside()
{
	local size value

	size=$(bpftool -j map show pinned "$GIVEN" | jq .bytes_value)
	# command is SETUP_REDIRECT, rings.num the number
	value=$(awk -v size="$size" -v num="$2" '
		BEGIN { for (i = 0; i < size; i++) printf "%d ", i == 0 ? 1 : i == 16 ? num : 0 }')
	# shellcheck disable=SC2086 # words
	nsenter -t "$box" --user --net bpftool map update pinned "$GIVEN" \
		key $(($1 % 256)) $(($1 / 256)) 0 0 value $value
}

# rings_are DEV N: so many were asked for
rings_are()
{
	on "${1%/*}" bpftool -j ctrl xdp show dev "${1#*/}" > "$BATS_TEST_TMPDIR/show"
	jq -e --argjson n "$2" '.[0].redirect_rings | .num == $n and .granted.num == $n' \
		"$BATS_TEST_TMPDIR/show" || fail "$1 should have $2 rings: $(< "$BATS_TEST_TMPDIR/show")"
}

@test "test_containers_the_host_sets_rings_in_the_container" {
	attach native dut/d0 to_dev
	target devs 0 dut/h0
	frames -w 0 50 100 src/s0 box/eth0=0
	on dut bpftool ctrl xdp set redirect-rings dev h0 num 1
	rings_are dut/h0 1
	rings_are box/eth0 0
	frames 200 100 src/s0 box/eth0=200
	on dut bpftool ctrl xdp set redirect-rings dev h0 num 0
	frames -w 0 50 100 src/s0 box/eth0=0
}

# Nor is it switched off: what the host has set up there stays.
@test "test_containers_nobody_switches_the_end_of_the_host_from_inside" {
	run set_inside 777 1
	[ "$status" != 0 ]
	[ "$output" = "Error: update failed: Operation not permitted" ] || fail "$output"
	rings_are box/eth0 0
	on box bpftool ctrl xdp set redirect-rings dev eth0 num 1
	rings_are box/eth0 1
	fails set_inside 777 0
	rings_are box/eth0 1
}

# Both ends of a pair that is in the container are its own.
@test "test_containers_own_pairs_are_set_from_inside" {
	ip -n box link add a0 index 300 type veth peer name a1
	set_inside 300 1
	rings_are box/a0 1
	set_inside 300 0
	rings_are box/a0 0
}

# What the host's capabilities set up goes with the container, and the host's end, too.
@test "test_containers_rings_go_with_the_container" {
	on dut bpftool ctrl xdp set redirect-rings dev h0 num 1
	kill "$box"
	ip netns del box
	wait_for fails ip -n dut link show dev h0
	ip netns add box
}
