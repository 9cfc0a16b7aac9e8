#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# bpftool ctrl xdp set stats { on | off }

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

setup_file()
{
	prog setdrop 1
	pair set0 set1
	sender set1
	bpftool net attach xdpdrv pinned /sys/fs/bpf/setdrop dev set0
}

teardown()
{
	mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
	rm -f "$PIN"
}

packets()
{
	bpftool -j ctrl xdp stats dev set0 | jq '.[0].stats.packets'
}

@test "test_set_stats_refuses_another_map" {
	bpftool map create "$PIN" type array key 4 value 8 entries 1 name other
	for word in on off; do
		refuses "can't use $PIN: it is not a map that this version collects xdp_stats in" xdp set stats $word
	done
	json '.type == "array"' map show pinned "$PIN"
	rm "$PIN"

	bpftool ctrl pin registry "$PIN"
	for word in on off; do
		refuses "can't use $PIN: it is not a map that this version collects xdp_stats in" xdp set stats $word
	done
	[ -e "$PIN" ]
}

@test "test_set_stats_refuses_a_program_and_a_directory" {
	bpftool prog pin pinned /sys/fs/bpf/setdrop "$PIN"
	for word in on off; do
		refuses "can't use $PIN: it is not a map that this version collects xdp_stats in" xdp set stats $word
	done
	rm "$PIN"

	mkdir "$PIN"
	for word in on off; do
		refuses "can't use $PIN: it is a directory or a symbolic link, remove it first" xdp set stats $word
	done
	rmdir "$PIN"
}

# Packets are not counted. The last map that has them counted is released from a work queue: so
# wait_for it.
ignored()
{
	local before

	before=$(packets) && [ -n "$before" ] && send 3 && [ "$(packets)" = "$before" ]
}

has_counted()
{
	[ "$(packets)" = "$1" ]
}

# No map has packets counted.
nothing_counts()
{
	[ "$(bpftool -j ctrl list xdp_stats | jq '.[0].users')" = 0 ]
}

@test "test_set_stats_counts_while_on" {
	local before

	wait_for ignored
	works bpftool ctrl xdp set stats on
	[ -z "$out" ]
	before=$(packets)
	send 3
	wait_for has_counted $((before + 3))

	works bpftool ctrl xdp set stats off
	[ -z "$out" ]
	[ ! -e "$PIN" ]
	wait_for ignored
}

@test "test_set_stats_twice_is_once" {
	works bpftool ctrl xdp set stats on
	id=$(bpftool -j map show pinned "$PIN" | jq .id)
	works bpftool ctrl xdp set stats on
	[ "$id" = "$(bpftool -j map show pinned "$PIN" | jq .id)" ]
	works bpftool ctrl xdp set stats off
	works bpftool ctrl xdp set stats off
	[ ! -e "$PIN" ]
}

@test "test_set_stats_takes_the_place_of_a_map_that_only_reads" {
	wait_for nothing_counts
	bpftool map create "$PIN" type control ctrl_type 1 name reader flags 8
	nothing_counts
	works bpftool ctrl xdp set stats on
	json '.[0].users == 1' ctrl list xdp_stats
}

@test "test_set_stats_says_null_as_json" {
	for word in on on off off; do
		works bpftool -j ctrl xdp set stats $word
		[ "$out" = null ] || show
	done
}

# (bpffs.bats has it mounted.)
@test "test_set_stats_without_bpffs" {
	umount /sys/fs/bpf
	try bpftool -n ctrl xdp set stats on
	[ "$status" != 0 ]
	[ "$err" = "Error: no BPF file system found, not mounting it due to --nomount option" ] || show
	works bpftool ctrl xdp set stats off
	[ "$(stat -f -c %T /sys/fs/bpf)" != bpf_fs ]
	mount -t bpf bpf /sys/fs/bpf
}

@test "test_set_stats_off_is_explained_to_people" {
	ip netns add quiet
	try ip netns exec quiet bpftool ctrl xdp stats
	[ "$status" = 0 ] && [ -z "$out" ] || show
	[ "$err" = "XDP is counted while this is on: bpftool ctrl xdp set stats on" ] || show
	try ip netns exec quiet bpftool -j ctrl xdp stats
	[ "$status" = 0 ] && [ -z "$err" ] && [ "$out" = "[]" ] || show

	bpftool ctrl xdp set stats on
	try bpftool batch file - <<< "ctrl xdp stats dev set1"
	[ "$status" = 0 ] && [ -z "$err" ] || show
	ip netns del quiet
}

@test "test_set_stats_in_a_batch" {
	printf 'ctrl xdp set stats on\nctrl xdp show\nctrl xdp set stats off\n' > "$BATS_TEST_TMPDIR/batch"
	json 'map(.output | type) == [ "null", "array", "null" ]' batch file "$BATS_TEST_TMPDIR/batch"
	[ ! -e "$PIN" ]
}
