#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um x86_64
#
# What became of each redirected packet: redirect = xmit_packets + xmit_drops + redirect_errors +
# redirect_other, to the packet, over both ends.

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

# has DEV COUNTER N
has()
{
	[ "$(stat_of "$1" "$2")" = "$3" ]
}

# sums_up N DEV [TARGET]: DEV has redirected N packets, and each is in one counter of these two
sums_up()
{
	local xmit=0 drops=0 errors other

	[ "$(stat_of "$2" redirect)" = "$1" ] || fail "$2 has redirected $(stat_of "$2" redirect), not $1"
	errors=$(stat_of "$2" redirect_errors)
	other=$(stat_of "$2" redirect_other)
	if [ -n "${3:-}" ]; then
		xmit=$(stat_of "$3" xmit_packets)
		drops=$(stat_of "$3" xmit_drops)
	fi
	became="$xmit sent, $drops dropped, $errors errors, $other elsewhere"
	[ $((xmit + drops + errors + other)) = "$1" ] || fail "of $1: $became"
}

# problems NETNS: what the recipe says there
problems()
{
	on "$1" bpftool -j ctrl xdp show all | jq -r -f "$TOP/examples/redirect-problems.jq"
}

# elsewhere N OF: what it says of those of d0 that no device took
elsewhere()
{
	echo "d0: $1 of $2 redirected packets were given to a CPU (cpumap) or a socket (AF_XDP): no counter says what became of them there"
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
			[ "$became" = "$n sent, 0 dropped, 0 errors, 0 elsewhere" ]
		done
	done
	[ -z "$(problems dut)" ]
}

@test "test_sum_target_without_rings" {
	arrive 0
	sums_up 200 dut/d0 dut/d1
	[ "$became" = "0 sent, 0 dropped, 200 errors, 0 elsewhere" ]
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
		[ "$became" = "0 sent, 0 dropped, $n errors, 0 elsewhere" ]
	done
	[ "$(problems dut)" = "d0: 400 of 400 redirected packets could not be handed over: their target is not there, is down, or is a socket that is full" ]
}

# The receiver may take none before all 64 are redirected.
@test "test_sum_ring_full" {
	rings dut/d1 num 1 size 16
	on dut liveframes "$PROGS/to_dev" d0 64 100 64
	sums_up 64 dut/d0 dut/d1
	[ "$became" = "16 sent, 48 dropped, 0 errors, 0 elsewhere" ]
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
	[ "$became" = "0 sent, 100 dropped, 0 errors, 0 elsewhere" ]
}

@test "test_sum_devmap_program" {
	rings dut/d1 num 1
	target devs 0 dut/d1 dev_even
	arrive 200
	frames 100 101 src/s0 dst/t1=0
	sums_up 300 dut/d0 dut/d1
	[ "$became" = "200 sent, 100 dropped, 0 errors, 0 elsewhere" ]
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
	[ "$became" = "200 sent, 0 dropped, 200 errors, 0 elsewhere" ]
	[[ $(problems dut) == "d0: 200 of 400 "*$'\n'"200 redirected packets went to no device here: one of another network namespace took them" ]]
	[ -z "$(problems mid)" ]
	remove mid/m1
}

@test "test_sum_cpumap" {
	setmap "$MAPS/cpus" 0 1024
	attach native dut/d0 to_cpu
	frames 200 100 src/s0 dut/d0=200
	sums_up 200 dut/d0
	[ "$became" = "0 sent, 0 dropped, 0 errors, 200 elsewhere" ]
	[ "$(problems dut)" = "$(elsewhere 200 200)" ]
}

# Each packet that its program sends on is one more.
@test "test_sum_cpumap_program" {
	setmap "$MAPS/cpus" 0 1024 "$PROGS/cpu_to_dev"
	attach native dut/d0 to_cpu
	frames 100 100 src/s0 dst/t1=0
	wait_for has dut/d0 redirect_errors 100
	rings dut/d1 num 1
	frames 100 100 src/s0 dst/t1=100
	has dut/d0 redirect 200
	has dut/d0 redirect_other 200
	has dut/d0 redirect_errors 100
	has dut/d1 xmit_packets 100
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
	[ "$errors" = 136 ]
	sums_up 200 dut/d0
	[ "$became" = "0 sent, 0 dropped, 136 errors, 64 elsewhere" ]
	[[ $(problems dut) == "d0: 136 of 200 redirected packets could not be handed over: "*$'\n'"$(elsewhere 64 200)" ]]
}
