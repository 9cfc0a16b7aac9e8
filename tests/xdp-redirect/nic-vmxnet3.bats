#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: x86_64 debian-6.12 debian-7.3
# vm: --nic vmxnet3
# boot: own
#
# A NIC whose driver takes redirected packets while it has a program: the core has it run one.
# Of kernels without the series: native and generic XDP, by the counters of either side.

load ../lib/nic

setup_file()
{
	nic_setup vmxnet3
}

teardown()
{
	detach native dut/eth0
	detach generic dut/eth0
	[[ $CTRL_TEST_KERNEL == debian-* ]] || rings num 0
	ip -n dut link set eth0 mtu 1500
	nic_up
}

# received N: of 100 frames that arrive at the NIC so many get to the stack
received()
{
	frames 100 100 far/eth1 "dut/eth0=$1"
}

# Every action, by the core's counters and by the NIC's.
@test "test_nic_vmxnet3_actions" {
	local action

	for action in drop:drops tx:tx aborted:aborted; do
		attach native dut/eth0 "${action%:*}"
		nic_up
		counts_both "received 0" "${action%:*}" "xdp ${action#*:}" 100
	done
	attach native dut/eth0 pass
	nic_up
	counts_both "received 100" pass "xdp packets" 100
	fails attach generic dut/eth0 pass
	detach native dut/eth0
}

# What the NIC sends back arrives, as it was.
@test "test_nic_vmxnet3_tx_arrives" {
	attach native dut/eth0 tx
	nic_up
	frames 100 100 far/eth1 far/eth1=100
}

@test "test_nic_vmxnet3_redirect_to_another_device" {
	local before

	target target 0 dut/d0
	on src ethtool -K s0 gro on
	attach native dut/eth0 to_ifindex
	nic_up
	before=$(on dut bpftool -j ctrl xdp stats dev d0 | jq '.[0].stats.xmit_packets // 0')
	forwarded()
	{
		frames 100 100 far/eth1 src/s0=100
	}
	counts_both forwarded redirect "xdp redirects" 100
	[ $(($(on dut bpftool -j ctrl xdp stats dev d0 | jq '.[0].stats.xmit_packets') - before)) = 100 ]
	on src ethtool -K s0 gro off
}

@test "test_nic_vmxnet3_generic" {
	local action before

	for action in pass:100 drop:0; do
		attach generic dut/eth0 "${action%:*}"
		before=$(counter "${action%:*}")
		received "${action#*:}"
		[ $(($(counter "${action%:*}") - before)) = 100 ]
		detach generic dut/eth0
	done
}

# bats test_tags=patch
@test "test_nic_vmxnet3_redirect_without_rings_is_lost" {
	shows '.features | index("ndo-xmit") | not'
	shows '.redirect_rings | .num == 0 and .size == 0 and .by == "core"'
	lost
	no_program
}

# bats test_tags=patch
@test "test_nic_vmxnet3_rings_are_a_program_that_nobody_sees" {
	rings num 12 size 128
	shows '.redirect_rings | .num == 12 and .size == 0 and .by == "core"'
	shows '.features | index("ndo-xmit")'
	on dut bpftool ctrl xdp show dev eth0 | grep '^eth0 .* core  .*,ndo-xmit'
	no_program
	counts_both "arrive 300" xmit_packets "xdp xmit" 300
	[ "$(nic_counter "xdp xmit err")" = 0 ]
	rings num 0
	shows '.features | index("ndo-xmit") | not'
	lost
}

# What is received runs through it, by the NIC's counters, and the core does not count it.
# bats test_tags=patch
@test "test_nic_vmxnet3_what_it_passes_is_not_counted" {
	local ran packets

	rings num 1
	ran=$(nic_counter "xdp packets")
	packets=$(counter packets)
	received 100
	[ $(($(nic_counter "xdp packets") - ran)) = 100 ]
	[ "$(counter packets)" = "$packets" ]
}

# bats test_tags=patch
@test "test_nic_vmxnet3_rings_survive_what_the_nic_goes_through" {
	rings num 1
	ip -n dut link set eth0 down
	nic_up
	arrive 200
	on dut ethtool -G eth0 rx 512 tx 256
	nic_up
	arrive 200
	ip -n dut link set eth0 mtu 1400
	nic_up
	arrive 200
	no_program
	on dut ethtool -G eth0 rx 1024 tx 512
}

# bats test_tags=patch
@test "test_nic_vmxnet3_rings_are_set_while_it_is_down" {
	ip -n dut link set eth0 down
	rings num 1
	nic_up
	arrive 200
	ip -n dut link set eth0 down
	rings num 0
	nic_up
	lost
}

# bats test_tags=patch
@test "test_nic_vmxnet3_mtu_is_too_large_in_words_of_the_driver" {
	ip -n dut link set eth0 mtu 9000
	nic_up
	refused "vmxnet3: MTU 9000 too large for XDP" num 1
	shows '.redirect_rings.num == 0'
	ip -n dut link set eth0 mtu 1500
	rings num 1
	fails ip -n dut link set eth0 mtu 9000
	nic_up
	arrive 200
}

# bats test_tags=patch
@test "test_nic_vmxnet3_programs_take_its_place" {
	rings num 1
	attach native dut/eth0 drop
	shows '.mode == "native" and .redirect_rings.num == 1'
	nic_up
	counts_both "received 0" drop "xdp drops" 100
	arrive 200
	detach native dut/eth0
	no_program
	nic_up
	arrive 200
	received 100

	attach generic dut/eth0 drop
	shows '.mode == "generic"'
	arrive 200
	received 0
	detach generic dut/eth0
	no_program
	arrive 200
}

# bats test_tags=patch
@test "test_nic_vmxnet3_a_program_survives_down_and_up" {
	attach native dut/eth0 drop
	ip -n dut link set eth0 down
	nic_up
	counts_both "received 0" drop "xdp drops" 100
	arrive 200
}

# lro STATE
lro()
{
	on dut ethtool -k eth0 | grep -q "^large-receive-offload: $1"
}

# What the driver switches off for a program is on again when the last has gone.
# bats test_tags=patch
@test "test_nic_vmxnet3_lro_is_off_as_long_as_there_are_rings" {
	on dut ethtool -K eth0 lro on
	lro on
	rings num 1
	lro off
	fails on dut ethtool -K eth0 lro on
	lro off
	attach native dut/eth0 pass
	lro off
	detach native dut/eth0
	lro off
	rings num 0
	lro on
	nic_up
	received 100
}

# there FILTER: what is so in the namespace that it is moved to
there()
{
	on other bpftool -j ctrl xdp show dev eth0 | jq -e ".[0] | $1" > /dev/null
}

# With the device, and what is set there holds.
# bats test_tags=patch
@test "test_nic_vmxnet3_rings_move_with_the_nic" {
	rings num 1
	ip netns add other
	ip -n dut link set eth0 netns other
	there '.redirect_rings.num == 1 and .redirect_rings.by == "core"'
	on other bpftool ctrl xdp set redirect-rings dev eth0 num 0
	there '.features | index("ndo-xmit") | not'
	on other bpftool ctrl xdp set redirect-rings dev eth0 num 2
	ip -n other link set eth0 netns dut
	ip netns del other
	shows '.redirect_rings.num == 2'
	no_program
	ip -n dut link set eth0 promisc on
	target devs 0 dut/eth0
	nic_up
	arrive 200
}

# Whatever changes while packets are redirected: what is lost then is lost, and afterwards
# everything arrives. (CTRL_TEST_ROUNDS=100: that often.)
# bats test_tags=patch
@test "test_nic_vmxnet3_races" {
	local i

	again on dut liveframes "$PROGS/to_dev" d0 2000 100
	for ((i = 0; i < ${CTRL_TEST_ROUNDS:-4}; i++)); do
		rings num 1
		attach native dut/eth0 pass
		ip -n dut link set eth0 down
		rings num 0
		ip -n dut link set eth0 up
		rings num 1
		detach native dut/eth0
		ip -n dut link set eth0 mtu $((1400 + i))
		on dut ethtool -G eth0 rx $((256 << i % 2))
		rings num 0
	done
	enough
	on dut ethtool -G eth0 rx 1024
	rings num 1
	nic_up
	arrive 200
}

# bats test_tags=patch
@test "test_nic_vmxnet3_module_is_removed_with_rings" {
	rings num 1
	rmmod vmxnet3
	[ ! -e /sys/class/net/eth0 ]
	fails on dut bpftool ctrl xdp show dev eth0
	nic_load vmxnet3
	shows '.redirect_rings.num == 0'
	lost
	rings num 1
	arrive 200
}
