#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# bpftool ctrl xdp set redirect-rings: what is refused, in words, and changes nothing.

# shellcheck disable=SC2154,SC2015,SC2030,SC2031 # set by try; "|| show" is meant for either
load ../lib/command

CANNOT="can't set redirect rings of device"
PEER="as many as its peer has rx queues (see ethtool -L)"

setup_file()
{
	bpftool ctrl xdp set stats on
	ip link add ring0 numrxqueues 4 numtxqueues 4 type veth peer name ring1 numrxqueues 4 numtxqueues 4
	ip link add none0 type dummy
	ip tuntap add mode tap name tap0
	bpftool ctrl xdp set redirect-rings dev ring0 num 2 size 64
}

setup()
{
	state=$(bpftool -j ctrl dump xdp_attr)
}

teardown()
{
	[ "$(bpftool -j ctrl dump xdp_attr)" = "$state" ]
}

# cannot MESSAGE WORD...: setting rings with these words is refused
cannot()
{
	local message=$1

	shift
	refuses "$message" xdp set redirect-rings "$@"
}

@test "test_set_redirect_rings_numbers_are_never_octal" {
	cannot "$CANNOT 'ring0': there can never be 10, now at most 4, $PEER" dev ring0 num 010
	cannot "$CANNOT 'ring0': there can never be 16, now at most 4, $PEER" dev ring0 num 0x10
}

@test "test_set_rings_out_of_range" {
	cannot "$CANNOT 'ring0': there can never be 5, now at most 4, $PEER" dev ring0 num 5
	cannot "$CANNOT 'ring0': there can never be 4294967295, now at most 4, $PEER" dev ring0 num 4294967295
	cannot "$CANNOT 'ring0': each can have at most 4096 entries, not 4097" dev ring0 num 1 size 4097
	cannot "$CANNOT 'ring0': each can have at most 4096 entries, not 4294967295" dev ring0 num 9 size 0xffffffff
}

@test "test_set_rings_too_few_queues" {
	ethtool -L ring1 rx 3 tx 4
	state=$(bpftool -j ctrl dump xdp_attr)
	cannot "$CANNOT 'ring0': there can be 3 now, not 4, $PEER" dev ring0 num 4
	works bpftool ctrl xdp set redirect-rings dev ring0 num max size 64
	json '.[0].redirect_rings | .num == 3 and .granted.num == 3' ctrl xdp show dev ring0
	works bpftool ctrl xdp set redirect-rings dev ring0 num 2 size 64
	ethtool -L ring1 rx 4 tx 4
	state=$(bpftool -j ctrl dump xdp_attr)
}

@test "test_set_rings_devices_that_have_none" {
	local num

	for num in 0 1 max cpus; do
		cannot "$CANNOT 'none0': Its driver takes no packets from native XDP" dev none0 num $num
		cannot "$CANNOT 'tap0': The device takes redirected packets as it is" dev tap0 num $num
	done
	json '.[0] | has("redirect_rings") | not' ctrl xdp show dev none0
	json '.[0] | (has("redirect_rings") | not) and (.features | index("ndo-xmit"))' ctrl xdp show dev tap0
	works bpftool ctrl xdp show dev tap0
	[[ $out == *$'\n'"tap0  none "*" -  basic,"* ]] || show
}

@test "test_set_rings_takes_cap_net_admin" {
	try setpriv --bounding-set -net_admin bpftool ctrl xdp set redirect-rings dev ring0 num 1
	[ "$status" != 0 ]
	[ "$err" = "Error: can't open control type xdp_attr: Operation not permitted: it takes CAP_BPF, and CAP_NET_ADMIN or, for probes, CAP_PERFMON" ] || show
}

@test "test_set_rings_cpus_and_max" {
	local cpus

	cpus=$(getconf _NPROCESSORS_CONF)
	works bpftool ctrl xdp set redirect-rings size 32 num cpus dev ring0
	[ -z "$out" ]
	json ".[0].redirect_rings | .num == $cpus and .size == 32" ctrl xdp show dev ring0
	works bpftool -j ctrl x set red n max d ring0
	[ "$out" = null ] || show
	json '.[0].redirect_rings | .num == 4 and .size == 0 and .granted == { num: 4, size: 256 }' \
		ctrl xdp show dev ring0
	json '.[0].value | .rings.num == 4 and .rings_max.size == 4096' ctrl dump xdp_attr key ring0
	works bpftool ctrl xdp show dev ring0
	[[ $out == *"  RINGS  FEATURES"*$'\n'"ring0  none "*"  4x256  "*ndo-xmit* ]] || show
	works bpftool ctrl xdp set redirect-rings dev ring0 num 0
	json '.[0].redirect_rings | .num == 0 and .granted.num == 0' ctrl xdp show dev ring0
	works bpftool ctrl xdp show dev ring0
	[[ $out == *$'\n'"ring0  none "*"      0  basic,redirect,rx-sg" ]] || show
	works bpftool ctrl xdp set redirect-rings dev ring0 num 2 size 64
	# what is not known is no number
	try unshare --mount sh -c 'mount -t tmpfs none /sys/devices/system/cpu &&
		bpftool ctrl xdp set redirect-rings dev ring0 num cpus'
	[ "$status" = 2 ] && [[ $err == *"Error: can't get the number of CPUs: No such file or directory" ]] || show
	json '.[0].redirect_rings.num == 2' ctrl xdp show dev ring0
}

# What the command above does with a device by name, these do with any member by name.
@test "test_set_rings_by_set_and_apply" {
	local cannot="can't set key 'ring0' of xdp_attr:" file=$BATS_TEST_TMPDIR/attr.json before

	before=$(bpftool -j ctrl dump xdp_attr)
	refuses "$cannot veth: Peer cannot have as many rx queues" \
		set xdp_attr key ring0 command SETUP_REDIRECT rings.num 12
	refuses "$cannot Redirect rings cannot be that large" \
		set xdp_attr key ring0 command SETUP_REDIRECT rings.size 0xffffffff
	refuses "$cannot veth: Peer cannot have as many rx queues" \
		set xdp_attr key ring0 rings.num 12 enable_md 1 md_keep 1
	refuses "$cannot This kernel does not know the command" \
		set xdp_attr key ring0 command 77 rings.num 3
	refuses "$cannot enable_md and md_keep are 0 or 1" set xdp_attr key ring0 enable_md 2
	refuses "$cannot enable_md and md_keep are 0 or 1" \
		set xdp_attr key ring0 command SETUP_MD enable_md 2
	refuses "$cannot flags is not 0" set xdp_attr key ring0 flags 1 rings.num 3
	refuses "member 'rings_max.num' is read-only here" set xdp_attr key ring0 rings_max.num 8
	[ "$(bpftool -j ctrl dump xdp_attr)" = "$before" ]

	jq '.[] | select(.ifname == "ring0") | .value.command = "SETUP_REDIRECT"' \
		<<< "$before" > "$file"
	works bpftool ctrl set xdp_attr key ring0 command SETUP_REDIRECT rings.num 3 rings.size 16
	json '.[0].redirect_rings.granted == { num: 3, size: 16 }' ctrl xdp show dev ring0
	works bpftool ctrl apply "$file"
	[[ $out == *"1 changed, 0 unchanged, 0 failed" ]] || show
	works bpftool ctrl apply "$file"
	[[ $out == *"0 changed, 1 unchanged, 0 failed" ]] || show
}

# Without a command, what is named, or differs, is what is set.
@test "test_set_rings_and_metadata_without_a_command" {
	local before

	before=$(bpftool -j ctrl dump xdp_attr)
	works bpftool ctrl set xdp_attr key ring0 rings.num 1
	json '.[0].value | .rings.num == 1 and .rings.size == 64 and .enable_md == 0' \
		ctrl dump xdp_attr key ring0
	works bpftool ctrl set xdp_attr key ring0 rings.num 2 enable_md 1
	json '.[0] | .redirect_rings.num == 2 and .metadata.enabled' ctrl xdp show dev ring0
	works bpftool ctrl set xdp_attr key ring0 md_keep 1
	json '.[0].value | [.rings.num, .enable_md, .md_keep] == [2, 1, 1]' \
		ctrl dump xdp_attr key ring0
	works bpftool ctrl apply <<< "$before"
	[[ $out == *"1 changed, "*" unchanged, 0 failed" ]] || show
	[ "$(bpftool -j ctrl dump xdp_attr)" = "$before" ]

	# the manual's own pipeline
	jq 'map(.value.enable_md = 1)' <<< "$before" > "$BATS_TEST_TMPDIR/md.json"
	works bpftool ctrl apply "$BATS_TEST_TMPDIR/md.json" --dry-run
	[[ $out == *"2 would change, "*" unchanged, 0 failed" ]] || show
	works bpftool ctrl apply "$BATS_TEST_TMPDIR/md.json"
	[[ $out == *"2 changed, "*" unchanged, 0 failed" ]] || show
	works bpftool ctrl apply <<< "$before"
}

# would_fail ERROR VALUE: --dry-run says so for ring0, and the real run fails, too
would_fail()
{
	local entry="[{\"type\":\"xdp_attr\",\"ifname\":\"ring0\",\"value\":$2}]"

	try bpftool -j ctrl apply --dry-run <<< "$entry"
	[ "$status" != 0 ] && [ "$(jq -r '.[0].error' <<< "$out")" = "$1" ] || show
	try bpftool ctrl apply <<< "$entry"
	[ "$status" != 0 ] && [[ $out == *"0 changed, 0 unchanged, 1 failed" ]] || show
}

@test "test_set_rings_dry_run_knows_what_would_be_refused" {
	would_fail "there can be at most 4 redirect rings now, not 5" '{"rings":{"num":5}}'
	would_fail "redirect rings can have at most 4096 entries each, not 4097" '{"rings":{"num":1,"size":4097}}'
	would_fail "enable_md and md_keep are 0 or 1" '{"enable_md":2}'
	would_fail "flags is not 0" '{"flags":1,"rings":{"num":1}}'
	would_fail "This kernel does not know the command" '{"command":77,"rings":{"num":1}}'
}

@test "test_set_rings_in_a_batch" {
	printf 'ctrl xdp set redirect-rings dev ring0 num 1\nctrl xdp set redirect-rings dev ring0 num 2 size 64\n' \
		> "$BATS_TEST_TMPDIR/batch"
	json 'map(.output) == [ null, null ]' batch file "$BATS_TEST_TMPDIR/batch"
}

@test "test_set_rings_offloaded_program" {
	local sim

	echo "12 1" > /sys/bus/netdevsim/new_device
	sim=$(ls /sys/bus/netdevsim/devices/netdevsim12/net)
	prog ringpass 2
	bpftool prog load "$BATS_FILE_TMPDIR/ringpass.o" /sys/fs/bpf/ringhw type xdp offload_dev "$sim"
	bpftool net attach xdpoffload pinned /sys/fs/bpf/ringhw dev "$sim"
	state=$(bpftool -j ctrl dump xdp_attr)
	cannot "$CANNOT '$sim': there can never be 2, now at most 1, as many as it has tx queues (see ethtool -L)" dev "$sim" num 2
	[ "$(bpftool -j ctrl dump xdp_attr)" = "$state" ]
	works bpftool ctrl xdp set redirect-rings dev "$sim" num 1
	json '.[0] | .mode == "offload" and .features - [ "basic" ] == [ "ndo-xmit", "hw-offload", "ndo-xmit-sg" ]' \
		ctrl xdp show dev "$sim"
	rm /sys/fs/bpf/ringhw
	echo 12 > /sys/bus/netdevsim/del_device
	state=$(bpftool -j ctrl dump xdp_attr)
}
