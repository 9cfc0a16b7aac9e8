#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: debian-6.12 debian-7.3
# vm: --nic igb
# needs: build/qemu/version
# boot: own
#
# Redirect rings of a NIC that needs a program for them, on a kernel without control maps: by a
# program that people see.

load ../lib/nic

setup_file()
{
	nic_setup igb
}

@test "test_nic_stock_igb_rings_are_a_program" {
	rings_are_a_program
}

@test "test_nic_stock_igb_mtu_is_too_large" {
	mtu_is_too_large
}
