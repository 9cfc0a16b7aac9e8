#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: debian-6.12 debian-7.3
# vm: --net
# boot: own
#
# Redirect rings of a kernel without control maps: GRO of a veth's peer, or a program; and
# packets that arrive.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/traffic

RECORDS=/sys/fs/bpf/bpftool_ctrl_rings

setup_file()
{
	namespaces src dut far
	load_programs
}

setup()
{
	pair src/s0 dut/d0
	pair dut/d1 far/f1
	attach native dut/d0 to_dev
}

teardown()
{
	mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
	remove src/s0 dut/d1
	! on dut test -e /proc/sys/net/ipv4/conf/dummy0 || remove dut/dummy0
	! on dut test -e /proc/sys/net/ipv4/conf/a0 || remove dut/a0
	rm -f "$RECORDS"*
}

# in_dut COMMAND...: bpftool ctrl there
in_dut()
{
	on dut bpftool ctrl "$@"
}

gro_of()
{
	on dut ethtool -k "$1" | sed -n 's/^generic-receive-offload: //p'
}

attr()
{
	on dut bpftool -j ctrl dump xdp_attr key "$1" | jq -c ".[0].value | $2"
}

# A pair within dut: its peer can be reached.
own_pair()
{
	pair dut/a0 dut/a1
}

@test "test_stock_rings_of_a_veth_by_gro_of_its_peer" {
	own_pair
	[ "$(attr a0 '[.rings.num, .rings_granted.num, .rings_max.num]')" = "[0,0,1]" ]
	target devs 0 dut/a0
	frames 20 100 src/s0 dut/a1=0

	[ "$(in_dut xdp set redirect-rings dev a0 num max)" = "a0 takes redirected packets by GRO of its peer" ]
	[ "$(gro_of a1)" = on ]
	[ "$(attr a0 '[.rings.num, .rings_granted.num, .rings_max.num]')" = "[1,1,1]" ]
	frames 70 100 src/s0 dut/a1=70

	in_dut xdp set redirect-rings dev a0 num 0
	[ "$(gro_of a1)" = off ]
	[ "$(attr a0 '[.rings.num, .rings_granted.num]')" = "[0,0]" ]
	[ -z "$(find /sys/fs/bpf -name 'bpftool_ctrl_rings*')" ]
}

# rings_of DEV: in "xdp show"
rings_of()
{
	on dut bpftool -j ctrl xdp show dev "$1" | jq -c '.[0].redirect_rings'
}

@test "test_stock_rings_json_names_the_method" {
	own_pair
	[ "$(rings_of a0)" = '{"num":0,"size":0,"by":"driver","granted":{"num":0,"size":0},"max":{"num":1,"size":0}}' ]
	[ "$(on dut bpftool -j ctrl xdp set redirect-rings dev a0 num 1)" = '{"method":"GRO of its peer"}' ]
	[ "$(rings_of a0)" = '{"num":1,"size":0,"by":"driver","granted":{"num":1,"size":0},"max":{"num":1,"size":0},"method":"GRO of its peer"}' ]
	# DEV MODE PROG MD RINGS
	[ "$(in_dut xdp show dev a0 | awk '/^DEV/ { for (i = 1; i <= NF; i++) if ($i == "RINGS") col = i } /^a0/ { print $col }')" = 1 ]
	[ "$(on dut bpftool -j ctrl xdp set redirect-rings dev a0 num 0)" = null ]
	[ "$(rings_of a0 | jq 'has("method")')" = false ]
}

# Whoever sets rings holds a lock of bpffs meanwhile.
@test "test_stock_rings_are_set_by_one_at_a_time" {
	own_pair
	exec 9< /sys/fs/bpf
	flock 9
	in_dut xdp set redirect-rings dev a0 num 1 9<&- 3>&- &
	# it waits for the lock
	wait_for grep -q -- '-> FLOCK' /proc/locks
	[ "$(gro_of a1)" = off ]
	exec 9<&-
	wait $!
	[ "$(gro_of a1)" = on ]
	in_dut xdp set redirect-rings dev a0 num 0
}

@test "test_stock_rings_what_was_on_before_stays_on" {
	own_pair
	on dut ethtool -K a1 gro on
	run in_dut xdp set redirect-rings dev a0 num 1
	[ "$status" != 0 ]
	[[ $output == *"its driver has none to set up, and takes redirected packets as it is" ]]
	run in_dut xdp set redirect-rings dev a0 num 0
	[ "$status" != 0 ]
	[ "$(gro_of a1)" = on ]
}

# Anybody who may pin there can put it there.
# It is not known what was done, so nothing is.
@test "test_stock_rings_record_of_another_version" {
	local num record

	own_pair
	record=${RECORDS}_$(on dut stat -Lc %i /proc/self/ns/net)_$(ifindex dut/a0)
	bpftool map create "$record" type array key 4 value 4096 entries 1 name other
	[ "$(attr a0 '[.rings.num, .rings_granted.num, .rings_max.num]')" = "[0,0,1]" ]
	for num in 1 0; do
		run in_dut xdp set redirect-rings dev a0 num $num
		[ "$status" = 255 ]
		[ "$output" = "Error: can't set redirect rings of device 'a0': another version of this tool, or another program, has made its record: undo it by that, or remove $RECORDS*" ]
	done
	[ "$(gro_of a1)" = off ]
	[ -e "$record" ]
	rm "$record"
	in_dut xdp set redirect-rings dev a0 num 1
	[ "$(attr a0 '[.rings.num, .rings_granted.num, .rings_max.num]')" = "[1,1,1]" ]
	in_dut xdp set redirect-rings dev a0 num 0
	[ ! -e "$record" ]
}

# What somebody else has put there is not removed.
@test "test_stock_rings_with_files_of_others" {
	local record

	own_pair
	record=${RECORDS}_$(on dut stat -Lc %i /proc/self/ns/net)_$(ifindex dut/a0)
	bpftool map create "$record" type array key 4 value 24 entries 1 name other
	chown 65534 "$record"
	run in_dut xdp set redirect-rings dev a0 num 1
	[ "$status" != 0 ]
	[ "$output" = "Error: can't set redirect rings of device 'a0': another user has put their file there: /sys/fs/bpf/bpftool_ctrl_rings*" ]
	[ -e "$record" ]
	[ "$(gro_of a1)" = off ]
	in_dut xdp set redirect-rings dev a0 num 0
	[ -e "$record" ]
	rm "$record"
	mkdir "$record"
	run in_dut xdp set redirect-rings dev a0 num 1
	[ "$status" != 0 ]
	[ "$output" = "Error: can't set redirect rings of device 'a0': a directory or a symbolic link is there: /sys/fs/bpf/bpftool_ctrl_rings*" ]
	[ "$(gro_of a1)" = off ]
	rmdir "$record"
}

# How many rings a program has a driver make only the driver knows.
@test "test_stock_rings_of_a_program_are_as_many_as_wanted" {
	ip link set eth0 netns dut
	up dut/eth0
	in_dut xdp set redirect-rings dev eth0 num 1
	[ "$(rings_of eth0)" = '{"num":1,"size":0,"by":"core","granted":{"num":1,"size":0},"method":"an XDP program that passes all"}' ]
	on dut bpftool ctrl metrics xdp_attr > "$BATS_TEST_TMPDIR/metrics"
	grep -qx 'xdp_redirect_rings{device="eth0"} 1' "$BATS_TEST_TMPDIR/metrics"
	fails grep -E 'granted|metadata' "$BATS_TEST_TMPDIR/metrics"
	in_dut xdp set redirect-rings dev eth0 num 0
	ip -n dut link set eth0 netns 1
}

@test "test_stock_rings_too_many_or_of_a_size" {
	own_pair
	run in_dut xdp set redirect-rings dev a0 num 2
	[ "$status" != 0 ]
	[ "$output" = "Error: can't set redirect rings of device 'a0': there can never be 2, now at most 1, as many as its peer has rx queues (see ethtool -L)" ]
	run in_dut xdp set redirect-rings dev a0 num 1 size 64
	[ "$status" != 0 ]
	[ "$output" = "Error: can't set redirect rings of device 'a0': to set their size takes a kernel with control maps: apply the series in kernel-patch/" ]
	[ "$(gro_of a1)" = off ]
}

@test "test_stock_rings_of_a_device_without_xdp" {
	ip -n dut link add dummy0 type dummy
	run in_dut xdp set redirect-rings dev dummy0 num max
	[ "$status" != 0 ]
	[ "$output" = "Error: can't set redirect rings of device 'dummy0': its driver has no XDP, or this kernel does not tell (Linux 6.3 and later do)" ]
}

@test "test_stock_rings_without_capability" {
	own_pair
	run on dut setpriv --bounding-set -net_admin bpftool ctrl xdp set redirect-rings dev a0 num 1
	[ "$status" != 0 ]
	[[ $output == "Error: can't "*": it takes "* ]]
	[ "$(gro_of a1)" = off ]
	[ -z "$(find /sys/fs/bpf -name 'bpftool_ctrl_rings*')" ]
}

@test "test_stock_rings_without_bpffs" {
	own_pair
	umount /sys/fs/bpf
	run in_dut xdp set redirect-rings dev a0 num 1
	[ "$status" != 0 ]
	[ "$output" = "Error: can't set redirect rings of device 'a0': no BPF file system is mounted at /sys/fs/bpf" ]
	[ "$(gro_of a1)" = off ]
	mount -t bpf bpf /sys/fs/bpf
	load_programs
}

@test "test_stock_rings_by_set_and_apply" {
	own_pair
	in_dut set xdp_attr key a0 rings.num 1
	[ "$(gro_of a1)" = on ]
	in_dut set xdp_attr key a0 rings.num 0
	[ "$(gro_of a1)" = off ]
	in_dut set xdp_attr key a0 command SETUP_REDIRECT rings.num 1
	[ "$(gro_of a1)" = on ]
	[ "$(on dut bpftool -j ctrl dump xdp_attr key a0 |
		jq 'map(.value.rings.num = 0)' |
		on dut bpftool -j ctrl apply | jq -c '.[0] | [.outcome, .changes]')" = \
		'["changed",[{"member":"rings.num","from":1,"to":0}]]' ]
	[ "$(gro_of a1)" = off ]
}

# would_fail ERROR VALUE: --dry-run says so for a0, and so does the real run
would_fail()
{
	local option entry="[{\"type\":\"xdp_attr\",\"ifname\":\"a0\",\"value\":$2}]"

	for option in --dry-run ''; do
		# shellcheck disable=SC2086 # none, or one
		fails on dut bpftool -j ctrl apply $option <<< "$entry" > "$BATS_TEST_TMPDIR/out"
		[ "$(jq -r '.[0].error' "$BATS_TEST_TMPDIR/out")" = "$1" ]
	done
	[ -z "$(find /sys/fs/bpf -name 'bpftool_ctrl_rings*')" ]
}

@test "test_stock_rings_dry_run_knows_what_would_be_refused" {
	own_pair
	would_fail "there can be at most 1 redirect rings now, not 2" '{"rings":{"num":2}}'
	would_fail "to set their size takes a kernel with control maps: apply the series in kernel-patch/" \
		'{"rings":{"num":1,"size":64}}'
	on dut ip link set a1 down
	would_fail "its peer is down: bring that up first" '{"rings":{"num":1}}'
}

@test "test_stock_rings_that_fail_change_nothing" {
	own_pair
	on dut ip link set a1 down
	on dut ethtool -K a1 gro on
	run in_dut xdp set redirect-rings dev a0 num 1
	[ "$status" != 0 ]
	[ "$output" = "Error: can't set redirect rings of device 'a0': its peer is down: bring that up first" ]
	[ "$(gro_of a1)" = on ]
}

# What is recorded under the number of this namespace may be of one that has gone.
@test "test_stock_rings_record_of_another_namespace" {
	local record map

	own_pair
	in_dut xdp set redirect-rings dev a0 num 1
	record=$(find /sys/fs/bpf -name 'bpftool_ctrl_rings*')
	map=$(bpftool -j map dump pinned "$record" | jq -r '.[0].value | join(" ")')
	[ "$(wc -w <<< "$map")" = 32 ]
	# the last byte of the cookie
	map=$(awk '{ $24 = "0x7f"; print }' <<< "$map")
	# shellcheck disable=SC2086 # words
	bpftool map update pinned "$record" key 0 0 0 0 value $map
	run in_dut xdp set redirect-rings dev a0 num 0
	[ "$status" != 0 ]
	[[ $output == *"its driver has none to set up, and takes redirected packets as it is" ]]
	[ "$(gro_of a1)" = on ]
}

# What a driver does not take it says why, on netlink only.
@test "test_stock_rings_refused_in_the_drivers_words" {
	own_pair
	ip -n dut link add bond0 type bond mode active-backup
	ip -n dut link set a0 down
	ip -n dut link set a0 master bond0
	attach native dut/a0 pass
	run in_dut xdp set redirect-rings dev bond0 num 1
	[ "$status" != 0 ]
	[[ $output == "Error: can't set redirect rings of device 'bond0': "*"Slave has XDP program loaded, please unload before enslaving" ]]
	[ -z "$(find /sys/fs/bpf -name 'bpftool_ctrl_rings*')" ]
	[ "$(attr bond0 .mode)" = '"BPF_CTRL_XDP_MODE_NONE"' ]
	detach native dut/a0
	ip -n dut link del bond0
}

# eth0 and eth1 are connected.
@test "test_stock_rings_of_virtio_by_a_program" {
	local dev

	ip link set eth0 netns dut
	ip link set eth1 netns far
	for dev in dut/eth0 far/eth1; do
		on "${dev%/*}" sh -c "ip link set ${dev#*/} promisc on up"
	done
	target devs 0 dut/eth0
	frames 20 100 src/s0 far/eth1=0

	[ "$(in_dut xdp set redirect-rings dev eth0 num 1)" = "eth0 takes redirected packets by an XDP program that passes all" ]
	[ "$(attr eth0 '[.mode, .rings.num]')" = '["BPF_CTRL_XDP_MODE_NATIVE",1]' ]
	frames 70 100 src/s0 far/eth1=70

	in_dut xdp set redirect-rings dev eth0 num 0
	[ "$(attr eth0 '[.mode, .rings.num]')" = '["BPF_CTRL_XDP_MODE_NONE",0]' ]
	[ -z "$(find /sys/fs/bpf -name 'bpftool_ctrl_rings*')" ]

	attach native dut/eth0 pass
	run in_dut xdp set redirect-rings dev eth0 num 1
	[ "$status" != 0 ]
	detach native dut/eth0
}
