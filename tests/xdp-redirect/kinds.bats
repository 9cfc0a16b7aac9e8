#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# What sort of device a device is decides what is said about its redirect rings: they are set
# up, or it takes redirected packets as it is, or it can't, because. (Bonds, with packets, are
# in rings.bats.)

# shellcheck disable=SC2154 # set by run
load ../lib/traffic

NONE="Its driver takes no packets from native XDP"
BELOW="XDP redirects to no device of this kind: redirect to"

setup_file()
{
	ip link add v0 type veth peer name v1
	ip link add v2 type veth peer name v3
}

teardown()
{
	ip link del kind0 2> /dev/null || true
}

# no_rings TEXT [DEV]: nor can they be released, and nothing is said about them
no_rings()
{
	local dev=${2:-kind0} num

	for num in 0 1 max; do
		run bpftool ctrl xdp set redirect-rings dev "$dev" num "$num"
		[ "$status" != 0 ] || fail "$num rings of $dev should be refused"
		[ "$output" = "Error: can't set redirect rings of device '$dev': $1" ] ||
			fail "$num rings of $dev should be refused with '$1': $output"
	done
	bpftool -j ctrl xdp show dev "$dev" > "$BATS_TEST_TMPDIR/show"
	jq -e '.[0] | has("redirect_rings") | not' "$BATS_TEST_TMPDIR/show"
}

# takes DEV BOOL: whether its features have it that packets can be redirected to it
takes()
{
	bpftool -j ctrl xdp show dev "$1" > "$BATS_TEST_TMPDIR/show"
	jq -e --argjson takes "$2" '.[0].features | any(. == "ndo-xmit") == $takes' "$BATS_TEST_TMPDIR/show"
}

# set_up DEV BY: they can be, and are
set_up()
{
	bpftool ctrl xdp set redirect-rings dev "$1" num 1
	bpftool -j ctrl xdp show dev "$1" > "$BATS_TEST_TMPDIR/show"
	jq -e --arg by "$2" '.[0].redirect_rings | .num == 1 and .by == $by' "$BATS_TEST_TMPDIR/show"
	takes "$1" true
	bpftool ctrl xdp set redirect-rings dev "$1" num 0
	takes "$1" false
}

@test "test_kinds_veth" {
	set_up v0 driver
}

@test "test_kinds_netdevsim" {
	local sim

	echo "31 1" > /sys/bus/netdevsim/new_device
	sim=$(ls /sys/bus/netdevsim/devices/netdevsim31/net)
	set_up "$sim" driver
	echo 31 > /sys/bus/netdevsim/del_device
}

@test "test_kinds_tun" {
	ip tuntap add mode tap name kind0
	no_rings "The device takes redirected packets as it is"
	takes kind0 true
}

@test "test_kinds_lo" {
	no_rings "$NONE" lo
}

@test "test_kinds_dummy" {
	ip link add kind0 type dummy
	no_rings "$NONE"
}

# (What gives the peer a name Debian 12's ip has never heard of.)
@test "test_kinds_netkit" {
	local peer

	ip link add kind0 type netkit
	no_rings "$NONE"
	peer=$(ip -o link show dev kind0)
	peer=${peer#*kind0@}
	no_rings "$NONE" "${peer%%:*}"
}

@test "test_kinds_vlan" {
	ip link add link v0 name kind0 type vlan id 7
	no_rings "$BELOW v0 below it"
	# rings of v0 are no rings of its
	bpftool ctrl xdp set redirect-rings dev v0 num 1
	no_rings "$BELOW v0 below it"
	takes kind0 false
	bpftool ctrl xdp set redirect-rings dev v0 num 0
}

@test "test_kinds_macvlan" {
	ip link add link v0 name kind0 type macvlan
	no_rings "$BELOW v0 below it"
}

# What it is told to redirect to is the first port that can't be redirected to.
@test "test_kinds_bridge" {
	ip link add kind0 type bridge
	no_rings "$NONE"
	ip link set v0 master kind0
	ip link set v2 master kind0
	no_rings "$BELOW v0 below it"
	ip link set v0 nomaster
	no_rings "$BELOW v2 below it"
	ip link set v2 nomaster
	no_rings "$NONE"
}

@test "test_kinds_team" {
	ip link add kind0 type team
	no_rings "$NONE"
	ip link set v0 down
	ip link set v0 master kind0
	no_rings "$BELOW v0 below it"
	ip link set v0 nomaster
	no_rings "$NONE"
}

@test "test_kinds_vlan_of_a_bond" {
	ip link add bond0 type bond mode active-backup
	ip link add link bond0 name kind0 type vlan id 7
	no_rings "$BELOW bond0 below it"
	ip link del kind0
	ip link del bond0
}

# A device below that is in another namespace has a name that means another one here, or none.
@test "test_kinds_vlan_of_a_device_elsewhere" {
	ip netns add below
	ip link add kind1 type veth peer name kind2
	ip link add link kind1 name kind0 type vlan id 7
	ip link set kind1 netns below
	no_rings "$NONE"
	ip netns del below
}

bond()
{
	ip link add bond0 type bond mode active-backup
	ip link set v0 down
	ip link set v2 down
}

unbond()
{
	ip link del bond0
	bpftool ctrl xdp set redirect-rings dev v0 num 0
	bpftool ctrl xdp set redirect-rings dev v2 num 0
}

# Ports that come with rings or without, get them, lose them and go.
@test "test_kinds_bond_whose_ports_change" {
	local ports="A bond takes redirected packets when all ports do"

	bond
	no_rings "$ports, and it has none" bond0
	bpftool ctrl xdp set redirect-rings dev v0 num 1
	ip link set v0 master bond0
	no_rings "The device takes redirected packets as it is" bond0
	takes bond0 true
	ip link set v2 master bond0
	no_rings "$ports: set up those of v2" bond0
	takes bond0 false
	bpftool ctrl xdp set redirect-rings dev v2 num 1
	takes bond0 true
	bpftool ctrl xdp set redirect-rings dev v0 num 0
	no_rings "$ports: set up those of v0" bond0
	takes bond0 false
	ip link set v0 nomaster
	takes bond0 true
	ip link set v2 nomaster
	no_rings "$ports, and it has none" bond0
	takes bond0 false
	unbond
}

# sim N: netdevsim N, whose driver sets up no rings; in $sim its device
sim()
{
	echo "$1 1" > /sys/bus/netdevsim/new_device
	sim=$(ls "/sys/bus/netdevsim/devices/netdevsim$1/net")
	echo 0 > "/sys/kernel/debug/netdevsim/netdevsim$1/ports/0/redirect_rings"
	bpftool ctrl xdp set redirect-rings dev "$sim" num 1
}

# A program of the bond takes the place of the core's at a port that has come before, or comes
# later; that comes back when the port goes.
@test "test_kinds_bond_with_a_program_whose_ports_change" {
	local port ports

	sim 32
	ports=("$sim")
	sim 33
	ports+=("$sim")
	load_programs
	ip link add bond0 type bond mode active-backup
	ip link set "${ports[0]}" down master bond0
	ip link set bond0 xdpdrv pinned "$PROGS/pass"
	ip link set "${ports[1]}" down master bond0
	for port in "${ports[@]}"; do
		takes "$port" true
		ip link set "$port" nomaster
		takes "$port" true
		bpftool ctrl xdp set redirect-rings dev "$port" num 0
		takes "$port" false
	done
	ip link del bond0
	echo 32 > /sys/bus/netdevsim/del_device
	echo 33 > /sys/bus/netdevsim/del_device
}
