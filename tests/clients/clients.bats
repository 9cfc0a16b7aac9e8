#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Programs that were made before there were control maps: the distribution's bpftool, and
# what is linked with its libbpf. And jq on what our bpftool prints.

load ../lib/traffic

STOCK=/usr/sbin/bpftool
PIN=$BPF/clients_pin

# Three devices with three kinds of traffic.
setup_file()
{
	local n

	namespaces src
	load_programs
	bpftool ctrl pin xdp_stats "$PIN"
	for n in 0 1 2; do
		pair "c$n" "src/s$n"
	done
	ip link set c0 xdpdrv pinned "$PROGS/drop"
	ip link set c1 xdpdrv pinned "$PROGS/pass"
	ip link set c2 xdpdrv pinned "$PROGS/as_told"
	frames 100 100 src/s0
	frames 300 60 src/s1
	frames -a 1 20 1000 src/s2
	frames -a 0 10 1000 src/s2
}

setup()
{
	id=$(bpftool -j map show pinned "$PIN" | jq .id)
	index=$(< /sys/class/net/c0/ifindex)
}

# like_ours FILE: in it are the keys and values that our bpftool prints, and each value has
# the mask of valid counters besides, which ours uses itself.
like_ours()
{
	bpftool -j ctrl dump xdp_stats > "$BATS_TEST_TMPDIR/ours"
	jq -n --slurpfile stock "$1" --slurpfile ours "$BATS_TEST_TMPDIR/ours" '
		($stock[0] | map(.formatted | { key, value: (.value | del(.valid)) })) as $stock |
		($ours[0] | map({ key, value })) as $ours |
		if $stock == $ours and ($ours | length > 3) then true
		else "\($stock)\n\($ours)\n" | halt_error end' > /dev/null
}

@test "test_clients_are_those_of_the_distribution" {
	[ "$(dpkg-query -S "$STOCK")" = "bpftool: $STOCK" ]
	run $STOCK ctrl list
	[ "$status" != 0 ]
	run ldd "$CLIENTS/dump_any"
	[ "$status" = 0 ]
	[[ $output == *"libbpf.so.1 => /lib/x86_64-linux-gnu/"* ]]
	run grep bpf_ctrl.h "$TOP"/tests/clients/*.c
	[ "$status" = 1 ]
}

@test "test_clients_unknown_control_type_fails" {
	run "$CLIENTS/dump_any" single 12345
	[ "$output" = "dump_any: can't create a control map of type 12345: Operation not supported" ]
	[ "$status" = 1 ]
}

@test "test_clients_bpftool_dumps_a_pin" {
	$STOCK -j map dump pinned "$PIN" > "$BATS_TEST_TMPDIR/stock"
	like_ours "$BATS_TEST_TMPDIR/stock"
	jq -e --argjson index "$index" 'map(.formatted | select(.key == $index).value)[0] |
		.packets == 100 and .bytes == 10000 and .drop == 100' "$BATS_TEST_TMPDIR/stock"
}

@test "test_clients_bpftool_dumps_by_id" {
	$STOCK -j map dump id "$id" > "$BATS_TEST_TMPDIR/stock"
	like_ours "$BATS_TEST_TMPDIR/stock"
}

@test "test_clients_bpftool_dumps_by_name" {
	$STOCK -j map dump name xdp_stats > "$BATS_TEST_TMPDIR/stock"
	like_ours "$BATS_TEST_TMPDIR/stock"
}

@test "test_clients_bpftool_prints_for_people" {
	run $STOCK map lookup pinned "$PIN" key "$index" 0 0 0
	[ "$status" = 0 ]
	[ "$output" = "{
    \"key\": $index,
    \"value\": {
        \"valid\": 8191,
        \"packets\": 100,
        \"bytes\": 10000,
        \"aborted\": 0,
        \"drop\": 100,
        \"pass\": 0,
        \"tx\": 0,
        \"redirect\": 0,
        \"redirect_errors\": 0,
        \"invalid\": 0,
        \"xmit_packets\": 0,
        \"xmit_bytes\": 0,
        \"xmit_drops\": 0,
        \"redirect_other\": 0
    }
}" ]
}

@test "test_clients_bpftool_prints_enums_and_names_of_the_registry" {
	bpftool ctrl pin registry "$BPF/clients_registry"
	$STOCK -j map dump pinned "$BPF/clients_registry" > "$BATS_TEST_TMPDIR/stock"
	rm "$BPF/clients_registry"
	jq -e 'map(.formatted | select(.value.name == "xdp_stats")) | length == 1 and
		(.[0] | .key == 1 and .value.scope == "BPF_CTRL_SCOPE_NETNS" and
		 .value.value_type == "bpf_ctrl_xdp_stats")' "$BATS_TEST_TMPDIR/stock"
}

@test "test_clients_bpftool_lists_the_map" {
	$STOCK -j map show id "$id" > "$BATS_TEST_TMPDIR/map"
	jq -e --argjson id "$id" '.id == $id and .type == 60 and .bytes_key == 4 and
		.bytes_value == 112 and .btf_id > 0' "$BATS_TEST_TMPDIR/map"
}

# What it prints is C, and the struct is as large as the values are.
@test "test_clients_bpftool_writes_a_header" {
	$STOCK btf dump map pinned "$PIN" format c > "$BATS_TEST_TMPDIR/stats.h"
	cat > "$BATS_TEST_TMPDIR/stats.c" <<- C
		#include "stats.h"
		_Static_assert(sizeof(struct bpf_ctrl_xdp_stats) == 112, "size");
		_Static_assert(__builtin_offsetof(struct bpf_ctrl_xdp_stats, drop) == 32, "offset");
		bpf_ctrl_ifindex_t key;
	C
	gcc -Wall -Wextra -Werror -Wno-unknown-pragmas -fsyntax-only "$BATS_TEST_TMPDIR/stats.c"
	run $STOCK btf dump map pinned "$PIN" kv
	[ "$status" = 0 ]
	[[ $output == *"TYPEDEF 'bpf_ctrl_ifindex_t'"*"STRUCT 'bpf_ctrl_xdp_stats' size=112 vlen=14"* ]]
}

@test "test_clients_ten_lines" {
	bpftool -j ctrl dump xdp_stats |
		jq -r '.[] | "\(.key) \(.value.packets) \(.value.drop)"' > "$BATS_TEST_TMPDIR/ours"
	"$CLIENTS/ten_lines" | diff "$BATS_TEST_TMPDIR/ours" -
	grep -x "$index 100 100" "$BATS_TEST_TMPDIR/ours"
}

@test "test_clients_libbpf_single_and_batch" {
	local type

	for type in 0 1; do
		"$CLIENTS/dump_any" single $type > "$BATS_TEST_TMPDIR/single"
		"$CLIENTS/dump_any" batch $type | diff "$BATS_TEST_TMPDIR/single" -
		[ "$(wc -l < "$BATS_TEST_TMPDIR/single")" -gt 1 ]
	done
	[ "$(wc -l < "$BATS_TEST_TMPDIR/single")" = "$(find /sys/class/net/ -type l | wc -l)" ]
	grep -qF "(bpf_ctrl_ifindex_t)$index: (struct bpf_ctrl_xdp_stats){.valid = (bpf_ctrl_valid_t)8191,.packets = (__u64)100,.bytes = (__u64)10000," \
		"$BATS_TEST_TMPDIR/single"
}

@test "test_clients_cat_of_the_pin" {
	run cat "$PIN"
	[ "$status" = 0 ]
	[[ $output == *$'\n'"$index: (struct bpf_ctrl_xdp_stats){"*".packets = (__u64)100,"*".drop = (__u64)100,"* ]]
}

# example EXPECTED FILTER: jq prints it about the devices of this test.
example()
{
	local printed

	printed=$(jq -r "$2" "$BATS_FILE_TMPDIR/json")
	[ "$printed" = "$1" ] || fail "$printed"
}

# shellcheck disable=SC2016 # $dev is jq's
@test "test_clients_jq_examples" {
	bpftool -j ctrl xdp stats > "$BATS_FILE_TMPDIR/json"
	# top talkers
	example $'c2\t30000\nc1\t18000\nc0\t10000' \
		'sort_by(-.stats.bytes)[] | [.ifname, .stats.bytes] | @tsv'
	# devices that drop, and how much of what they get, in percent
	example $'c0 100\nc2 66' \
		'.[] | select(.stats.drop > 0) | "\(.ifname) \(.stats.drop * 100 / .stats.packets | floor)"'
	# errors anywhere?
	example 'c2: aborted 10' '.[] | .ifname as $dev | .stats | to_entries[] |
		select(.value > 0 and (.key | IN("aborted", "invalid", "redirect_errors", "xmit_drops"))) |
		"\($dev): \(.key) \(.value)"'
	# a total
	example 430 'map(.stats.packets) | add'

	bpftool -j ctrl dump xdp_stats > "$BATS_FILE_TMPDIR/json"
	example 'c1 300' 'max_by(.value.packets) | "\(.ifname) \(.value.packets)"'
	bpftool -j ctrl xdp show > "$BATS_FILE_TMPDIR/json"
	example $'c0 native\nc1 native\nc2 native' '.[] | select(.prog_id) | "\(.ifname) \(.mode)"'
}

# Programs built with the headers of later kernels know more types of maps (34 and 35 of 7.3
# here). What a kernel lacks is refused, and what it has is that and no control map.
@test "test_clients_of_later_kernels_get_no_control_map" {
	local -A wanted=([6]="Invalid argument" [7]=$'type 34\ntype 35\nInvalid argument')
	local release

	release=$(uname -r)
	run "$CLIENTS/newer_types"
	[ "$status" = 0 ] && [ "$output" = "${wanted[${release%%.*}]}" ] || fail "$output"
}
