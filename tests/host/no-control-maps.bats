#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# The tool on a kernel without control maps, such as this machine's own.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../cli/helper

NO_MAPS="this kernel has no BPF control maps (BPF_MAP_TYPE_CONTROL): apply the series in kernel-patch/"

setup()
{
	pins=$(find /sys/fs/bpf 2> /dev/null) || true
}

teardown()
{
	[ "$(find /sys/fs/bpf 2> /dev/null || true)" = "$pins" ]
}

@test "test_host_names_the_series" {
	refuses "$NO_MAPS" list
	refuses "$NO_MAPS" list xdp_stats
	refuses "$NO_MAPS" dump xdp_stats
	refuses "$NO_MAPS" dump xdp_stats key lo
	refuses "$NO_MAPS" set xdp_stats key lo packets 1
	refuses "$NO_MAPS" apply /dev/null
	refuses "$NO_MAPS" pin xdp_stats /sys/fs/bpf/lost
	refuses "$NO_MAPS" schema xdp_stats format c
	refuses "$NO_MAPS" xdp show
	refuses "$NO_MAPS" xdp show all
	refuses "$NO_MAPS" xdp show dev lo
	refuses "$NO_MAPS" xdp stats
	refuses "$NO_MAPS" xdp set stats on
	refuses "$NO_MAPS" xdp set stats off
	refuses "$NO_MAPS" xdp stats watch count 1
	refuses "$NO_MAPS" xdp set redirect-rings dev lo num 1
	refuses "$NO_MAPS" xdp set metadata dev lo on
	refuses "$NO_MAPS" xdp metadata dev lo
	refuses "$NO_MAPS" watch xdp_stats count 1
	refuses "$NO_MAPS" kprobe show
	refuses "$NO_MAPS" kprobe set id 1 enabled off
	refuses "$NO_MAPS" cgroup show all
	refuses "$NO_MAPS" socket show
	refuses "$NO_MAPS" socket set cookie 1 lock
}

@test "test_host_words_are_checked_all_the_same" {
	refuses "unknown command 'lost', see 'bpftool ctrl help'" lost
	refuses "'dump' needs at least 1 arguments, 0 found" dump
	refuses "can't find device 'lost': No such device" xdp stats dev lost
	refuses "unexpected word 'more'" list xdp_stats more
}

@test "test_host_help_works" {
	try bpftool ctrl help
	[ "$status" = 0 ] && [[ $err == "Usage: bpftool ctrl "* ]] || show
	json '. == null' ctrl xdp help
}

@test "test_host_feature_probe_says_no" {
	try bpftool -j feature probe kernel
	jq -e '.map_types.have_control_map_type == false' <<< "$out" > /dev/null || show
}
