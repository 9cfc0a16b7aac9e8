#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um debian-6.12 debian-7.3
#
# bpftool ctrl dump TYPE [key KEY]

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

COUNTERS='["packets","bytes","aborted","drop","pass","tx","redirect","redirect_errors","invalid","xmit_packets","xmit_bytes","xmit_drops","redirect_other"]'

setup_file()
{
	bpftool ctrl xdp set stats on
	prog dumpdrop 1
	pair dump0 dump1
	sender dump1
	bpftool net attach xdpdrv pinned /sys/fs/bpf/dumpdrop dev dump0
	send 5
}

setup()
{
	ifindex=$(< /sys/class/net/dump0/ifindex)
}

# bats test_tags=patch
@test "test_dump_one_key_by_name_or_number" {
	local want="[{
		type: \"xdp_stats\", key: $ifindex, ifname: \"dump0\",
		value: {
			packets: 5, bytes: 215, aborted: 0, drop: 5, pass: 0, tx: 0,
			redirect: 0, redirect_errors: 0, invalid: 0,
			xmit_packets: 0, xmit_bytes: 0, xmit_drops: 0, redirect_other: 0
		}
	}]"

	json ". == $want" ctrl dump xdp_stats key dump0
	json ". == $want" ctrl dump xdp_stats key "$ifindex"
}

@test "test_dump_numbers_are_decimal_or_hex_never_octal" {
	ip link add dump26 index 26 type dummy
	for word in 26 0x1a 0X1A 026; do
		json '.[0].key == 26 and .[0].ifname == "dump26"' ctrl dump xdp_stats key $word
	done
	ip link del dump26
}

# bats test_tags=patch
@test "test_dump_counters_in_order_and_no_mask" {
	json ".[0].value | keys_unsorted == $COUNTERS" ctrl dump xdp_stats key dump0
}

@test "test_dump_all_devices_in_order" {
	local devices

	devices=$(cat /sys/class/net/*/ifindex | sort -n | jq -cs .)
	json "map(.key) == $devices" ctrl dump xdp_stats
	json 'all(.type == "xdp_stats")' ctrl dump xdp_stats
	json 'map(select(.ifname == "dump0"))[0].value.drop == 5' ctrl dump xdp_stats
}

# bats test_tags=patch
@test "test_dump_plain" {
	works bpftool ctrl dump xdp_stats key dump0
	[ "$out" = "$ifindex: dump0
	packets 5  bytes 215  aborted 0  drop 5  pass 0  tx 0  redirect 0
	redirect_errors 0  invalid 0  xmit_packets 0  xmit_bytes 0  xmit_drops 0
	redirect_other 0" ] || show
}

@test "test_dump_plain_all" {
	works bpftool ctrl dump xdp_stats
	[ "$(grep -c '^[0-9]*: ' <<< "$out")" = "$(find /sys/class/net/ -type l | wc -l)" ] || show
	grep -qx "$ifindex: dump0" <<< "$out" || show
	grep -qx "1: lo" <<< "$out" || show
}

@test "test_dump_enums_by_name_and_keys_without_interface" {
	json 'length == 1 and (.[0] | .key == 1 and (has("ifname") | not) and
		.value.name == "xdp_stats" and .value.scope == "BPF_CTRL_SCOPE_NETNS")' \
		ctrl dump registry key 1
	works bpftool ctrl dump registry key 1
	[[ $out == "1:
	"*"name xdp_stats "*"scope BPF_CTRL_SCOPE_NETNS"* ]] || show
}

@test "test_dump_device_named_like_a_number_goes_by_number" {
	ip link add 1 type dummy
	json '.[0].ifname == "lo"' ctrl dump xdp_stats key 1
	ip link del 1
}

@test "test_dump_gone_device" {
	ip link add gone0 type dummy
	local gone
	gone=$(< /sys/class/net/gone0/ifindex)
	ip link del gone0
	refuses "can't look up key '$gone' of xdp_stats: no such key" dump xdp_stats key "$gone"
}

# bats test_tags=patch
@test "test_dump_same_as_map_dump_of_a_pin" {
	local plain='map(.formatted | { key, value: (.value | del(.valid)) })'

	bpftool ctrl pin xdp_stats /sys/fs/bpf/dump_test
	works bpftool -j map dump pinned /sys/fs/bpf/dump_test
	jq -e "$plain" <<< "$out" > "$BATS_TEST_TMPDIR/map"
	rm /sys/fs/bpf/dump_test
	works bpftool -j ctrl dump xdp_stats
	jq -e 'map({ key, value })' <<< "$out" > "$BATS_TEST_TMPDIR/ctrl"
	diff "$BATS_TEST_TMPDIR/map" "$BATS_TEST_TMPDIR/ctrl"
}

@test "test_dump_in_a_batch" {
	printf 'ctrl list\nctrl dump xdp_stats key dump0\nctrl dump registry\nctrl dump xdp_stats key lo\n' \
		> "$BATS_TEST_TMPDIR/batch"
	json 'length == 4 and .[1].output[0].value.drop == 5 and .[3].output[0].ifname == "lo" and
		(.[2].output | length > 2)' batch file "$BATS_TEST_TMPDIR/batch"
	works bpftool batch file "$BATS_TEST_TMPDIR/batch"
	[[ $out == *"processed 4 commands" ]] || show
}

@test "test_pretty_json_is_the_same_in_lines" {
	local command

	for command in "list" "dump xdp_stats" "xdp show" "schema xdp_stats format json"; do
		# shellcheck disable=SC2086 # words
		works bpftool -p ctrl $command
		[ "$(wc -l <<< "$out")" -gt 1 ] || show
		# shellcheck disable=SC2086
		diff <(jq -S . <<< "$out") <(bpftool -j ctrl $command | jq -S .)
	done
}
