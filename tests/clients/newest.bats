#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
# needs: build/newest/versions
#
# Clients that are newer than the series, unmodified: what they print about control maps, for
# which they have no name.

# shellcheck disable=SC2154 # set by run
load ../lib/traffic
load ../lib/newest

PIN=$BPF/newest

# n0 has dropped 100 packets of 100 bytes; n1 has no program.
setup_file()
{
	namespaces src
	load_programs
	bpftool ctrl pin xdp_stats "$PIN"
	pair n0 src/s0
	pair n1 src/s1
	ip link set n0 xdpdrv pinned "$PROGS/drop"
	frames 100 100 src/s0
	enter_newest
}

setup()
{
	id=$(bpftool -j map show pinned "$PIN" | jq .id)
	index=$(< /sys/class/net/n0/ifindex)
	ours=$BATS_TEST_TMPDIR/ours
	bpftool -j ctrl dump xdp_stats > "$ours"
}

# packets: each key and its packets, as our bpftool prints them
packets()
{
	jq -r '.[] | "\(.key) \(.value.packets)"' "$ours"
}

@test "test_newest_clients_are_as_new_as_the_newest_base" {
	at_least bpftool 7.8.0
	at_least libbpf1 1.7.0
	at_least python3-bpfcc 0.37
	at_least golang-github-cilium-ebpf-dev 0.22
	at_least xdp-tools 1.6
	at_least iproute2 7.3
	at_least strace 7.2
	run newest bpftool ctrl list
	[ "$status" != 0 ]
}

@test "test_newest_bpftool_lists_the_number_of_the_type" {
	run newest bpftool map list
	[ "$status" = 0 ]
	grep -q "^$id: type 60  name xdp_stats  flags 0x0 *$" <<< "$output"
	[[ $output != *insn_array* ]]
	newest bpftool -j map show pinned "$PIN" > "$BATS_TEST_TMPDIR/map"
	jq -e --argjson id "$id" '.id == $id and .type == 60 and .bytes_key == 4 and
		.bytes_value == 112 and .btf_id > 0' "$BATS_TEST_TMPDIR/map"
}

@test "test_newest_bpftool_dumps" {
	local map

	for map in "pinned $PIN" "id $id" "name xdp_stats"; do
		# shellcheck disable=SC2086 # words
		newest bpftool -j map dump $map > "$BATS_TEST_TMPDIR/dump"
		jq 'map(.formatted | { key, value: (.value | del(.valid)) })' \
			"$BATS_TEST_TMPDIR/dump" > "$BATS_TEST_TMPDIR/dumped"
		jq 'map({ key, value })' "$ours" | diff - "$BATS_TEST_TMPDIR/dumped"
	done
	grep -q '"packets": 100,' "$BATS_TEST_TMPDIR/dumped"
}

@test "test_newest_bpftool_looks_up" {
	newest bpftool map lookup pinned "$PIN" key "$index" 0 0 0 > "$BATS_TEST_TMPDIR/value"
	jq -e '.value | .packets == 100 and .bytes == 10000 and .drop == 100' \
		"$BATS_TEST_TMPDIR/value"
	run newest bpftool map lookup pinned "$PIN" key 255 255 255 127
	[ "$status" != 0 ]
	[[ $output == *"Not found"* ]] || fail "$output"
}

@test "test_newest_bpftool_pins" {
	newest bpftool map pin id "$id" "${PIN}_again"
	run cat "${PIN}_again"
	rm "${PIN}_again"
	[ "$status" = 0 ]
	[[ $output == *"$index: (struct bpf_ctrl_xdp_stats){"*".packets = (__u64)100,"* ]]
}

# What it probes for are the types that it knows.
@test "test_newest_bpftool_probes_for_no_more_than_it_knows" {
	local since_6_19=false

	[[ $CTRL_TEST_KERNEL != *-7.3 ]] || since_6_19=true
	newest bpftool -j feature probe kernel > "$BATS_TEST_TMPDIR/probe"
	jq -e --argjson newer "$since_6_19" '.map_types |
		.have_hash_map_type and .have_insn_array_map_type == $newer and
		(keys | map(select(test("control|60"))) == [])' "$BATS_TEST_TMPDIR/probe"
}

@test "test_newest_bpftool_writes_a_header" {
	newest bpftool btf dump map pinned "$PIN" format c > "$BATS_TEST_TMPDIR/stats.h"
	cat > "$BATS_TEST_TMPDIR/stats.c" <<- C
		#include "stats.h"
		_Static_assert(sizeof(struct bpf_ctrl_xdp_stats) == 112, "size");
		bpf_ctrl_ifindex_t key;
	C
	gcc -Wall -Wextra -Werror -Wno-unknown-pragmas -fsyntax-only "$BATS_TEST_TMPDIR/stats.c"
}

# Linked with the distribution's when it was built.
@test "test_newest_libbpf_reads_and_writes" {
	local how

	run newest /usr/lib64/ld-linux-x86-64.so.2 --list "$CLIENTS/dump_any"
	[ "$status" = 0 ]
	[[ $output == *"libbpf.so.1 => /lib/x86_64-linux-gnu/"* ]]
	"$CLIENTS/dump_any" single 1 > "$BATS_TEST_TMPDIR/distribution"
	for how in single batch; do
		newest "$CLIENTS/dump_any" $how 1 | diff "$BATS_TEST_TMPDIR/distribution" -
	done
	grep -q ".packets = (__u64)100," "$BATS_TEST_TMPDIR/distribution"
	newest "$CLIENTS/ten_lines" > "$BATS_TEST_TMPDIR/lines"
	grep -x "$index 100 100" "$BATS_TEST_TMPDIR/lines"
}

@test "test_newest_cilium_ebpf_iterates" {
	run "$CLIENTS/cilium_ebpf" "$PIN" packets
	[ "$status" = 0 ]
	[ "$output" = "60 xdp_stats 4 112"$'\n'"$(packets)" ] || fail "$output"
	grep -x "$index 100" <<< "$output"
}

@test "test_newest_bcc_iterates" {
	run newest python3 "$TOP/tests/clients/bcc_table.py" "$PIN" 4 112 8
	[ "$status" = 0 ]
	[ "$output" = "$(packets)" ] || fail "$output"
	grep -x "$index 100" <<< "$output"
}

@test "test_newest_strace_shows_number_and_control_type" {
	newest strace -e trace=bpf -o /tmp/newest.strace "$CLIENTS/dump_any" single 1
	mv /tmp/newest.strace "$BATS_TEST_TMPDIR/strace"
	grep -qF "bpf(BPF_MAP_CREATE, {map_type=0x3c /* BPF_MAP_TYPE_??? */, key_size=0, value_size=0, max_entries=1, map_flags=0, inner_map_fd=0, map_name=\"any\"," \
		"$BATS_TEST_TMPDIR/strace"
	grep -qE '^bpf\(BPF_MAP_CREATE, .* map_extra=1,.*\) = [0-9]+$' "$BATS_TEST_TMPDIR/strace"
}

@test "test_newest_iproute2_and_ctrl_know_the_same_program" {
	local prog

	newest ip link set n1 xdpdrv pinned "$PROGS/pass"
	prog=$(newest ip -j link show n1 | jq '.[].xdp.prog.id')
	bpftool -j ctrl xdp show dev n1 > "$BATS_TEST_TMPDIR/show"
	newest ip link set n1 xdpdrv off
	[ "$prog" -gt 0 ]
	jq -e --argjson prog "$prog" '.[0] | .mode == "native" and .prog_id == $prog' \
		"$BATS_TEST_TMPDIR/show"
}

# can_be_redirected_to DEV yes|no: what xdp-tools say
can_be_redirected_to()
{
	newest xdp-loader features "$1" > "$BATS_TEST_TMPDIR/features"
	grep -qE "^NETDEV_XDP_ACT_NDO_XMIT:[[:space:]]+$2$" "$BATS_TEST_TMPDIR/features"
}

@test "test_newest_xdp_tools_see_redirect_rings" {
	can_be_redirected_to n1 no
	bpftool ctrl xdp set redirect-rings dev n1 num 1
	can_be_redirected_to n1 yes
	bpftool ctrl xdp set redirect-rings dev n1 num 0
	can_be_redirected_to n1 no
}

@test "test_newest_xdp_tools_show_the_program" {
	run newest xdp-loader status n0
	[ "$status" = 0 ]
	grep -qE "^n0 +drop +native +$(bpftool -j ctrl xdp show dev n0 | jq '.[0].prog_id') " <<< "$output" ||
		fail "$output"
}
