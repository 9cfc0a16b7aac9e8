#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# What is in front of packets, for every reader that comes after.

load ../lib/metadata

# Of all packets; with a hash of addresses and ports, and a time that veth knows but does not
# tell: 0.
HASH='.md.rx_hash > 0 and .md.rx_hash_type == 8 and .md.rx_timestamp == 0'
NO_VLAN=".md.valid == 2 and .md.size == 32 and .md.reserved == 0 and $HASH and .md.vlan_proto == 0 and .md.vlan_tci == 0"

# all N: N packets were seen, all with metadata
all()
{
	seen ".packets == $1 and .with_md == $1 and .meta_len == 32"
}

none()
{
	seen ".packets == $1 and .with_md == 0 and .meta_len == 0"
}

@test "test_metadata_header_compiles_on_its_own" {
	cat > "$BATS_TEST_TMPDIR/a.c" <<-C
	#include "xdp_metadata.h"
	#include "xdp_metadata.h"
	_Static_assert(sizeof(struct bpf_ctrl_xdp_rx_md) == 32, "size");
	int valid = BPF_CTRL_XDP_MD_RX_VLAN | BPF_CTRL_XDP_RSS_L4_UDP;
	C
	gcc -std=c11 -Wall -Wextra -Werror -I "$BATS_FILE_TMPDIR" -c "$BATS_TEST_TMPDIR/a.c" -o /dev/null
}

@test "test_metadata_none_unless_enabled" {
	attach native dut/d0 look_drop
	send 10
	none 10
	metadata dut/d0 on
	send 10
	seen ".packets == 20 and .with_md == 10 and $NO_VLAN"
	metadata dut/d0 off
	send 10
	seen ".packets == 30 and .with_md == 10 and .meta_len == 0"
}

@test "test_metadata_of_this_device_only" {
	pair src/s1 dut/d1
	attach native dut/d0 look_drop
	metadata dut/d1 on
	send 10
	none 10
	remove src/s1
}

@test "test_metadata_af_xdp" {
	local out=$BATS_TEST_TMPDIR/out

	metadata dut/d0 on
	attach native dut/d0 to_sock
	on dut xskmd d0 "$MAPS/socks" 10 > "$out" 3>&- &
	wait_for test -s "$out"
	send 5
	send 5 198.51.100.2
	wait $!
	all 10
	tail -n +2 "$out" | jq -es 'length == 10 and (.[:5] | all(.valid == 2 and .rx_hash > 0 and
		.rx_hash_type == 8 and .vlan_tci == 0 and .len == 43)) and (.[5:] | all(.valid == 6 and
		.rx_hash > 0 and .vlan_proto == 33024 and .vlan_tci == 7 and .len == 43))'
	# of the last packet: what the program saw and what the socket got
	seen ".md.rx_hash == $(tail -n 1 "$out" | jq .rx_hash)"
}

@test "test_metadata_cpumap" {
	metadata dut/d0 on
	setmap "$MAPS/cpus" 0 192 "$PROGS/look_cpu"
	attach native dut/d0 to_cpu
	send 10
	all 10
	seen "$NO_VLAN"
	metadata dut/d0 off
	send 10
	seen ".packets == 20 and .with_md == 10 and .meta_len == 0"
	bpftool map delete pinned "$MAPS/cpus" key 0 0 0 0
}

# The metadata of the device that the packet came from, also where there would be other.
@test "test_metadata_redirect" {
	pair dut/d1 dst/t1
	attach native dst/t1 look_drop
	metadata dut/d0 on
	attach native dut/d0 to_dev
	on dut setmap "$MAPS/target" 0 "$(ifindex dut/d1)"
	send 10
	all 10
	seen "$NO_VLAN"
	metadata dst/t1 on
	send 10
	all 20
	seen "$NO_VLAN"
	# veth knows nothing of a packet that was redirected to its peer
	metadata dut/d0 off
	send 10
	all 30
	seen ".md == { reserved: 0, rx_hash_type: 0, rx_timestamp: 0, rx_hash: 0, vlan_proto: 0,
		vlan_tci: 0, valid: 0, size: 32, cookie: $(cookie_of dst/t1) }"
	remove dut/d1
}

@test "test_metadata_no_headroom" {
	pair dut/d1 dst/t1
	attach native dst/t1 look_drop
	metadata dst/t1 on
	attach native dut/d0 to_dev_no_headroom
	on dut setmap "$MAPS/target" 0 "$(ifindex dut/d1)"
	send 10
	none 10
	remove dut/d1
}

@test "test_metadata_largest_mtu" {
	local mtu

	attach native dut/d0 look_pass
	mtu=$(ip -n src -d -j link show s0 | jq '.[0].max_mtu')
	[ "$mtu" -gt 1500 ]
	[ "$mtu" -lt 4096 ]
	ip -n src link set s0 mtu "$mtu"
	ip -n dut link set d0 mtu "$mtu"
	metadata dut/d0 on
	frames 10 $((mtu + 14)) src/s0 dut/d0=10
	all 10
}

# look_tc DEV: for tc_sees
look_tc()
{
	on "${1%/*}" tc qdisc add dev "${1#*/}" clsact
	on "${1%/*}" tc filter add dev "${1#*/}" ingress bpf da pinned "$PROGS/look_tc"
}

# tc: what is left of it in skbs
tc_sees()
{
	forget
	send 10
	# if the XDP program looks, too, it comes first
	seen ".packets == ${2:-10} and .meta_len == $1"
}

@test "test_metadata_pass_strips_unless_kept" {
	look_tc dut/d0
	attach native dut/d0 pass
	tc_sees 0
	metadata dut/d0 on
	tc_sees 0
	metadata dut/d0 on keep
	tc_sees 32
	seen "$NO_VLAN"
	metadata dut/d0 off
	tc_sees 0
}

# What it calls bpf_xdp_adjust_meta() for is all that program's: it stays, kept or not.
@test "test_metadata_of_programs_that_adjust_it" {
	local keep

	look_tc dut/d0
	attach native dut/d0 on_top
	tc_sees 4 20
	for keep in '' keep; do
		# shellcheck disable=SC2086 # a word or none
		metadata dut/d0 on $keep
		tell dut/d0
		attach native dut/d0 on_top
		tc_sees 36 20
		# the program itself, and tc, see both
		seen ".fresh == 20 and $NO_VLAN"
		attach native dut/d0 remove
		tc_sees 0 20
		seen '.with_md == 0'
		attach native dut/d0 replace
		tc_sees 32
		seen '.with_md == 10 and .fresh == 0'
	done
}

@test "test_metadata_redirect_to_cpumap_strips_unless_kept" {
	setmap "$MAPS/cpus" 0 192
	look_tc dut/d0
	attach native dut/d0 to_cpu
	metadata dut/d0 on
	tc_sees 0
	metadata dut/d0 on keep
	tc_sees 32
	seen "$NO_VLAN"
	# a program there sees it in any case
	setmap "$MAPS/cpus" 0 192 "$PROGS/look_cpu"
	metadata dut/d0 on
	tc_sees 0 20
	seen ".with_md == 10 and $NO_VLAN"
	bpftool map delete pinned "$MAPS/cpus" key 0 0 0 0
}

@test "test_metadata_redirect_to_veth_strips_unless_kept" {
	pair dut/d1 dst/t1
	napi dst/t1
	look_tc dst/t1
	attach native dut/d0 to_dev
	on dut setmap "$MAPS/target" 0 "$(ifindex dut/d1)"
	metadata dut/d0 on
	tc_sees 0
	metadata dut/d0 on keep
	tc_sees 32
	seen "$NO_VLAN"
	# so it is of a packet that has met another program since, whatever that device keeps
	attach native dst/t1 pass
	metadata dst/t1 on keep
	tc_sees 32
	metadata dut/d0 on
	tc_sees 0
	attach native dst/t1 on_top
	tc_sees 36 20
	remove dut/d1
}

@test "test_metadata_moves_with_the_head" {
	metadata dut/d0 on
	attach native dut/d0 move_head
	send 10
	all 10
	seen "$NO_VLAN"
}

@test "test_metadata_generic_has_none" {
	metadata dut/d0 on
	attach generic dut/d0 look_drop
	send 10
	none 10
	detach generic dut/d0
	attach native dut/d0 look_drop
	send 10
	seen ".packets == 20 and .with_md == 10 and $NO_VLAN"
}

# kept DEV: it is on, and packets have it
kept()
{
	on "${1%/*}" bpftool -j ctrl xdp metadata dev "${1#*/}" | jq -e '.metadata.enabled'
	forget
	frames 10 100 src/s0 "$1=0"
	all 10
}

@test "test_metadata_outlives_programs_and_moves" {
	metadata dut/d0 on
	attach native dut/d0 look_drop
	kept dut/d0
	attach native dut/d0 look_tx
	attach native dut/d0 look_drop
	kept dut/d0
	detach native dut/d0
	attach native dut/d0 look_drop
	kept dut/d0
	ip -n dut link set d0 down
	up dut/d0 src/s0
	kept dut/d0
	ip -n dut link set d0 down
	metadata dut/d0 off
	metadata dut/d0 on
	ip -n dut link set d0 name d9
	up dut/d9 src/s0
	kept dut/d9
	ip -n dut link set d9 netns dst
	up dst/d9 src/s0
	attach native dst/d9 look_drop
	kept dst/d9
}

# Both behind one branch: each alone, both, in any order.
@test "test_metadata_and_statistics" {
	attach native dut/d0 look_drop
	metadata dut/d0 on
	bpftool ctrl xdp set stats on
	send 10
	all 10
	counted dut/d0 packets=10 bytes=430 drop=10
	metadata dut/d0 off
	send 10
	counted dut/d0 packets=20 bytes=860 drop=20
	metadata dut/d0 on
	bpftool ctrl xdp set stats off
	send 10
	seen '.packets == 30 and .with_md == 20'
	bpftool ctrl xdp set stats on
	counted dut/d0 packets=20 bytes=860 drop=20
	bpftool ctrl xdp set stats off
}
