#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um-debug um-7.3 x86_64
#
# bpftool ctrl xdp set redirect-rings, with packets: lost before, delivered after.

# shellcheck disable=SC2030,SC2031 # set by run
load ../lib/rings

@test "test_rings_packets_are_lost_without" {
	arrive 0
	driver_counted dst/t1 xdp_packets=0
	rings dut/d1 num 1
	arrive 200
	rings dut/d1 num 0
	arrive 0
}

@test "test_rings_every_packet_is_delivered" {
	rings dut/d1 num max size 512
	frames 20000 60 src/s0 dst/t1=20000
	frames -b 1 300 1514 src/s0 dst/t1=300
	[ "$(driver dut/d1 xdp_xmit_errors)" = 0 ]
}

@test "test_rings_hold_size_packets" {
	rings dut/d1 num 1 size 16
	# all of 64 frames are redirected before the receiver may take any
	liveframes=$PROGS/to_dev
	on dut liveframes "$liveframes" d0 64 100 64
	[ "$(driver dst/t1 xdp_packets)" = 16 ]
	[ "$(driver dut/d1 xdp_xmit)" = 16 ]
	rings dut/d1 num 1 size 64
	on dut liveframes "$liveframes" d0 64 100 64
	[ "$(driver dst/t1 xdp_packets)" = 80 ]
}

@test "test_rings_are_shown" {
	max="{\"num\":$QUEUES,\"size\":4096}"
	none='{"num":0,"size":0}'
	rings_are dut/d1 "{\"num\":0,\"size\":0,\"by\":\"driver\",\"granted\":$none,\"max\":$max}"
	rings dut/d1 num 2 size 128
	rings_are dut/d1 "{\"num\":2,\"size\":128,\"by\":\"driver\",\"granted\":{\"num\":2,\"size\":128},\"max\":$max}"
	rings dut/d1 num 3
	rings_are dut/d1 "{\"num\":3,\"size\":0,\"by\":\"driver\",\"granted\":{\"num\":3,\"size\":256},\"max\":$max}"
	on dst ethtool -L t1 rx 2 tx 2
	rings_are dut/d1 '{"num":3,"size":0,"by":"driver","granted":{"num":2,"size":256},"max":{"num":2,"size":4096}}'

	# without "all": it is in use
	on dut bpftool ctrl xdp show > "$BATS_TEST_TMPDIR/table"
	grep -q '^d1 .* 2x256  .*,ndo-xmit' "$BATS_TEST_TMPDIR/table"
	rings dut/d1 num 0
	on dut bpftool ctrl xdp show > "$BATS_TEST_TMPDIR/table"
	run grep '^d1 ' "$BATS_TEST_TMPDIR/table"
	[ "$status" = 1 ]
}

@test "test_rings_survive_down_and_up" {
	local dev

	rings dut/d1 num 2
	for dev in dst/t1 dut/d1; do
		ip -n "${dev%/*}" link set "${dev#*/}" down
		up "$dev"
		arrive 200
	done
}

@test "test_rings_survive_programs_gro_and_channels" {
	rings dut/d1 num 2
	attach native dst/t1 pass
	arrive 200
	detach native dst/t1
	arrive 200
	napi dst/t1
	on dst ethtool -L t1 rx 1 tx 1
	arrive 200
	on dst ethtool -K t1 gro off
	on dst ethtool -L t1 rx "$QUEUES" tx "$QUEUES"
	arrive 200
	attach native dut/d1 drop
	arrive 200
}

@test "test_rings_go_where_the_device_goes" {
	rings dut/d1 num 2 size 64
	ip -n dst link set t1 netns src
	up src/t1 dut/d1
	frames 200 100 src/s0 src/t1=200
	ip -n dut link set d1 netns dst
	on dst bpftool -j ctrl xdp show dev d1 | jq -e '.[0].redirect_rings.granted == { num: 2, size: 64 }'
	ip -n dst link del d1
}

@test "test_rings_go_with_the_device" {
	rings dut/d1 num 2
	ip -n dst link del t1
	wide dut/d1 dst/t1
	target devs 0 dut/d1
	arrive 0
}

# As many as a device can have, but where lockdep watches: it has 8,192 keys, and each queue one
@test "test_rings_of_4096_queues" {
	local number=4096

	[ ! -e /proc/lockdep ] || number=64
	ip -n dut link del d1
	QUEUES=$number wide dut/d1 dst/t1
	target devs 0 dut/d1
	run rings dut/d1 num $((number + 1))
	[ "$status" != 0 ]
	[[ $output == *"there can never be $((number + 1)), now at most $number, "* ]]
	rings dut/d1 num max size 16
	on dut bpftool -j ctrl xdp show dev d1 |
		jq -e --argjson n $number '.[0].redirect_rings.granted == { num: $n, size: 16 }'
	arrive 200
	rings dut/d1 num max
	arrive 200
	rings dut/d1 num 0
	arrive 0
}

# What is asked for in the other direction is another thing.
@test "test_rings_of_both_ends" {
	rings dut/d1 num 1
	rings dst/t1 num 2 size 32
	rings dut/d1 num 0
	arrive 0
	on dst bpftool -j ctrl xdp show dev t1 | jq -e '.[0].redirect_rings.granted == { num: 2, size: 32 }'
	rings dut/d1 num 1
	arrive 200
}

# What is sent normally to a device with rings gets there, too.
@test "test_rings_do_not_matter_to_other_traffic" {
	rings dut/d1 num 1 size 8
	frames 500 100 dut/d1 dst/t1=500
	frames 500 1514 dst/t1 dut/d1=500
}

@test "test_rings_example" {
	arrive 0
	on dut "$TOP/build/examples/xdp_setup_redirect" d1 2 128
	arrive 200
	rings_are dut/d1 "{\"num\":2,\"size\":128,\"by\":\"driver\",\"granted\":{\"num\":2,\"size\":128},\"max\":{\"num\":$QUEUES,\"size\":4096}}"
	on dut "$TOP/build/examples/xdp_setup_redirect" d1 0 0
	arrive 0
	run on dut "$TOP/build/examples/xdp_setup_redirect" d1 4096 0
	[ "$status" = 1 ]
	[ "$output" = "xdp_setup_redirect: can't set up redirect rings of d1: Numerical result out of range" ]
}

# XDP_TX to a device that has NAPI for GRO alone: d0 sends everything back.
@test "test_rings_xdp_tx_to_a_device_with_gro" {
	napi src/s0
	attach native dut/d0 tx
	frames 200 100 src/s0 src/s0=200
	on src ethtool -K s0 gro off
	rings dut/d0 num 1
	frames 200 100 src/s0 src/s0=200
}

# no_rings DEV REASON: it can have none
no_rings()
{
	run rings "$1" num 1
	[ "$status" != 0 ] || fail "rings of $1 should be refused"
	[ "$output" = "Error: can't set redirect rings of device '${1#*/}': $2" ] ||
		fail "rings of $1 should be refused with '$2': $output"
}

# A bond has rings if its ports have, those that come later, too.
@test "test_rings_of_a_bond" {
	local ports="A bond takes redirected packets when all ports do: set up those of"

	ip -n dut link add bond0 type bond mode active-backup
	ip -n dut link set d1 down master bond0
	ip -n dut link set bond0 up
	target devs 0 dut/bond0
	arrive 0
	no_rings dut/bond0 "$ports d1"
	rings dut/d1 num 1
	arrive 200
	on dut bpftool -j ctrl xdp show dev bond0 | jq -e '.[0].features | index("ndo-xmit")'
	no_rings dut/bond0 "The device takes redirected packets as it is"

	pair dut/d2 dst/t2
	ip -n dut link set d2 down master bond0
	no_rings dut/bond0 "$ports d2"
	ip -n dut link set d2 nomaster
	arrive 200
	ip -n dut link del d2
	ip -n dut link del bond0
}

@test "test_rings_of_a_vlan" {
	ip -n dut link add link d1 name d1.7 type vlan id 7
	no_rings dut/d1.7 "XDP redirects to no device of this kind: redirect to d1 below it"
	ip -n dut link del d1.7
}
