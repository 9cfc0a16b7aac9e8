#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: x86_64 debian-6.12 debian-7.3
# vm: --nic e1000e
# boot: own
#
# A NIC whose driver has no native XDP.

load ../lib/nic

WHY="Its driver takes no packets from native XDP"
case ${CTRL_TEST_KERNEL:-} in
debian-*) WHY="its driver has no XDP, or this kernel does not tell (Linux 6.3 and later do)" ;;
esac

setup_file()
{
	nic_setup e1000e
}

@test "test_nic_e1000e_has_no_rings" {
	local num

	for num in 0 1 max; do
		refused "$WHY" num "$num"
	done
	shows 'has("redirect_rings") | not'
	no_program
	lost
	fails attach native dut/eth0 pass
}

# The number of a generic program's packets is the sender's.
@test "test_nic_e1000e_generic_programs_are_counted" {
	local action before

	for action in pass:100 drop:0; do
		attach generic dut/eth0 "${action%:*}"
		before=$(counter "${action%:*}")
		frames 100 100 far/eth1 "dut/eth0=${action#*:}"
		[ $(($(counter "${action%:*}") - before)) = 100 ]
		detach generic dut/eth0
	done
}

# Generic XDP redirects to it as to any device: the stack sends.
# bats test_tags=patch
@test "test_nic_e1000e_generic_redirect_arrives" {
	local before

	detach native dut/d0
	attach generic dut/d0 to_dev
	before=$(counter xmit_packets)
	arrive 100
	[ $(($(counter xmit_packets) - before)) = 100 ]
	detach generic dut/d0
	attach native dut/d0 to_dev
}
