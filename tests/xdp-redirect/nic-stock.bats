#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: debian-6.12 debian-7.3
# vm: --nic vmxnet3
# boot: own
#
# Redirect rings of a NIC on a kernel without control maps: a program, once it takes one. Its
# driver, without the fixes of the series, says that it takes redirected packets until a
# program was detached, and until then it does.

load ../lib/nic

setup_file()
{
	nic_setup vmxnet3
}

@test "test_nic_stock_takes_packets_as_it_is" {
	arrive 200
	refused "its driver has none to set up, and takes redirected packets as it is" num 1
	arrive 200
}

@test "test_nic_stock_rings_by_a_program" {
	attach native dut/eth0 pass
	nic_up
	arrive 200
	detach native dut/eth0
	nic_up
	rings_are_a_program
}

@test "test_nic_stock_mtu_is_too_large" {
	mtu_is_too_large
}
