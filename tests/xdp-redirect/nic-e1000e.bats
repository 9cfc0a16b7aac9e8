#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: x86_64
# vm: --nic e1000e
# boot: own
#
# A NIC whose driver has no native XDP.

load ../lib/nic

setup_file()
{
	nic_setup e1000e
}

@test "test_nic_e1000e_has_no_rings" {
	local num

	for num in 0 1 max; do
		refused "Its driver takes no packets from native XDP" num "$num"
	done
	shows 'has("redirect_rings") | not'
	no_program
	lost
}

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
