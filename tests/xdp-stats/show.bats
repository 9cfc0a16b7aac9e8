#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um debian-6.12 debian-7.3
#
# bpftool ctrl xdp { show | list | stats }

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

setup_file()
{
	bpftool ctrl xdp set stats on
	prog xdpdrop 1
	prog xdppass 2
	pair xdp0 xdp1
	sender xdp1
	ip link add idle0 type dummy
	bpftool net attach xdpdrv pinned /sys/fs/bpf/xdpdrop dev xdp0
	send 5
}

setup()
{
	ifindex=$(< /sys/class/net/xdp0/ifindex)
	drop_id=$(bpftool -j prog show pinned /sys/fs/bpf/xdpdrop | jq .id)
	pass_id=$(bpftool -j prog show pinned /sys/fs/bpf/xdppass | jq .id)
}

# A fallback counts neither the bytes of what is sent nor what is redirected to no device.
@test "test_xdp_stats_json_has_devices_that_ran_xdp" {
	json "map(del(.stats.xmit_bytes, .stats.redirect_other)) == [{
		ifindex: $ifindex, ifname: \"xdp0\",
		stats: {
			packets: 5, bytes: 215, aborted: 0, drop: 5, pass: 0, tx: 0,
			redirect: 0, redirect_errors: 0, invalid: 0,
			xmit_packets: 0, xmit_drops: 0
		}
	}]" ctrl xdp stats
}

@test "test_xdp_stats_all_has_every_device" {
	local names

	names=$(find /sys/class/net/ -type l -printf '%f\n' | jq -Rcs 'split("\n")[:-1] | sort')
	json "map(.ifname) | sort == $names" ctrl xdp stats all
	json "map(.ifname) | sort == $names" ctrl xdp show all
	json 'map(.ifindex) | . == sort' ctrl xdp stats all
}

@test "test_xdp_stats_one_device" {
	json 'map(.ifname) == [ "xdp0" ]' ctrl xdp stats dev xdp0
	# asked for by name, it is shown even if it never ran XDP
	json 'length == 1 and .[0].ifname == "idle0" and .[0].stats.packets == 0' \
		ctrl xdp stats dev idle0
	works bpftool ctrl xdp stats dev idle0
	[ "$(wc -l <<< "$out")" = 2 ] || show
}

# bats test_tags=patch
@test "test_xdp_stats_plain" {
	works bpftool ctrl xdp stats
	[ "$out" = "\
DEV   PACKETS  BYTES  ABORTED  DROP  PASS  TX  REDIRECT  REDIR-ERR  INVALID  XMIT  XMIT-BYTES  XMIT-DROP  REDIR-OTHER
xdp0        5    215        0     5     0   0         0          0        0     0           0          0            0" ] || show
}

@test "test_xdp_tables_are_aligned" {
	ip link add a_rather_long0 type dummy
	works bpftool ctrl xdp stats all
	ip link del a_rather_long0
	# every line is as long as the header, and no line ends in a blank
	[ "$(awk '{ print length }' <<< "$out" | sort -u | wc -l)" = 1 ] || show
	! grep -q ' $' <<< "$out" || show
	[ "$(wc -l <<< "$out")" = "$(($(find /sys/class/net/ -type l | wc -l) + 2))" ] || show
}

@test "test_xdp_show_json_native" {
	json "length == 1 and (.[0] | .ifindex == $ifindex and .ifname == \"xdp0\" and
		.mode == \"native\" and .prog_id == $drop_id and .stats.drop == 5 and
		(.features | index(\"basic\") and index(\"redirect\")))" ctrl xdp show
}

@test "test_xdp_show_none_has_no_program" {
	json '.[0] | .mode == "none" and (has("prog_id") or has("progs") | not)' \
		ctrl xdp show dev idle0
}

@test "test_xdp_show_generic" {
	bpftool net attach xdpgeneric pinned /sys/fs/bpf/xdppass dev idle0
	json ".[0] | .mode == \"generic\" and .prog_id == $pass_id" ctrl xdp show dev idle0
	# a program, but no packets: shown without "all", too
	json 'map(.ifname) | index("idle0")' ctrl xdp show
	json 'map(.ifname) | index("idle0") | not' ctrl xdp stats
	bpftool net detach xdpgeneric dev idle0
}

# bats test_tags=patch
@test "test_xdp_show_offload_multi_and_what_is_not_counted" {
	local sim hw_id

	echo "10 1" > /sys/bus/netdevsim/new_device
	sim=$(ls /sys/bus/netdevsim/devices/netdevsim10/net)
	bpftool prog load "$BATS_FILE_TMPDIR/xdppass.o" /sys/fs/bpf/xdphw type xdp offload_dev "$sim"
	hw_id=$(bpftool -j prog show pinned /sys/fs/bpf/xdphw | jq .id)

	bpftool net attach xdpoffload pinned /sys/fs/bpf/xdphw dev "$sim"
	json ".[0] | .mode == \"offload\" and .prog_id == $hw_id and .features - [ \"basic\" ] == [ \"hw-offload\" ]" \
		ctrl xdp show dev "$sim"
	# what runs in the hardware is not seen: not 0, but left out
	json '.[0].stats == { xmit_packets: 0, xmit_bytes: 0, xmit_drops: 0 }' \
		ctrl xdp stats dev "$sim"
	json '.[0].value == { xmit_packets: 0, xmit_bytes: 0, xmit_drops: 0 }' \
		ctrl dump xdp_stats key "$sim"
	works bpftool ctrl dump xdp_stats key "$sim"
	[ "$(tail -n 1 <<< "$out")" = "	xmit_packets 0  xmit_bytes 0  xmit_drops 0" ] || show
	works bpftool ctrl xdp stats dev "$sim"
	[[ $out =~ $'\n'"$sim"(\ +-){9}(\ +0){3}\ +-$ ]] || show

	bpftool net attach xdpdrv pinned /sys/fs/bpf/xdppass dev "$sim"
	json ".[0] | .mode == \"multi\" and (has(\"prog_id\") | not) and (.progs | map(del(.prog_tag))) == [
		{ mode: \"native\", prog_id: $pass_id, prog_name: \"xdppass\" },
		{ mode: \"offload\", prog_id: $hw_id, prog_name: \"xdppass\" }
	]" ctrl xdp show dev "$sim"
	works bpftool ctrl xdp show dev "$sim"
	[[ $out == *"  multi  $pass_id,$hw_id "* ]] || show
	echo 10 > /sys/bus/netdevsim/del_device
}

# bats test_tags=patch
@test "test_xdp_show_plain" {
	works bpftool ctrl xdp show
	[[ $out == "DEV   MODE    "*"PROG  NAME     TAG               PACKETS  BYTES  DROP  PASS  TX  REDIRECT  XMIT  MD   RINGS  FEATURES"* ]] || show
	[[ $out == *"xdp0  native  "*"5    215     5     0   0         0     0  off      0  basic,redirect"* ]] || show
	[[ $out == *" xdpdrop  $(bpftool -j prog show pinned /sys/fs/bpf/xdpdrop | jq -r .tag)  "* ]] || show
	json '.[0] | .prog_name == "xdpdrop" and (.prog_tag | length) == 16' ctrl xdp show dev xdp0
	works bpftool ctrl xdp list
	list=$out
	works bpftool ctrl xdp
	[ "$out" = "$list" ] || show
}

@test "test_xdp_in_another_netns" {
	ip netns add other
	try ip netns exec other bpftool -j ctrl xdp stats all
	ip netns del other
	[ "$status" = 0 ]
	jq -e 'map(.ifname) | index("lo") and (index("xdp0") | not)' <<< "$out" > /dev/null || show
}

@test "test_xdp_renamed_device" {
	ip link add old0 type dummy
	ip link set old0 name new0
	json 'map(.ifname) | index("new0") and (index("old0") | not)' ctrl xdp show all
	json '.[0].ifname == "new0"' ctrl xdp stats dev new0
	ip link del new0
}

@test "test_xdp_large_numbers_are_short" {
	local id=$ifindex

	send 300
	works bpftool ctrl xdp stats dev xdp0
	# 305 packets of 43 bytes
	[[ $out == *$'\n'"xdp0      305  13.1k "* ]] || show
	json ".[0].stats | .packets == 305 and .bytes == 13115" ctrl xdp stats dev xdp0
	[ "$id" = "$(< /sys/class/net/xdp0/ifindex)" ]
}

@test "test_xdp_in_a_batch" {
	printf 'ctrl xdp stats dev xdp0\nctrl xdp show all\nctrl xdp stats\n' > "$BATS_TEST_TMPDIR/batch"
	json 'map(.output | type) == [ "array", "array", "array" ]' batch file "$BATS_TEST_TMPDIR/batch"
	works bpftool batch file "$BATS_TEST_TMPDIR/batch"
	[ "$(grep -c ^DEV <<< "$out")" = 3 ] || show
}

@test "test_xdp_many_devices" {
	local i

	for ((i = 0; i < 1500; i++)); do
		echo "link add many$i type dummy"
	done | ip -batch -
	json 'length > 1500 and (map(.ifindex) | . == (sort | unique))' ctrl xdp stats all
	json 'length > 1500 and (map(select(.ifname | startswith("many"))) | length == 1500)' \
		ctrl xdp show all
	json 'length > 1500' ctrl dump xdp_stats
}
