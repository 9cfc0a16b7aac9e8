#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# bpftool ctrl { show | list } [TYPE]

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

XDP_STATS='{
	type: "xdp_stats", ctrl_type: 1,
	key: { type: "bpf_ctrl_ifindex_t", size: 4 },
	value: { type: "bpf_ctrl_xdp_stats", size: 112 },
	ops: [ "lookup", "iterate" ], scope: "netns", users: 0, source: "kernel"
}'

@test "test_list_one_type_is_that_type_only" {
	json ". == [ $XDP_STATS ]" ctrl list xdp_stats
	works bpftool ctrl list xdp_stats
	[[ $out != *registry* ]]
}

@test "test_list_all_types_in_order" {
	json 'map(.type)[:3] == [ "registry", "xdp_stats", "xdp_attr" ]' ctrl list
	json 'map(.ctrl_type) | .[:3] == [ 0, 1, 2 ] and . == unique' ctrl list
	json ".[1] == $XDP_STATS" ctrl list
	json '.[0].scope == "global"' ctrl list
}

@test "test_list_plain" {
	works bpftool ctrl list xdp_stats
	[ "$out" = "1: xdp_stats  key bpf_ctrl_ifindex_t 4B  value bpf_ctrl_xdp_stats 112B
	ops lookup,iterate  scope netns  users 0  source kernel" ] || show
}

@test "test_list_is_show_and_the_default" {
	works bpftool ctrl list
	list=$out
	works bpftool ctrl show
	[ "$out" = "$list" ]
	works bpftool ctrl
	[ "$out" = "$list" ]
}

@test "test_list_sizes_are_those_of_maps" {
	bpftool ctrl pin xdp_stats /sys/fs/bpf/list_test
	json '.bytes_key == 4 and .bytes_value == 112' map show pinned /sys/fs/bpf/list_test
	rm /sys/fs/bpf/list_test
}

# Where it can't be known what is pinned it is not that nothing is.
@test "test_list_without_proc_knows_no_pins" {
	json '.[0].pinned == []' -f ctrl list registry
	for command in "list" "list xdp_stats"; do
		# shellcheck disable=SC2086 # words
		try unshare --mount sh -c "mount -t tmpfs none /proc; exec bpftool -f ctrl $command"
		[ "$status" = 255 ] && [ -z "$out" ] &&
			[ "$err" = "Error: can't find what is pinned: there is no /proc/mounts, or no memory" ] || show
	done
}

nothing_counts()
{
	[ "$(bpftool -j ctrl list xdp_stats | jq '.[0].users')" = 0 ]
}

@test "test_list_says_whether_packets_are_counted" {
	works bpftool ctrl xdp set stats on
	json '.[0].users == 1' ctrl list xdp_stats
	works bpftool ctrl xdp set stats off
	# a map goes some time after its last user
	wait_for nothing_counts
}
