#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: x86_64
# vm: --net
# boot: own
#
# Redirect rings of a virtio_net device are set and released while packets are redirected
# into it on each CPU, the stack sends, and all else about the device changes. Afterwards it
# works, and the kernel did not complain, which vm/run looks for.

load ../lib/virtio

ROUNDS=6

setup_file()
{
	export VIRTIO_DEVICE

	VIRTIO_DEVICE=$(basename "$(readlink /sys/class/net/eth2/device)")
	virtio_setup
	ip -n far addr add 192.0.2.3/24 dev eth3
}

setup()
{
	target devs 0 dut/eth2
	ip -n dut addr replace 192.0.2.2/24 dev eth2
	on dut ethtool -L eth2 combined 1
	for cpu in /sys/devices/system/cpu/cpu[0-9]*; do
		redirect "${cpu##*cpu}" 3>&- &
	done
	talk 3>&- &
}

teardown()
{
	quiet
	rings eth2 0
	detach native dut/eth2
}

# redirect CPU: as fast as it can
redirect()
{
	while [ ! -e "$BATS_TEST_TMPDIR/quiet" ]; do
		on dut taskset -c "$1" liveframes "$PROGS/to_dev" d0 2000 100
	done
}

talk()
{
	while [ ! -e "$BATS_TEST_TMPDIR/quiet" ]; do
		on dut ping -q -f -c 200 -w 2 192.0.2.3 > /dev/null 2>&1 || sleep 0.1
	done
}

quiet()
{
	touch "$BATS_TEST_TMPDIR/quiet"
	wait
}

set_and_release()
{
	local i num

	for ((i = 0; i < ROUNDS; i++)); do
		for num in 2 0 1 3; do
			# there may be too few queues just then
			rings eth2 "$num" 2> /dev/null || true
		done
	done
}

down_and_up()
{
	local i

	for ((i = 0; i < ROUNDS; i++)); do
		ip -n dut link set eth2 down
		ip -n dut link set eth2 up
	done
}

attach_and_detach()
{
	local i

	for ((i = 0; i < ROUNDS; i++)); do
		attach native dut/eth2 pass
		detach native dut/eth2
	done
}

change_channels()
{
	local i num

	for ((i = 0; i < ROUNDS; i++)); do
		for num in 4 2 3 1; do
			# refused if the rings or a program do not leave so many
			on dut ethtool -L eth2 combined "$num" 2> /dev/null || true
		done
	done
}

# race COMMAND...: all at once, each to its end
race()
{
	local command pids=() pid

	for command; do
		"$command" 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
}

# With each number of rings, and none.
still_works()
{
	local num

	quiet
	detach native dut/eth2
	rings eth2 0
	on dut ethtool -L eth2 combined 1
	for num in 1 2 3; do
		rings eth2 "$num"
		on_each_cpu forwarded 200 eth2 eth3
		on dut ping -q -c 1 -W 60 192.0.2.3 > /dev/null
	done
	rings eth2 0
	frames -w 0 50 100 src/s0 far/eth3=0
}

@test "test_virtio_races_down_and_up" {
	race set_and_release down_and_up
	still_works
}

@test "test_virtio_races_attach_and_detach" {
	race set_and_release attach_and_detach
	still_works
}

@test "test_virtio_races_change_of_channels" {
	race set_and_release change_channels
	still_works
}

@test "test_virtio_races_all_at_once" {
	race set_and_release down_and_up attach_and_detach change_channels
	still_works
}

# With receive queues for XDP, which go in between.
@test "test_virtio_races_device_goes_and_comes" {
	local driver=/sys/bus/virtio/drivers/virtio_net set new

	for set in "rings eth2 2" "attach native dut/eth2 pass" "rings eth2 1"; do
		$set
		echo "$VIRTIO_DEVICE" > $driver/unbind
		echo "$VIRTIO_DEVICE" > $driver/bind
		new=$(basename "$(echo /sys/bus/virtio/devices/"$VIRTIO_DEVICE"/net/*)")
		ip link set "$new" netns dut name eth2
		has_rings eth2 0 0 "$(attr eth2 .rings_max.num)"
		ip -n dut link set eth2 up
		ip -n dut addr add 192.0.2.2/24 dev eth2
		on dut ethtool -L eth2 combined 1
		target devs 0 dut/eth2
	done
	still_works
}
