#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: debian-6.12 debian-7.3
#
# Redirect rings of a kernel without control maps, of a veth whose peer is in a container: GRO
# of the peer, in a network namespace that is found by its id.

# shellcheck disable=SC2154 # set by run
load ../lib/traffic

setup_file()
{
	namespaces src dut
	load_programs
}

# The index of the peer is that of its other end, as it often is (eth0@if2).
setup()
{
	namespaces box
	pair src/s0 dut/d0
	ip -n dut link add h0 index 777 numrxqueues 4 numtxqueues 4 type veth \
		peer name eth0 index 777 numrxqueues 4 numtxqueues 4 netns box
	up dut/h0 box/eth0
	attach native dut/d0 to_dev
	target devs 0 dut/h0
}

teardown()
{
	[ -z "${holder:-}" ] || { kill "$holder" && wait "$holder"; } || true
	holder=
	ip netns del box 2> /dev/null || true
	wait_for fails ip -n dut link show dev h0
	remove src/s0
	rm -f /sys/fs/bpf/bpftool_ctrl_rings*
}

rings()
{
	on dut bpftool ctrl xdp set redirect-rings dev h0 num "$1"
}

# refused TEXT N: so many rings are
refused()
{
	run rings "$2"
	[ "$status" != 0 ] || fail "$2 rings should be refused"
	[ "$output" = "Error: can't set redirect rings of device 'h0': $1" ] || fail "$output"
}

# gro NETNS DEV on|off: it is
gro()
{
	[ "$(on "$1" ethtool -k "$2" | sed -n 's/^generic-receive-offload: //p')" = "$3" ]
}

arrive()
{
	frames "$1" 100 src/s0 "box/eth0=$1"
}

lost()
{
	frames -w 0 50 100 src/s0 box/eth0=0
}

no_records()
{
	[ -z "$(find /sys/fs/bpf -name 'bpftool_ctrl_rings*')" ]
}

@test "test_stock_containers_gro_is_switched_on_and_undone" {
	lost
	[ "$(rings 4)" = "h0 takes redirected packets by GRO of its peer" ]
	gro box eth0 on
	gro dut h0 off
	arrive 200
	on dut bpftool -j ctrl xdp show dev h0 > "$BATS_TEST_TMPDIR/show"
	jq -e '.[0].redirect_rings | .num == 4 and .max.num == 4 and .by == "driver" and .method == "GRO of its peer"' \
		"$BATS_TEST_TMPDIR/show"
	rings 0
	gro box eth0 off
	lost
	no_records
}

@test "test_stock_containers_too_many" {
	refused "there can never be 5, now at most 4, as many as its peer has rx queues (see ethtool -L)" 5
	gro box eth0 off
	no_records
}

@test "test_stock_containers_what_was_on_before_stays_on" {
	on box ethtool -K eth0 gro on
	refused "its driver has none to set up, and takes redirected packets as it is" 1
	refused "its driver has none to set up, and takes redirected packets as it is" 0
	gro box eth0 on
}

@test "test_stock_containers_peer_is_down" {
	local state

	ip -n box link set eth0 down
	for state in on off; do
		on box ethtool -K eth0 gro $state
		refused "its peer is down: bring that up first" 1
		gro box eth0 $state
		no_records
	done
}

@test "test_stock_containers_it_takes_cap_sys_admin" {
	run on dut setpriv --bounding-set -sys_admin bpftool ctrl xdp set redirect-rings dev h0 num 1
	[ "$status" != 0 ]
	[ "$output" = "Error: can't set redirect rings of device 'h0': its peer is in another network namespace, and to enter that takes CAP_SYS_ADMIN" ]
	gro box eth0 off
	no_records
}

# hold COMMAND...: without a name, the namespace is where the command runs
hold()
{
	nsenter --net=/run/netns/box "$@" 3>&- &
	holder=$!
	wait_for test "/proc/$holder/ns/net" -ef /run/netns/box
	ip netns del box
}

# in_held COMMAND...: there
in_held()
{
	nsenter "--net=/proc/$holder/ns/net" "$@"
}

@test "test_stock_containers_namespace_of_a_process" {
	hold sleep infinity
	rings 1
	[ "$(in_held ethtool -k eth0 | sed -n 's/^generic-receive-offload: //p')" = on ]
	rings 0
	[ "$(in_held ethtool -k eth0 | sed -n 's/^generic-receive-offload: //p')" = off ]
	no_records
}

# What only somebody's descriptor leads to is not found; what was done there waits.
@test "test_stock_containers_namespace_that_is_not_found" {
	local nowhere="its peer is in a network namespace that no process is in, and no file here leads to"

	exec 8< /run/netns/box
	ip netns del box
	refused "$nowhere" 1
	no_records
	touch /run/netns/box
	mount -c --bind /proc/self/fd/8 /run/netns/box
	rings 1
	gro box eth0 on
	umount /run/netns/box
	refused "$nowhere" 0
	mount -c --bind /proc/self/fd/8 /run/netns/box
	rings 0
	gro box eth0 off
	exec 8<&-
	no_records
}

# The devices go with the namespace. What comes then inherits nothing: neither by the number
# of the namespace nor by that of the device.
@test "test_stock_containers_namespace_has_gone" {
	rings 1
	ip netns del box
	wait_for fails ip -n dut link show dev h0
	namespaces box
	ip -n dut link add h0 index 777 type veth peer name eth0 index 777 netns box
	up dut/h0 box/eth0
	on dut bpftool -j ctrl xdp show dev h0 > "$BATS_TEST_TMPDIR/show"
	jq -e '.[0].redirect_rings.num == 0' "$BATS_TEST_TMPDIR/show"
	# switched on by somebody
	on box ethtool -K eth0 gro on
	rings 0
	gro box eth0 on
}

# There is something where the record should be.
@test "test_stock_containers_a_set_that_fails_leaves_gro" {
	mkdir "/sys/fs/bpf/bpftool_ctrl_rings_$(on dut stat -Lc %i /proc/self/ns/net)_777"
	fails rings 1
	gro box eth0 off
	rmdir /sys/fs/bpf/bpftool_ctrl_rings_*
}
