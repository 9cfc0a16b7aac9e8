#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um x86_64
#
# What became of each redirected packet: redirect = xmit_packets + xmit_drops + redirect_errors,
# to the packet, over both ends; for a CPU or a socket as the target, redirect_errors and what
# got there.

# shellcheck disable=SC2154 # set by run
load ../lib/rings

setup_file()
{
	namespaces src dut dst mid
	load_programs
	bpftool ctrl xdp set stats on
}

# stat_of DEV COUNTER
stat_of()
{
	on "${1%/*}" bpftool -j ctrl xdp stats dev "${1#*/}" | jq ".[0].stats.$2 // 0"
}

# sums_up N DEV [TARGET]: DEV has redirected N packets, and each is in one counter of these two
sums_up()
{
	local xmit=0 drops=0 errors

	[ "$(stat_of "$2" redirect)" = "$1" ] || fail "$2 has redirected $(stat_of "$2" redirect), not $1"
	errors=$(stat_of "$2" redirect_errors)
	if [ -n "${3:-}" ]; then
		xmit=$(stat_of "$3" xmit_packets)
		drops=$(stat_of "$3" xmit_drops)
	fi
	became="$xmit sent, $drops dropped, $errors errors"
	[ $((xmit + drops + errors)) = "$1" ] || fail "of $1: $became"
}

# sums_up_with N TAKEN [TARGET]: d0 has redirected N, of which so many were taken elsewhere
sums_up_with()
{
	local n=$1 taken=$2

	[ "$(stat_of dut/d0 redirect)" = "$n" ]
	[ $((taken + $(stat_of dut/d0 redirect_errors) + $(stat_of "${3:-dut/d1}" xmit_packets) +
		$(stat_of "${3:-dut/d1}" xmit_drops))) = "$n" ] ||
		fail "of $n: $(on dut bpftool ctrl xdp stats all)"
}

# problems NETNS: what the recipe says there
problems()
{
	on "$1" bpftool -j ctrl xdp show all | jq -r -f "$TOP/examples/redirect-problems.jq"
}

# elsewhere N: what it says of those that no device here has
elsewhere()
{
	echo "$1 redirected packets went to no device here: a CPU (cpumap), a socket (AF_XDP) or a device of another network namespace took them"
}

@test "test_sum_devmap_and_ifindex" {
	local mode n=0 program

	rings dut/d1 num 1
	target target 0 dut/d1
	for mode in native generic; do
		for program in to_dev to_ifindex; do
			detach native dut/d0
			detach generic dut/d0
			attach "$mode" dut/d0 "$program"
			arrive 200
			n=$((n + 200))
			sums_up "$n" dut/d0 dut/d1
			[ "$became" = "$n sent, 0 dropped, 0 errors" ]
		done
	done
	[ -z "$(problems dut)" ]
}

@test "test_sum_target_without_rings" {
	arrive 0
	sums_up 200 dut/d0 dut/d1
	[ "$became" = "0 sent, 0 dropped, 200 errors" ]
	[ "$(problems dut)" = "d0: 200 of 200 redirected packets could not be handed over: their target is not there, is down, takes no redirected packets (no redirect rings: d1), or is a socket that is full" ]
}

@test "test_sum_target_down" {
	local mode n=0

	rings dut/d1 num 1
	ip -n dut link set d1 down
	for mode in native generic; do
		attach "$mode" dut/d0 to_dev
		arrive 0
		detach "$mode" dut/d0
		n=$((n + 200))
		sums_up "$n" dut/d0 dut/d1
		[ "$became" = "0 sent, 0 dropped, $n errors" ]
	done
	[ "$(problems dut)" = "d0: 400 of 400 redirected packets could not be handed over: their target is not there, is down, or is a socket that is full" ]
}

# The receiver may take none before all 64 are redirected.
@test "test_sum_ring_full" {
	rings dut/d1 num 1 size 16
	on dut liveframes "$PROGS/to_dev" d0 64 100 64
	sums_up 64 dut/d0 dut/d1
	[ "$became" = "16 sent, 48 dropped, 0 errors" ]
	[ "$(problems dut)" = "d1: 48 of 64 packets redirected to it were lost there: its rings (1 of 16) were full, packets too long, or a program of the devmap dropped them" ]
}

@test "test_sum_receiver_down" {
	rings dut/d1 num 1
	arrive 200
	ip -n dst link set t1 down
	frames 200 100 src/s0
	wait_for sums_up 400 dut/d0 dut/d1
}

@test "test_sum_too_long_for_the_target" {
	rings dut/d1 num 1
	ip -n dst link set t1 mtu 500
	frames 100 1000 src/s0 dst/t1=0
	sums_up 100 dut/d0 dut/d1
	[ "$became" = "0 sent, 100 dropped, 0 errors" ]
}

@test "test_sum_devmap_program" {
	rings dut/d1 num 1
	target devs 0 dut/d1 dev_even
	arrive 200
	frames 100 101 src/s0 dst/t1=0
	sums_up 300 dut/d0 dut/d1
	[ "$became" = "200 sent, 100 dropped, 0 errors" ]
}

# from_cpu CPU: as fast as it can, beside the others
from_cpu()
{
	on dut taskset -c "$1" liveframes "$PROGS/to_dev" d0 5000 100
}

@test "test_sum_more_cpus_than_rings" {
	local cpu cpus=(/sys/devices/system/cpu/cpu[0-9]*) pids=() pid size

	for size in 4096 16; do
		rings dut/d1 num 1 size "$size"
		for cpu in "${cpus[@]}"; do
			from_cpu "${cpu##*cpu}" 3>&- &
			pids+=($!)
		done
		for pid in "${pids[@]}"; do
			wait "$pid"
		done
	done
	sums_up $((${#pids[@]} * 5000)) dut/d0 dut/d1
}

# Of two namespaces each has one end.
@test "test_sum_across_namespaces" {
	wide mid/m1 dst/t2
	target devs 0 mid/m1
	frames 200 100 src/s0 dst/t2=0
	rings mid/m1 num 1
	frames 200 100 src/s0 dst/t2=200
	sums_up 400 dut/d0 mid/m1
	[ "$became" = "200 sent, 0 dropped, 200 errors" ]
	[[ $(problems dut) == "d0: 200 of 400 "*$'\n'"$(elsewhere 200)" ]]
	[ -z "$(problems mid)" ]
	remove mid/m1
}

# What a CPU was given is in no counter but redirect, whatever comes of it there. "valid" does
# not say so, for each counter is right.
@test "test_sum_cpumap" {
	setmap "$MAPS/cpus" 0 1024
	attach native dut/d0 to_cpu
	frames 200 100 src/s0 dut/d0=200
	sums_up_with 200 200
	[ "$(problems dut)" = "$(elsewhere 200)" ]

	# its program sends them on, and then the sum is as of a device
	setmap "$MAPS/cpus" 0 1024 "$PROGS/cpu_to_dev"
	frames 100 100 src/s0 dst/t1=0
	sums_up_with 300 200
	rings dut/d1 num 1
	frames 100 100 src/s0 dst/t1=100
	sums_up_with 400 200 dut/d1
}

# Nobody reads, so what is more than its 64 frames is an error.
@test "test_sum_socket_full" {
	local errors reader

	attach native dut/d0 to_sock
	nsenter --net=/run/netns/dut xskmd d0 "$MAPS/socks" 64 > "$BATS_TEST_TMPDIR/socket" 3>&- &
	reader=$!
	wait_for grep -q ready "$BATS_TEST_TMPDIR/socket"
	kill -STOP "$reader"
	frames 200 100 src/s0 dut/d0=0
	errors=$(stat_of dut/d0 redirect_errors)
	kill -CONT "$reader"
	wait "$reader"
	[ "$(grep -c '"len":100' "$BATS_TEST_TMPDIR/socket")" = 64 ]
	[ "$(stat_of dut/d0 redirect)" = 200 ]
	[ "$errors" = 136 ]
	[[ $(problems dut) == "d0: 136 of 200 redirected packets could not be handed over: "*$'\n'"$(elsewhere 64)" ]]
}
