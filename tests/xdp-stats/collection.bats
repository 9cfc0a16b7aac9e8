#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# When packets are counted, and whose: collection off and on, devices and namespaces.

load ../lib/traffic

OTHER_PIN=$BPF/other_pin

setup_file()
{
	namespaces src dut other
	load_programs
	pair src/s1 dut/d1
}

setup()
{
	pair src/s0 dut/d0
	attach native dut/d0 drop
	all=0
}

teardown()
{
	bpftool ctrl xdp set stats off
	rm -f "$OTHER_PIN"
	remove src/s0
}

packets()
{
	on dut bpftool -j ctrl xdp stats dev d0 | jq '.[0].stats.packets'
}

# ignored N: N frames that d0 receives are not counted. The last map that has them counted goes,
# from a work queue, some time after its last user: so wait_for it.
ignored()
{
	local before

	before=$(packets)
	frames "$1" 100 src/s0
	all=$((all + $1))
	[ "$(packets)" = "$before" ]
}

burst()
{
	frames "$1" 100 src/s0
	all=$((all + $1))
}

# Nothing was counted for the device since it exists, which is not zero.
uncounted()
{
	[ "$(on "${1%/*}" bpftool -j ctrl xdp stats dev "${1#*/}" | jq -c '.[0].stats')" = "{}" ]
}

# A device that never was there while something counted
new_one_ignored()
{
	remove src/s0 && pair src/s0 dut/d0 && attach native dut/d0 drop &&
		frames 10 100 src/s0 && [ "$(shown dut)" = "" ]
}

@test "test_collection_is_off_by_default" {
	wait_for new_one_ignored
	uncounted dut/d0
}

# Whatever reads: a map for reading only is no user.
@test "test_collection_is_not_switched_on_by_reading" {
	local reader

	wait_for new_one_ignored
	exec 5< <(exec ip netns exec dut bpftool -j ctrl watch xdp_stats interval 0.1)
	reader=$!
	read -r -u 5
	[ "$(bpftool -j ctrl list xdp_stats | jq '.[0].users')" = 0 ]
	burst 10
	uncounted dut/d0
	kill "$reader"
	exec 5<&-
}

@test "test_collection_on_off_on" {
	local n

	bpftool ctrl xdp set stats on
	burst 10
	counted dut/d0 packets=10 bytes=1000 drop=10
	bpftool ctrl xdp set stats off
	wait_for ignored 20
	n=$(packets)
	driver_counted dut/d0 "xdp_packets=$all"
	[ "$n" -lt "$all" ]
	bpftool ctrl xdp set stats on
	burst 30
	counted dut/d0 "packets=$((n + 30))" "bytes=$((100 * (n + 30)))" "drop=$((n + 30))"
}

@test "test_collection_while_any_map_is_pinned" {
	bpftool ctrl xdp set stats on
	bpftool ctrl pin xdp_stats "$OTHER_PIN"
	bpftool ctrl xdp set stats off
	burst 10
	counted dut/d0 packets=10 bytes=1000 drop=10
	rm "$OTHER_PIN"
	wait_for ignored 10
}

# Counting is the whole system's business, seeing is the namespace's.
@test "test_collection_by_a_map_of_another_netns" {
	on other bpftool ctrl xdp set stats on
	burst 10
	counted dut/d0 packets=10 bytes=1000 drop=10
}

# With devices that never were there while something counted
redirects_ignored()
{
	remove src/s0 src/s1
	pair src/s0 dut/d0
	pair src/s1 dut/d1
	napi src/s1
	target devs 0 dut/d1
	attach native dut/d0 to_dev
	frames 10 100 src/s0 src/s1=10 || return
	attach native dut/d0 to_nowhere
	frames 10 100 src/s0 src/s1=0 || return
	attach generic dut/d1 pass
	frames 10 100 src/s1 dut/d1=10 || return
	uncounted dut/d0 && uncounted dut/d1
}

@test "test_collection_redirects_are_off_too" {
	wait_for redirects_ignored
}

@test "test_collection_others_are_zero_and_left_out" {
	local out

	bpftool ctrl xdp set stats on
	burst 10
	[ "$(shown dut)" = d0 ]
	counted dut/d1
	counted dut/lo
	out=$(on dut bpftool -j ctrl xdp stats all)
	jq -e 'map({ (.ifname): .stats.packets }) | add | .lo == 0 and .d0 == 10 and .d1 == 0' <<< "$out"
	out=$(on dut bpftool -j ctrl dump xdp_stats)
	jq -e 'map({ (.ifname): .value.packets }) | add | .lo == 0 and .d0 == 10 and .d1 == 0' <<< "$out"
}

@test "test_collection_of_another_netns_is_not_visible" {
	local index

	bpftool ctrl xdp set stats on
	burst 10
	[ "$(shown src)$(shown other)" = "" ]
	on other bpftool -j ctrl dump xdp_stats > "$BATS_TEST_TMPDIR/other"
	jq -e 'map(.ifname) | index("lo") and (index("s0") or index("d0") or index("d1") | not)' \
		"$BATS_TEST_TMPDIR/other"
	index=$(ifindex dut/d0)
	run on other bpftool ctrl dump xdp_stats key "$index"
	[ "$status" != 0 ]
	# the pinned map is of the namespace in which it was made, whoever reads it
	on dut bpftool ctrl pin xdp_stats "$OTHER_PIN"
	on other bpftool -j map dump pinned "$OTHER_PIN" > "$BATS_TEST_TMPDIR/dump"
	jq -e --argjson key "$index" \
		'map(.formatted | select(.key == $key).value.packets) == [ 10 ]' "$BATS_TEST_TMPDIR/dump"
}

# A device keeps its counters when it moves, and one that takes its name has its own.
@test "test_collection_moved_device" {
	bpftool ctrl xdp set stats on
	attach generic src/s0 pass
	frames 10 100 dut/d0 src/s0=10
	counted src/s0 packets=10 bytes=1000 pass=10
	ip -n src link set s0 netns other
	[ "$(shown src)" = "" ]
	[ "$(shown other)" = s0 ]
	counted other/s0 packets=10 bytes=1000 pass=10
	ip -n src link add s0 type dummy
	counted src/s0
	ip -n src link del s0
	ip -n other link set s0 netns src
	counted src/s0 packets=10 bytes=1000 pass=10
}

@test "test_collection_new_device_of_the_same_name" {
	bpftool ctrl xdp set stats on
	burst 10
	remove src/s0
	pair src/s0 dut/d0
	counted dut/d0
	attach native dut/d0 drop
	frames 3 100 src/s0
	counted dut/d0 packets=3 bytes=300 drop=3
}

# Test runs count only if the frames are live.
@test "test_collection_test_run" {
	bpftool ctrl xdp set stats on
	head -c 100 /dev/zero > "$BATS_TEST_TMPDIR/frame"
	on dut bpftool prog run pinned "$PROGS/drop" data_in "$BATS_TEST_TMPDIR/frame" repeat 100
	[ "$(shown dut)" = "" ]
	on dut liveframes "$PROGS/drop" d1 1000 100
	counted dut/d1 packets=1000 bytes=100000 drop=1000
	[ "$(shown dut)" = d1 ]
}
