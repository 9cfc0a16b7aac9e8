#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# The tool on a kernel without control maps, such as this machine's own.

# shellcheck disable=SC2154,SC2015,SC2016 # set by try; "|| show" is meant for either; of jq
load ../lib/command

SERIES="apply the series in kernel-patch/"

setup()
{
	pins=$(find /sys/fs/bpf 2> /dev/null) || true
}

teardown()
{
	[ "$(find /sys/fs/bpf 2> /dev/null || true)" = "$pins" ]
}

@test "test_host_lists_fallbacks" {
	json 'map(.type) == [ "registry", "xdp_stats", "xdp_attr", "kprobe", "cgroup" ] and
		all(.source == "fallback")' ctrl list
	works bpftool ctrl list xdp_stats
	[ "$out" = "1: xdp_stats  key bpf_ctrl_ifindex_t 4B  value bpf_ctrl_xdp_stats 112B
	ops lookup,iterate  scope netns  users 0  source fallback" ] || show
	json 'map(.value.name) == [ "registry", "xdp_stats", "xdp_attr", "kprobe", "cgroup" ]' \
		ctrl dump registry
	json '.[0].value.name == "cgroup"' ctrl dump registry key 4
	refuses "can't look up key '5' of registry: no such key" dump registry key 5
}

@test "test_host_schema_is_that_of_the_kernel" {
	local type types=(registry xdp_stats xdp_attr)

	[ "$(id -u)" != 0 ] || types+=(kprobe cgroup)
	for type in "${types[@]}"; do
		bpftool ctrl schema "$type" format c > "$BATS_TEST_TMPDIR/$type.h"
		gcc -Wall -Werror -fsyntax-only -x c "$BATS_TEST_TMPDIR/$type.h"
		json '.["$schema"] == "https://json-schema.org/draft/2020-12/schema"' \
			ctrl schema "$type" format json
	done
	grep -q '^struct bpf_ctrl_xdp_rings' "$BATS_TEST_TMPDIR/xdp_attr.h"
}

# Nothing is counted, so nothing is known: no counter is 0.
@test "test_host_shows_what_netlink_says" {
	json 'map(select(.ifname == "lo")) == [{ type: "xdp_stats", key: 1, ifname: "lo", value: {} }]' \
		ctrl dump xdp_stats
	json '.[0] | .ifname == "lo" and .mode == "none" and .features == [] and .stats == {}' \
		ctrl xdp show dev lo
	json '.[0].value | .mode == "BPF_CTRL_XDP_MODE_NONE" and .rings.num == 0' \
		ctrl dump xdp_attr key lo
	refuses "can't look up key '0' of xdp_attr: no such key" dump xdp_attr key 0
	json 'type == "array"' ctrl xdp show
	try bpftool ctrl xdp stats
	[ "$status" = 0 ] && [ -z "$out" ] || show
	[ "$err" = "XDP is counted while this is on: bpftool ctrl xdp set stats on" ] || show
}

@test "test_host_names_the_series_where_it_takes_that" {
	refuses "this kernel has no BPF control maps (BPF_MAP_TYPE_CONTROL), which socket_filter needs: $SERIES" \
		socket show
	refuses "can't set metadata of device 'lo': it takes a kernel with control maps: $SERIES" \
		xdp set metadata dev lo on
	refuses "device 'lo' has no metadata: it takes a kernel with control maps: $SERIES" \
		xdp metadata dev lo
	refuses "can't set redirect rings of device 'lo': to set their size takes a kernel with control maps: $SERIES" \
		xdp set redirect-rings dev lo num 1 size 4
	refuses "can't pin xdp_attr: it takes a kernel with control maps: $SERIES" \
		pin xdp_attr /sys/fs/bpf/lost
	refuses "no control type 'socket_filter' in this kernel, it has: registry, xdp_stats, xdp_attr, kprobe, cgroup" \
		dump socket_filter
	refuses "control type xdp_stats is read-only" set xdp_stats key lo packets 1
	refuses "can't set redirect rings of device 'lo': its driver has no XDP, or this kernel does not tell (Linux 6.3 and later do)" \
		xdp set redirect-rings dev lo num 1
}

@test "test_host_counting_takes_capabilities" {
	local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)

	[ "$(id -u)" = 0 ] || nobody=()
	try "${nobody[@]}" bpftool ctrl xdp set stats on
	[ "$status" != 0 ] && [ -z "$out" ] || show
	[ "$err" = "Error: can't count XDP: it takes CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON" ] || show
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
	works bpftool -j feature probe kernel unprivileged
	jq -e '.map_types.have_control_map_type == false' <<< "$out" > /dev/null || show
}
