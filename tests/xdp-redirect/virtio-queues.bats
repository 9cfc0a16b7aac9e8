#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: x86_64
# vm: --net
# boot: own
#
# virtio_net's choice of a send queue for XDP, on each CPU, when there are more queues than
# CPUs but not enough for each CPU to have one of its own.

load ../lib/virtio

setup_file()
{
	virtio_setup
}

teardown()
{
	detach native dut/eth2
	on dut ethtool -L eth2 combined 2
}

@test "test_virtio_queues_of_the_program_are_locked_if_shared" {
	on dut ethtool -L eth2 combined 3
	attach native dut/eth2 pass
	on_each_cpu forwarded 200 eth2 eth3
}

@test "test_virtio_queues_of_the_program_are_its_own_if_there_are_enough" {
	on dut ethtool -L eth2 combined 2
	attach native dut/eth2 pass
	[ "$(combined eth2)" = 4 ]
	on_each_cpu forwarded 200 eth2 eth3
}

@test "test_virtio_queues_xdp_tx" {
	on dut ethtool -L eth2 combined 3
	attach native dut/eth2 tx
	on_each_cpu frames 200 100 far/eth3 far/eth3=200
}
