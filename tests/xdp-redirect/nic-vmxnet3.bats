#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: x86_64
# vm: --nic vmxnet3
# boot: own
#
# A NIC whose driver takes redirected packets while it has a program: the core has it run one.

load ../lib/nic

setup_file()
{
	nic_setup vmxnet3
}

teardown()
{
	detach native dut/eth0
	detach generic dut/eth0
	rings num 0
	ip -n dut link set eth0 mtu 1500
	nic_up
}

@test "test_nic_vmxnet3_redirect_without_rings_is_lost" {
	shows '.features | index("ndo-xmit") | not'
	shows '.redirect_rings == { num: 0, size: 0, by: "core" }'
	lost
	no_program
}

@test "test_nic_vmxnet3_rings_are_a_program_that_nobody_sees" {
	local sent xmit

	rings num 12 size 128
	shows '.redirect_rings == { num: 12, size: 0, by: "core" } and (.features | index("ndo-xmit"))'
	on dut bpftool ctrl xdp show dev eth0 | grep -q '^eth0 .* core  .*,ndo-xmit'
	no_program
	sent=$(nic_counter "xdp xmit")
	xmit=$(counter xmit_packets)
	arrive 300
	[ $(($(nic_counter "xdp xmit") - sent)) = 300 ]
	[ $(($(counter xmit_packets) - xmit)) = 300 ]
	[ "$(nic_counter "xdp xmit err")" = 0 ]
	rings num 0
	shows '.features | index("ndo-xmit") | not'
	lost
}

# What is received runs through it, by the NIC's counters, and the core does not count it.
@test "test_nic_vmxnet3_what_it_passes_is_not_counted" {
	local ran packets

	rings num 1
	ran=$(nic_counter "xdp packets")
	packets=$(counter packets)
	frames 300 100 far/eth1 dut/eth0=300
	[ $(($(nic_counter "xdp packets") - ran)) = 300 ]
	[ "$(counter packets)" = "$packets" ]
}

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
}

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

@test "test_nic_vmxnet3_programs_take_its_place" {
	local dropped

	rings num 1
	attach native dut/eth0 drop
	shows '.mode == "native" and .redirect_rings.num == 1'
	nic_up
	dropped=$(counter drop)
	frames 200 100 far/eth1 dut/eth0=0
	[ $(($(counter drop) - dropped)) = 200 ]
	arrive 200
	detach native dut/eth0
	no_program
	nic_up
	arrive 200
	frames 200 100 far/eth1 dut/eth0=200

	attach generic dut/eth0 drop
	shows '.mode == "generic"'
	arrive 200
	detach generic dut/eth0
	no_program
	arrive 200
}

@test "test_nic_vmxnet3_a_program_survives_down_and_up" {
	local dropped driver

	attach native dut/eth0 drop
	ip -n dut link set eth0 down
	nic_up
	dropped=$(counter drop)
	driver=$(nic_counter "xdp drops")
	frames 200 100 far/eth1 dut/eth0=0
	[ $(($(counter drop) - dropped)) = 200 ]
	[ $(($(nic_counter "xdp drops") - driver)) = 200 ]
	arrive 200
}

# Every action, by the core's counters and by the NIC's.
@test "test_nic_vmxnet3_actions" {
	local action before driver

	for action in drop:drops tx:tx aborted:aborted; do
		attach native dut/eth0 "${action%:*}"
		nic_up
		before=$(counter "${action%:*}")
		driver=$(nic_counter "xdp ${action#*:}")
		frames 100 100 far/eth1 dut/eth0=0
		[ $(($(counter "${action%:*}") - before)) = 100 ] || fail "$action"
		[ $(($(nic_counter "xdp ${action#*:}") - driver)) = 100 ] || fail "the NIC's $action"
	done
	fails attach generic dut/eth0 pass
	detach native dut/eth0
	attach generic dut/eth0 pass
	nic_up
	before=$(counter pass)
	frames 100 100 far/eth1 dut/eth0=100
	[ $(($(counter pass) - before)) = 100 ]
}

@test "test_nic_vmxnet3_module_is_removed_with_rings" {
	rings num 1
	rmmod vmxnet3
	[ ! -e /sys/class/net/eth0 ]
	run on dut bpftool ctrl xdp show dev eth0
	[ "$status" != 0 ]
	insmod "$TOP/build/$CTRL_TEST_KERNEL/drivers/net/vmxnet3/vmxnet3.ko"
	wait_for test -e /sys/class/net/eth0
	wait_for test -e /sys/class/net/eth1
	ip link set eth0 netns dut
	ip link set eth1 netns far
	ip -n dut link set eth0 promisc on
	ip -n far link set eth1 promisc on
	nic_up
	target devs 0 dut/eth0
	lost
	rings num 1
	arrive 200
}
