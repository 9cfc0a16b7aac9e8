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
	lost
	shows '.redirect_rings | .num == 0 and .by == "core"'

	[ "$(rings num 1)" = "eth0 takes redirected packets by an XDP program that passes all" ]
	shows '.mode == "native" and .redirect_rings.num == 1'
	nic_up
	arrive 200
	frames 100 100 far/eth1 dut/eth0=100
	rings num 0
	no_program
	nic_up
	lost
	[ -z "$(find /sys/fs/bpf -name 'bpftool_ctrl_rings*')" ]
}

# What the driver says is not among what a link tells.
@test "test_nic_stock_mtu_is_too_large" {
	ip -n dut link set eth0 mtu 9000
	nic_up
	fails rings num 1
	shows '.mode == "none" and .redirect_rings.num == 0'
	ip -n dut link set eth0 mtu 1500
	nic_up
	[ -z "$(find /sys/fs/bpf -name 'bpftool_ctrl_rings*')" ]
}
