#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: x86_64 debian-6.12 debian-7.3
# vm: --nic vmxnet3
# boot: own
#
# A NIC whose driver takes redirected packets as it is. Of kernels without the series: native
# and generic XDP. By the counters of either side.

load ../lib/nic

setup_file()
{
	nic_setup vmxnet3
}

teardown()
{
	detach native dut/eth0
	detach generic dut/eth0
	ip -n dut link set eth0 mtu 1500
	nic_up
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
	redirects_to_another "xdp redirects"
}

@test "test_nic_vmxnet3_generic" {
	generic_is_counted
}

# as_it_is: it offers redirects, takes all packets, and has no rings to set up
as_it_is()
{
	shows '.features | index("ndo-xmit")'
	shows 'has("redirect_rings") | not'
	refused "The device takes redirected packets as it is" num 1
	arrive 200
}

# Whatever becomes of programs: the driver alone would say after the first that it does not.
# bats test_tags=patch
@test "test_nic_vmxnet3_takes_packets_as_it_is" {
	as_it_is
	counts_both "arrive 300" xmit_packets "xdp xmit" 300
	[ "$(nic_counter "xdp xmit err")" = 0 ]
	attach native dut/eth0 pass
	nic_up
	as_it_is
	detach native dut/eth0
	nic_up
	as_it_is
	ip -n dut link set eth0 down
	attach native dut/eth0 pass
	detach native dut/eth0
	nic_up
	as_it_is
}

# bats test_tags=patch
@test "test_nic_vmxnet3_survives_what_the_nic_goes_through" {
	on dut ethtool -G eth0 rx 512 tx 256
	nic_up
	as_it_is
	ip -n dut link set eth0 mtu 9000
	nic_up
	as_it_is
	fails attach native dut/eth0 pass
	nic_up
	as_it_is
	on dut ethtool -G eth0 rx 1024 tx 512
}

# bats test_tags=patch
@test "test_nic_vmxnet3_a_program_survives_down_and_up" {
	attach native dut/eth0 drop
	ip -n dut link set eth0 down
	nic_up
	counts_both "received 0" drop "xdp drops" 100
	arrive 200
}

# Whatever changes while packets are redirected: what is lost then is lost, and afterwards
# everything arrives. (CTRL_TEST_ROUNDS=100: that often.)
# bats test_tags=patch
@test "test_nic_vmxnet3_races" {
	local i

	again on dut liveframes "$PROGS/to_dev" d0 2000 100
	for ((i = 0; i < ${CTRL_TEST_ROUNDS:-4}; i++)); do
		attach native dut/eth0 pass
		ip -n dut link set eth0 down
		ip -n dut link set eth0 up
		detach native dut/eth0
		ip -n dut link set eth0 mtu $((1400 + i))
		on dut ethtool -G eth0 rx $((256 << i % 2))
	done
	enough
	on dut ethtool -G eth0 rx 1024
	nic_up
	as_it_is
}

# bats test_tags=patch
@test "test_nic_vmxnet3_module_is_removed" {
	rmmod vmxnet3
	[ ! -e /sys/class/net/eth0 ]
	fails on dut bpftool ctrl xdp show dev eth0
	nic_load vmxnet3
	as_it_is
}
