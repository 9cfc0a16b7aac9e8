#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# bpftool ctrl pin TYPE PATH

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

FILE=/sys/fs/bpf/pin_test

teardown()
{
	rm -f "$FILE"
}

@test "test_pin_refuses_what_is_there" {
	bpftool ctrl pin xdp_stats "$FILE"
	refuses "can't pin BPF object: path '$FILE' already exists" pin registry "$FILE"
	json '.ctrl_name == "xdp_stats"' map show pinned "$FILE"
}

@test "test_pin_refuses_no_directory" {
	refuses "can't pin BPF object: dir '/sys/fs/bpf/none' doesn't exist" \
		pin xdp_stats /sys/fs/bpf/none/file
}

@test "test_pin_outside_bpffs_with_nomount" {
	try bpftool -n ctrl pin xdp_stats "$BATS_TEST_TMPDIR/file"
	[ "$status" != 0 ]
	[ "$err" = "Error: no BPF file system found, not mounting it due to --nomount option" ] || show
	[ ! -e "$BATS_TEST_TMPDIR/file" ]
}

@test "test_pin_makes_a_map_of_the_type" {
	works bpftool ctrl pin xdp_stats "$FILE"
	[ -z "$out" ]
	json '.type == "control" and .ctrl_type == 1 and .ctrl_name == "xdp_stats" and
		.name == "xdp_stats" and .max_entries == 4294967295' map show pinned "$FILE"
	works bpftool map show pinned "$FILE"
	[[ $out == *"max_entries 4294967295  ctrl_type 1 (xdp_stats)"* ]] || show
}

@test "test_pin_says_null_as_json" {
	works bpftool -j ctrl pin registry "$FILE"
	[ "$out" = null ] || show
}

@test "test_pin_can_be_read_as_a_file" {
	works bpftool ctrl pin xdp_stats "$FILE"
	works cat "$FILE"
	grep -q "^1: " <<< "$out" || show
}

@test "test_pin_map_list_shows_no_map_of_its_own" {
	works bpftool ctrl pin xdp_stats "$FILE"
	json 'map(select(.type == "control")) | length == 1' map list
}

@test "test_pin_map_create_takes_ctrl_type" {
	works bpftool map create "$FILE" type control ctrl_type 1 name pin_test
	json '.ctrl_type == 1 and .bytes_key == 4 and .bytes_value == 112 and
		.max_entries == 4294967295' map show pinned "$FILE"
	rm "$FILE"
	works bpftool map create "$FILE" type control ctrl_type 1 key 4 value 16 entries 7 name pin_test
	json '.bytes_value == 16 and .max_entries == 7' map show pinned "$FILE"
}

@test "test_pin_map_create_refuses_ctrl_type_elsewhere" {
	try bpftool map create "$FILE" type control key 4 value 16 entries 1 name pin_test
	[ "$status" != 0 ] && [ "$err" = "Error: maps of type control need a ctrl_type" ] || show
	try bpftool map create "$FILE" type hash key 4 value 16 entries 1 name pin_test ctrl_type 1
	[ "$status" != 0 ] && [ "$err" = "Error: ctrl_type is for maps of type control" ] || show
	try bpftool map create "$FILE" type control ctrl_type 99 name pin_test
	[ "$status" != 0 ] && [ "$err" = "Error: map create failed: Operation not supported" ] || show
	[ ! -e "$FILE" ]
}

@test "test_pin_feature_probe_finds_the_type" {
	works bpftool -j feature probe kernel
	jq -e .map_types.have_control_map_type <<< "$out" > /dev/null || show
	works bpftool -j feature list_builtins map_types
	jq -e 'index("control")' <<< "$out" > /dev/null || show
}
