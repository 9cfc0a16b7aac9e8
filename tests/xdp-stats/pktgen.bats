#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# Full speed from every CPU: what the kernel's packet generator has sent is what the
# counters, summed over CPUs, and the driver say. Only veth's ring may lose packets.

load ../lib/traffic

CPUS=$(nproc)

setup_file()
{
	namespaces src dut dst
	load_programs
	bpftool ctrl xdp set stats on
}

setup()
{
	ip -n src link add s0 numtxqueues "$CPUS" numrxqueues "$CPUS" type veth \
		peer name d0 numtxqueues "$CPUS" numrxqueues "$CPUS" netns dut
	up src/s0 dut/d0
}

teardown()
{
	remove src/s0
}

# pktgen COUNT SIZE: each CPU sends so many packets of that size into a queue of its own of s0,
# and keeps none of them: generic XDP does not expect shared ones.
pktgen()
{
	local cpu dir=/proc/net/pktgen

	for ((cpu = 0; cpu < CPUS; cpu++)); do
		echo "add_device s0@$cpu" > $dir/kpktgend_$cpu
		for word in "count $1" "pkt_size $2" "delay 0" "dst 192.0.2.2" "dst_mac 02:00:00:00:00:01" \
			"queue_map_min $cpu" "queue_map_max $cpu" "flag !SHARED"; do
			echo "$word" > "$dir/s0@$cpu"
		done
	done
	echo start > $dir/pgctrl
}

# generate COUNT SIZE: until each frame has met the program, or a full ring
generate()
{
	on src bash -c "$(declare -f pktgen); CPUS=$CPUS; pktgen $1 $2"
	wait_for dealt_with $(($1 * CPUS))
}

dealt_with()
{
	local ran

	ran=$(on dut bpftool -j ctrl xdp stats dev d0 | jq '.[0].stats.packets')
	[ $((ran + $(refused))) = "$1" ]
}

# What pktgen says it has sent, and what the ring of s0 has refused.
sent()
{
	on src sh -c 'cat /proc/net/pktgen/s0@*' |
		awk '/pkts-sofar:/ { sum += $2 } END { print sum }'
}

refused()
{
	on src cat /proc/net/dev | awk '$1 == "s0:" { print $13 }'
}

@test "test_pktgen_native_drop" {
	local ran

	attach native dut/d0 drop
	generate 20000 100
	ran=$(driver dut/d0 xdp_packets)
	[ "$(sent)" = $((20000 * CPUS)) ]
	[ $((ran + $(refused))) = $((20000 * CPUS)) ]
	[ "$ran" -gt 1000 ]
	counted dut/d0 "packets=$ran" "bytes=$((ran * 100))" "drop=$ran"
	[ "$(driver dut/d0 xdp_drops)" = "$ran" ]
}

@test "test_pktgen_generic_drop" {
	attach generic dut/d0 drop
	generate 2000 1000
	[ "$(sent)" = $((2000 * CPUS)) ]
	# no ring, but a backlog queue that may be full
	on dut bpftool -j ctrl xdp stats dev d0 > "$BATS_TEST_TMPDIR/stats"
	jq -e --argjson sent $((2000 * CPUS)) '.[0].stats |
		.packets > 500 and .packets <= $sent and .drop == .packets and
		.bytes == .packets * 1000' "$BATS_TEST_TMPDIR/stats"
}

# What veth says of xdp_xmit is of no use here: two CPUs add to one variable without a lock.
# But each frame that went out was received, in one place.
@test "test_pktgen_native_redirect" {
	local ran xmit drops

	pair dut/d1 dst/t1
	napi dst/t1
	target devs 0 dut/d1
	attach native dut/d0 to_dev
	generate 20000 100
	ran=$(driver dut/d0 xdp_packets)
	xmit=$(driver dst/t1 xdp_packets)
	drops=$((ran - xmit))
	[ $((ran + $(refused))) = $((20000 * CPUS)) ]
	[ "$xmit" -gt 1000 ]
	counted dut/d0 "packets=$ran" "bytes=$((ran * 100))" "redirect=$ran"
	counted dut/d1 "xmit_packets=$xmit" "xmit_bytes=$((xmit * 100))" "xmit_drops=$drops"
	remove dut/d1
}

# Two CPUs, one device: nothing is lost between the per-CPU counters.
@test "test_pktgen_live_frames_on_all_cpus" {
	local cpu pids=() pid

	for ((cpu = 0; cpu < CPUS; cpu++)); do
		on dut taskset -c "$cpu" liveframes "$PROGS/drop" d0 200000 100 &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	counted dut/d0 "packets=$((200000 * CPUS))" "bytes=$((20000000 * CPUS))" "drop=$((200000 * CPUS))"
}
