#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: x86_64 debian-6.12 debian-7.3
# vm: --nic igb
# needs: build/qemu/version
# boot: own
#
# A NIC whose driver takes redirected packets while it has a program: the core has it run one.
# Of kernels without the series: native and generic XDP (nic-stock-igb.bats has rings there).
# By the core's counters and by those of the NIC, which counts what arrives before XDP.

load ../lib/nic

setup_file()
{
	nic_setup igb
}

teardown()
{
	detach native dut/eth0
	detach generic dut/eth0
	[[ $CTRL_TEST_KERNEL == debian-* ]] || rings num 0
	ip -n dut link set eth0 mtu 1500
	nic_up
}

# Every action.
@test "test_nic_igb_actions" {
	local action

	for action in drop:drops tx:tx aborted:aborted; do
		attach native dut/eth0 "${action%:*}"
		nic_up
		counts_both "received 0" "${action%:*}" rx_packets 100
	done
	attach native dut/eth0 pass
	nic_up
	counts_both "received 100" pass rx_packets 100
	fails attach generic dut/eth0 pass
	detach native dut/eth0
}

# What the NIC sends back arrives, as it was.
@test "test_nic_igb_tx_arrives" {
	local sent

	attach native dut/eth0 tx
	nic_up
	sent=$(nic_counter tx_packets)
	frames 100 100 far/eth1 far/eth1=100
	[ $(($(nic_counter tx_packets) - sent)) = 100 ]
}

@test "test_nic_igb_redirect_to_another_device" {
	redirects_to_another "rx_packets"
}

@test "test_nic_igb_generic" {
	generic_is_counted
}

@test "test_nic_igb_redirect_without_rings_is_lost" {
	shows '.features | index("ndo-xmit") | not'
	shows '.redirect_rings | .num == 0 and .by == "core"'
	lost
	no_program
}

# With a program of one's own, and not when that has gone.
@test "test_nic_igb_a_program_is_enough" {
	attach native dut/eth0 pass
	nic_up
	shows '.features | index("ndo-xmit")'
	arrive 200
	detach native dut/eth0
	nic_up
	shows '.features | index("ndo-xmit") | not'
	lost
}

# bats test_tags=patch
@test "test_nic_igb_rings_are_a_program_that_nobody_sees" {
	rings num 12 size 128
	shows '.redirect_rings | .num == 12 and .size == 0 and .by == "core"'
	shows '.features | index("ndo-xmit")'
	on dut bpftool ctrl xdp show dev eth0 | grep '^eth0 .* core  .*,ndo-xmit'
	no_program
	nic_up
	counts_both "arrive 300" xmit_packets tx_packets 300
	rings num 0
	shows '.features | index("ndo-xmit") | not'
	nic_up
	lost
}

# What is received runs through it, and the core does not count it.
# bats test_tags=patch
@test "test_nic_igb_what_it_passes_is_not_counted" {
	local packets

	rings num 1
	nic_up
	packets=$(counter packets)
	received 100
	[ "$(counter packets)" = "$packets" ]
}

# bats test_tags=patch
@test "test_nic_igb_rings_survive_what_the_nic_goes_through" {
	rings num 1
	ip -n dut link set eth0 down
	nic_up
	arrive 200
	on dut ethtool -G eth0 rx 512 tx 512
	nic_up
	arrive 200
	on dut ethtool -L eth0 combined 1
	nic_up
	arrive 200
	ip -n dut link set eth0 mtu 1400
	nic_up
	arrive 200
	no_program
	on dut ethtool -G eth0 rx 256 tx 256
}

# bats test_tags=patch
@test "test_nic_igb_rings_are_set_while_it_is_down" {
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
@test "test_nic_igb_mtu_is_too_large_in_words_of_the_driver" {
	ip -n dut link set eth0 mtu 9000
	nic_up
	refused "igb: The RX buffer size is too small for the frame size" num 1
	shows '.redirect_rings.num == 0'
	ip -n dut link set eth0 mtu 1500
	rings num 1
	fails ip -n dut link set eth0 mtu 9000
	nic_up
	arrive 200
}

# bats test_tags=patch
@test "test_nic_igb_programs_take_its_place" {
	rings num 1
	attach native dut/eth0 drop
	shows '.mode == "native" and .redirect_rings.num == 1'
	nic_up
	counts_both "received 0" drop rx_packets 100
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

# there FILTER: what is so in the namespace that it is moved to
there()
{
	on other bpftool -j ctrl xdp show dev eth0 | jq -e ".[0] | $1" > /dev/null
}

# With the device, and what is set there holds.
# bats test_tags=patch
@test "test_nic_igb_rings_move_with_the_nic" {
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
@test "test_nic_igb_races" {
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
	on dut ethtool -G eth0 rx 256
	rings num 1
	nic_up
	arrive 200
}

# bats test_tags=patch
@test "test_nic_igb_module_is_removed_with_rings" {
	rings num 1
	rmmod igb
	[ ! -e /sys/class/net/eth0 ]
	fails on dut bpftool ctrl xdp show dev eth0
	nic_load igb
	shows '.redirect_rings.num == 0'
	lost
	rings num 1
	nic_up
	arrive 200
}
