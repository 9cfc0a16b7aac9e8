#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: x86_64
# vm: --nic virtio
# boot: own
#
# The send queues of a virtio_net device get another size while packets are redirected into
# it on each CPU: to queues that each CPU has for itself, and to shared ones.

load ../lib/virtio

setup_file()
{
	virtio_setup
}

setup()
{
	local cpu

	target devs 0 dut/eth2
	redirects=()
	for cpu in /sys/devices/system/cpu/cpu[0-9]*; do
		redirect "${cpu##*cpu}" 3>&- &
		redirects+=($!)
	done
}

teardown()
{
	quiet
	detach native dut/eth2
	on dut ethtool -L eth2 combined 2
}

# redirect CPU: as fast as it can
redirect()
{
	while [ ! -e "$BATS_TEST_TMPDIR/quiet" ]; do
		on dut taskset -c "$1" liveframes "$PROGS/to_dev" d0 2000 100
	done
}

quiet()
{
	touch "$BATS_TEST_TMPDIR/quiet"
	wait "${redirects[@]}"
}

# resized PAIRS: with so many queue pairs of the stack, and then it works
resized()
{
	local i size

	on dut ethtool -L eth2 combined "$1"
	attach native dut/eth2 pass
	for ((i = 0; i < 10; i++)); do
		for size in 64 256; do
			on dut ethtool -G eth2 tx "$size"
		done
	done
	quiet
	on_each_cpu forwarded 200 eth2 eth3
}

@test "test_virtio_resize_queues_of_each_cpu" {
	resized 2
}

@test "test_virtio_resize_shared_queues" {
	resized 3
}
