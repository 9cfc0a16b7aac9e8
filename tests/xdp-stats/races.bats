#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um-debug um-7.3 x86_64
#
# Devices and namespaces that come and go while their statistics are read: every walk ends
# without an error, is in order and has those that stay.

load ../lib/traffic

setup_file()
{
	namespaces dut
	load_programs
	bpftool ctrl xdp set stats on
	# devices of which the one has the lowest ifindex of all and the other a high one
	ip -n dut link add first index 2000 up type dummy
	ip -n dut link add last index 2000000 up type dummy
	attach generic dut/first pass
}

# What ip does in turns in dut, until the batch is gone.
turmoil()
{
	while [ -e "$BATS_TEST_TMPDIR/batch" ]; do
		on dut ip -force -batch "$BATS_TEST_TMPDIR/batch"
	done
}

setup()
{
	all=$BATS_TEST_TMPDIR/all
}

teardown()
{
	rm -f "$BATS_TEST_TMPDIR/batch"
	wait
}

# during BATCH COMMAND...: run it 8 times while BATCH is done again and again. Their output, a
# line each, is in $all.
during()
{
	local i out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err

	printf '%s\n' "$1" > "$BATS_TEST_TMPDIR/batch"
	shift
	turmoil > /dev/null 2>&1 3>&- &
	: > "$all"
	for ((i = 0; i < 8; i++)); do
		{ on dut "$@" > "$out" 2> "$err" && [ ! -s "$err" ]; } || {
			fail "$* failed or has complaints: $(< "$err") $(< "$out")"
			return 1
		}
		cat "$out" >> "$all"
		echo >> "$all"
	done
	rm "$BATS_TEST_TMPDIR/batch"
	wait
	[ "$(grep -c . "$all")" = 8 ] || fail "not a line each"
}

# Of each of the 8: ascending keys, without repetition, with the devices that stay.
in_order()
{
	jq -es 'length == 8 and all(map(.key // .ifindex) | . == (sort | unique) and
		index(2000) and index(2000000))' "$all" > /dev/null || {
		cat "$all"
		return 1
	}
}

ADD_AND_DELETE=$(printf 'link add gone%d type dummy\n' {1..20}; printf 'link del gone%d\n' {1..20})
RENAME="link add a1 type dummy
link set a1 name a2
link set a2 name a1
link set a1 name a2
link del a2"

# What bpftool makes of ENODEV, without a word.
GONE=$((256 - 19))

@test "test_races_a_walk_that_fails_is_noticed" {
	run during "$ADD_AND_DELETE" bpftool -j ctrl dump nonsense
	[ "$status" = 1 ]
	run during "$ADD_AND_DELETE" true
	[ "$status" = 1 ]
	printf '[{"key":2000},{"key":3},{"key":2000000}]\n%.0s' {1..8} > "$all"
	run in_order
	[ "$status" = 1 ]
}

@test "test_races_deleted_devices_dump" {
	during "$ADD_AND_DELETE" bpftool -j ctrl dump xdp_stats
	in_order
}

@test "test_races_deleted_devices_stats" {
	during "$ADD_AND_DELETE" bpftool -j ctrl xdp stats all
	in_order
}

@test "test_races_deleted_devices_show" {
	during "$ADD_AND_DELETE" bpftool -j ctrl xdp show all
	in_order
}

@test "test_races_renamed_devices" {
	during "$RENAME" bpftool -j ctrl xdp show all
	in_order
	jq -es 'all(all(.[].ifname; test("^(lo|sit0|first|last|a1|a2)$")))' "$all"
	during "$RENAME" bpftool -j ctrl dump xdp_stats
	in_order
}

@test "test_races_moved_devices" {
	ip netns add away
	during "link add m1 type dummy
link add m2 type dummy
link set m1 netns away
link set m2 netns away" bpftool -j ctrl dump xdp_stats
	in_order
	ip netns del away
}

@test "test_races_programs_come_and_go" {
	during "link set last xdpgeneric pinned $PROGS/pass
link set last xdpgeneric off" bpftool -j ctrl xdp show all
	in_order
	jq -es 'all(map(select(.ifname == "last"))[0] |
		.mode == "none" or (.mode == "generic" and .prog_id > 0))' "$all"
}

@test "test_races_cat_of_a_pin" {
	on dut bpftool ctrl pin xdp_stats "$BPF/races_pin"
	during "$ADD_AND_DELETE" sh -c "grep -v '^#' $BPF/races_pin | tr '\n' ' '"
	rm "$BPF/races_pin"
	# whole lines only, with those that stay
	[ -z "$(sed -E 's/[0-9]+: \(struct bpf_ctrl_xdp_stats\)\{[^{}:]*,\} //g' "$all" | tr -d '\n')" ]
	[ "$(grep -c ' 2000: .* 2000000: ' "$all")" = 8 ]
}

# The namespace goes although a map of it is pinned, and then the map is useless but harmless.
@test "test_races_deleted_netns_of_a_pin" {
	namespaces doomed
	ip -n doomed link add there type veth peer name here netns dut
	on doomed bpftool ctrl pin xdp_stats "$BPF/doomed_pin"
	bpftool -j map dump pinned "$BPF/doomed_pin" | jq -e 'length >= 2'
	grep -q . "$BPF/doomed_pin"
	ip netns del doomed
	# its end of the pair goes when the namespace does
	wait_for fails ip -n dut link show here

	run bpftool map lookup pinned "$BPF/doomed_pin" key 1 0 0 0
	[ "$status" != 0 ]
	[ "$output" = "Error: lookup failed: No such device" ]
	run bpftool -j map dump pinned "$BPF/doomed_pin"
	[ "$status" = "$GONE" ]
	[ "$output" = "[]" ]
	run grep -v '^#' "$BPF/doomed_pin"
	[ "$status" = 1 ]
	bpftool -j map show pinned "$BPF/doomed_pin" | jq -e '.type == "control"'
	rm "$BPF/doomed_pin"
	bpftool -j ctrl dump xdp_stats | jq -e 'length >= 1'
}

@test "test_races_netns_deleted_while_read" {
	local round i

	for round in 1 2 3; do
		ip netns add "doomed$round"
		printf 'link add d%d type dummy\n' {1..30} | ip -n "doomed$round" -batch -
		on "doomed$round" bpftool ctrl pin xdp_stats "$BPF/doomed_pin$round"
		ip netns del "doomed$round"
		for ((i = 0; i < 8; i++)); do
			run bpftool -j map dump pinned "$BPF/doomed_pin$round"
			[ "$status" = 0 ] || [ "$status" = "$GONE" ] || fail "$status: $output"
			jq -es . <<< "$output" > /dev/null
		done
		rm "$BPF/doomed_pin$round"
	done
}
