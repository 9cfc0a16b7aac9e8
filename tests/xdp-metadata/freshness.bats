#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# Whoever reads what is in front of a packet can tell whether it is of this packet: where nothing
# was put there, for want of room or because there is other metadata, and when metadata was off
# and on again.
#
#	src/s0 --- dut/d0  dut/d1 --- dst/t1  dst/t2 --- src/u2
#	             redirects        metadata

load ../lib/metadata

setup()
{
	pair src/s0 dut/d0
	pair dut/d1 dst/t1
	sender src/s0
	on dut setmap "$MAPS/target" 0 "$(ifindex dut/d1)"
	metadata dst/t1 on
	tell dst/t1
	forget
}

teardown()
{
	remove src/s0
	remove dut/d1
}

# arrive PROGRAM [N]: packets at t1 that d0's program has redirected
arrive()
{
	attach native dut/d0 "$1"
	send "${2:-10}"
}

# For readers that see how much is in front of a packet
tells_stale_from_fresh()
{
	arrive to_dev
	seen '.packets == 10 and .fresh == 10'
	arrive to_dev_no_headroom
	seen '.packets == 20 and .with_md == 10 and .fresh == 10'
	arrive to_dev_with_others
	seen '.packets == 30 and .with_md == 20 and .fresh == 10'
	metadata dst/t1 off
	arrive to_dev
	seen '.packets == 40 and .with_md == 20 and .fresh == 10'
	# what it was told is of before
	metadata dst/t1 on
	arrive to_dev
	seen '.packets == 50 and .with_md == 30 and .fresh == 10'
	tell dst/t1
	arrive to_dev
	seen '.packets == 60 and .with_md == 40 and .fresh == 20'
}

@test "test_metadata_native_program_tells_stale_from_fresh" {
	attach native dst/t1 look_drop
	tells_stale_from_fresh
}

@test "test_metadata_cpumap_program_tells_stale_from_fresh" {
	setmap "$MAPS/cpus" 0 192 "$PROGS/look_cpu"
	attach native dst/t1 to_cpu
	tells_stale_from_fresh
	bpftool map delete pinned "$MAPS/cpus" key 0 0 0 0
}

@test "test_metadata_devmap_program_tells_stale_from_fresh" {
	pair dst/t2 src/u2
	napi src/u2
	on dst setmap "$MAPS/devs" 0 "$(ifindex dst/t2)" "$PROGS/look_dev"
	attach native dst/t1 to_map
	tells_stale_from_fresh
	remove dst/t2
}

# lines N: has the reader got so many packets?
lines()
{
	[ "$(wc -l < "$out")" -gt "$1" ] || fail "no packet $1: $(cat "$out")"
}

# got PROGRAM FILTER: so is the metadata of a packet that d0's PROGRAM has redirected
got()
{
	received=$((received + 1))
	arrive "$1" 1
	wait_for lines "$received"
	tail -n 1 "$out" | jq -e "$2" > /dev/null || fail "not $2: $(tail -n 1 "$out")"
}

# read_by KIND COUNT: an AF_XDP socket that has one frame
read_by()
{
	out=$BATS_TEST_TMPDIR/out received=0
	attach native dst/t1 to_sock
	on dst xskmd t1 "$MAPS/socks" "$2" "$1" > "$out" 3>&- &
	wait_for lines 0
}

@test "test_metadata_af_xdp_tells_stale_from_fresh" {
	local cookie

	read_by clean 6
	cookie=$(cookie_of dst/t1)
	got to_dev ".cookie == $cookie and .size == 32"
	got to_dev_no_headroom '.cookie == 0 and .size == 0 and .valid == 0'
	got to_dev_with_others ".cookie == $((0x5a5a5a5a)) and .cookie != $cookie"
	metadata dst/t1 off
	got to_dev '.cookie == 0'
	metadata dst/t1 on
	[ "$(cookie_of dst/t1)" != "$cookie" ]
	got to_dev ".cookie == $(cookie_of dst/t1) and .size == 32"
	got to_dev_no_headroom '.cookie == 0'
	wait $!
}

# One that leaves the marker in its frames can tell only what is of before metadata was on.
@test "test_metadata_af_xdp_that_clears_no_marker" {
	local cookie

	read_by dirty 4
	cookie=$(cookie_of dst/t1)
	got to_dev ".cookie == $cookie"
	got to_dev_no_headroom ".cookie == $cookie"
	metadata dst/t1 off
	metadata dst/t1 on
	got to_dev_no_headroom ".cookie == $cookie and .cookie != $(cookie_of dst/t1)"
	got to_dev ".cookie == $(cookie_of dst/t1)"
	wait $!
}
