#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: x86_64
# vm: --net
# boot: own
#
# Redirect out of virtio_net devices that have no program: eth2 has four queue pairs, eth0
# one. With two CPUs there are rings for fewer, for each and for more of them.

load ../lib/virtio

setup_file()
{
	virtio_setup
	ip -n dut addr add 192.0.2.2/24 dev eth2
	ip -n far addr add 192.0.2.3/24 dev eth3
	ip -n dut addr add 198.51.100.2/24 dev eth0
	ip -n far addr add 198.51.100.3/24 dev eth1
	[ "$(nproc)" = 2 ] || fail "this is for two CPUs (-c 2), not $(nproc)"
}

setup()
{
	on dut ethtool -L eth2 combined 1
}

teardown()
{
	rings eth0 0
	rings eth2 0
	detach native dut/eth2
	ip -n dut link set eth2 up
}

# Frames of both CPUs, and packets of the stack beside them.
works()
{
	on_each_cpu forwarded 300 "$1" "$2"
	on dut ping -q -c 1 -W 60 "$3" > /dev/null || fail "the stack does not get out of $1"
}

eth2_works()
{
	works eth2 eth3 192.0.2.3
}

# xdp_tx DEV: how many frames each of its queues took from XDP
xdp_tx()
{
	on dut ethtool -S "$1" | sed -n 's/^ *tx\([0-9]*\)_xdp_tx: /\1 /p'
}

# xps DEV QUEUE: a mask of the CPUs whose packets the stack sends on it
xps()
{
	ip netns exec dut cat "/sys/class/net/$1/queues/tx-$2/xps_cpus"
}

# eth2_works_on QUEUES: those take the frames
eth2_works_on()
{
	local before

	before=$(xdp_tx eth2)
	eth2_works
	[ "$(diff <(echo "$before") <(xdp_tx eth2) | sed -n 's/^> \([0-9]*\) .*/\1/p' | xargs)" = "$1" ]
}

lost()
{
	target devs 0 "dut/$1"
	frames -w 0 50 100 src/s0 "far/$2=0"
}

@test "test_virtio_redirect_without_rings_is_lost" {
	lost eth2 eth3
	lost eth0 eth1
	ndo_xmit eth2 0
	has_rings eth2 0 0 3
	has_rings eth0 0 0 1
}

@test "test_virtio_redirect_more_rings_than_there_can_be" {
	refused "there can never be 5, now at most 3, " eth2 5
	refused "there can never be 4294967295" eth2 4294967295
	refused "there can be 3 now, not 4, " eth2 4
	refused "there can never be 2, now at most 1" eth0 2
	on dut ethtool -L eth2 combined 3
	refused "there can be 3 now, not 4, " eth2 4
	rings eth2 3
	refused "there can be 3 now, not 4, " eth2 4
	refused "there can never be 5" eth2 5
	eth2_works
}

@test "test_virtio_redirect_size_is_that_of_the_ring" {
	local size

	size=$(attr eth2 .rings_max.size)
	[ "$(on dut ethtool -g eth2 | sed -n 's/^TX:[[:space:]]*//p' | tail -n 1)" = "$size" ]
	refused "have $size entries, not 1 " eth2 1 1
	refused "have $size entries, not $((size - 1)) " eth2 1 $((size - 1))
	refused "at most $size entries" eth2 1 $((size + 1))
	refused "at most $size entries" eth2 1 4294967295
	refused "there can be 3 now" eth2 4 "$size"
	rings eth2 1 "$size"
	[ "$(attr eth2 '[.rings.size, .rings_granted.size]')" = "[$size,$size]" ]
	refused "have $size entries, not 1 " eth2 1 1
	rings eth2 1
	[ "$(attr eth2 '[.rings.size, .rings_granted.size]')" = "[0,$size]" ]
	eth2_works
}

@test "test_virtio_redirect_fewer_rings_than_cpus" {
	rings eth2 1
	has_rings eth2 1 1 3
	[ "$(combined eth2)" = 2 ]
	ndo_xmit eth2 1
	eth2_works_on 1
}

@test "test_virtio_redirect_as_many_rings_as_cpus" {
	rings eth2 2
	has_rings eth2 2 2 3
	[ "$(combined eth2)" = 3 ]
	ndo_xmit eth2 1
	eth2_works_on "1 2"
}

@test "test_virtio_redirect_more_rings_than_cpus" {
	rings eth2 3
	has_rings eth2 3 3 3
	[ "$(combined eth2)" = 4 ]
	eth2_works_on "1 2"
}

@test "test_virtio_redirect_shares_queues_when_none_are_to_spare" {
	local num

	on dut ethtool -L eth2 combined 4
	for num in 1 2 4; do
		rings eth2 "$num"
		has_rings eth2 "$num" "$num" 4
		[ "$(combined eth2)" = 4 ]
		eth2_works_on "$([ $num = 1 ] && echo 0 || echo 0 1)"
	done
}

@test "test_virtio_redirect_shares_the_only_queue" {
	rings eth0 1
	has_rings eth0 1 1 1
	[ "$(combined eth0)" = 1 ]
	works eth0 eth1 198.51.100.3
	rings eth0 0
	lost eth0 eth1
}

@test "test_virtio_redirect_rings_are_released" {
	rings eth2 3
	rings eth2 0
	has_rings eth2 0 0 3
	[ "$(combined eth2)" = 1 ]
	ndo_xmit eth2 0
	lost eth2 eth3
	rings eth2 0
	rings eth2 2
	eth2_works
}

@test "test_virtio_redirect_number_of_rings_changes" {
	local num

	for num in 3 1 2 3 2 1; do
		rings eth2 "$num"
		[ "$(combined eth2)" = $((1 + num)) ]
		eth2_works
	done
}

@test "test_virtio_redirect_survives_down_and_up" {
	rings eth2 2
	ip -n dut link set eth2 down
	has_rings eth2 2 2 3
	ip -n dut link set eth2 up
	eth2_works
}

@test "test_virtio_redirect_is_set_while_down" {
	ip -n dut link set eth2 down
	rings eth2 2
	ip -n dut link set eth2 up
	eth2_works
	ip -n dut link set eth2 down
	rings eth2 0
	ip -n dut link set eth2 up
	lost eth2 eth3
}

@test "test_virtio_redirect_survives_a_program" {
	local num

	for num in 1 2 3; do
		rings eth2 "$num"
		attach native dut/eth2 pass
		has_rings eth2 "$num" "$num" 3
		[ "$(combined eth2)" = $((num < 2 ? 3 : 1 + num)) ]
		eth2_works
		detach native dut/eth2
		[ "$(combined eth2)" = $((1 + num)) ]
		ndo_xmit eth2 1
		eth2_works
	done
}

@test "test_virtio_redirect_a_program_with_too_few_queues_to_spare" {
	on dut ethtool -L eth2 combined 3
	rings eth2 1
	[ "$(combined eth2)" = 4 ]
	attach native dut/eth2 pass
	[ "$(combined eth2)" = 4 ]
	eth2_works
	rings eth2 0
	[ "$(combined eth2)" = 3 ]
	eth2_works
	rings eth2 2
	[ "$(combined eth2)" = 3 ]
	eth2_works
	detach native dut/eth2
	eth2_works
	[ "$(combined eth2)" = 3 ]
}

@test "test_virtio_redirect_under_a_program" {
	attach native dut/eth2 pass
	rings eth2 3
	[ "$(combined eth2)" = 4 ]
	eth2_works
	rings eth2 0
	[ "$(combined eth2)" = 3 ]
	ndo_xmit eth2 1
	eth2_works
	rings eth2 1
	detach native dut/eth2
	[ "$(combined eth2)" = 2 ]
	eth2_works
}

@test "test_virtio_redirect_survives_a_change_of_channels" {
	rings eth2 2
	run on dut ethtool -L eth2 combined 2
	[ "$status" != 0 ]
	[ "$(combined eth2)" = 3 ]
	on dut ethtool -L eth2 combined 4
	has_rings eth2 2 2 2
	eth2_works
	on dut ethtool -L eth2 combined 3
	has_rings eth2 2 2 3
	eth2_works
}

@test "test_virtio_redirect_survives_a_change_of_shared_channels" {
	on dut ethtool -L eth2 combined 4
	rings eth2 2
	run on dut ethtool -L eth2 combined 1
	[ "$status" != 0 ]
	on dut ethtool -L eth2 combined 2
	has_rings eth2 2 2 2
	eth2_works
}

# The stack's packets of each CPU have a queue of the stack's: with XPS on one of XDP's, which
# the stack does not use, they would have none.
@test "test_virtio_redirect_leaves_each_cpu_a_queue_of_the_stack" {
	rings eth2 2
	on dut ethtool -L eth2 combined 4
	[ "$(xps eth2 0) $(xps eth2 1)" = "1 2" ]
	on dut ethtool -L eth2 combined 3
	[ "$(xps eth2 0)" = 3 ]
}

@test "test_virtio_redirect_survives_a_move_to_another_namespace" {
	rings eth2 3
	ip -n dut link set eth2 netns src
	ip -n src link set eth2 netns dut
	ip -n dut addr add 192.0.2.2/24 dev eth2
	ip -n dut link set eth2 up
	has_rings eth2 3 3 3
	ndo_xmit eth2 1
	eth2_works
}

# received: bytes and packets of eth2
received()
{
	on dut sed -n 's/^ *eth2: *\([0-9]*\) *\([0-9]*\) .*/\1 \2/p' /proc/net/dev
}

# mean_size: of the packets of a stream that eth2 receives; eth3 sends large ones, and unless
# eth2 takes these they are cut for it.
mean_size()
{
	local bytes packets bytes_after packets_after

	read -r bytes packets < <(received)
	stream far dut 192.0.2.2 4000000
	read -r bytes_after packets_after < <(received)
	echo $(((bytes_after - bytes) / (packets_after - packets)))
}

@test "test_virtio_redirect_keeps_gro_hw" {
	local before

	before=$(on dut ethtool -k eth2)
	[[ $before == *"rx-gro-hw: on"* ]]
	[ "$(mean_size)" -gt 3000 ]
	rings eth2 3
	[ "$(on dut ethtool -k eth2)" = "$before" ]
	[ "$(mean_size)" -gt 3000 ]
	# The work-around costs it.
	rings eth2 0
	attach native dut/eth2 pass
	[ "$(mean_size)" -lt 1600 ]
}

# hold_queue QUEUE, release_queue: an AF_XDP socket is bound to it, and is closed
hold_queue()
{
	mkfifo "$BATS_TEST_TMPDIR/end"
	nsenter --net=/run/netns/dut xskhold eth2 "$1" \
		< "$BATS_TEST_TMPDIR/end" > "$BATS_TEST_TMPDIR/held" 3>&- &
	holder=$!
	exec {end}> "$BATS_TEST_TMPDIR/end"
	wait_for grep -q ready "$BATS_TEST_TMPDIR/held"
}

release_queue()
{
	exec {end}>&-
	wait "$holder"
}

# What would be taken away with the rings is in use: as with channels.
@test "test_virtio_redirect_rings_of_af_xdp_sockets_stay" {
	rings eth2 3
	hold_queue 3
	refused "Queue 3 is in use by AF_XDP" eth2 0
	refused "Queue 3 is in use by AF_XDP" eth2 2
	eth2_works
	release_queue
	rings eth2 2
	has_rings eth2 2 2 3
	eth2_works
}
