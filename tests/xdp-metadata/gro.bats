#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# GRO merges packets of a TCP stream while there is metadata in front of them, since it is
# removed before, and does not if it is kept and differs. So it does behind a redirect, as if d0
# and d1 were a wire.
#
#	src/s0 --- dut/d0 (dut/d1 --- dst/t1)

load ../lib/metadata

setup_file()
{
	namespaces_and_programs
	pair src/s0 dut/d0
	on src ip addr add 192.0.2.1/24 dev s0
	# segments of an MTU each, which wait for others; redirected frames need checksums
	on src ethtool -K s0 tso off gso off tx off gro on
	on dut ethtool -K d0 gro on
	on dut ip addr add 192.0.2.2/24 dev d0
}

# The same pair for all.
setup()
{
	server=dut
}

teardown()
{
	:
}

stream()
{
	# of the stream before: it is there when the receiver listens
	rm -f "$BATS_TEST_TMPDIR/received"
	on "$server" python3 -c '
import socket
server = socket.create_server(("192.0.2.2", 5000))
server.settimeout(120)
print("ready", flush=True)
conn = server.accept()[0]
total = 0
while data := conn.recv(1 << 20):
    total += len(data)
print(total)' > "$BATS_TEST_TMPDIR/received" 3>&- &
	wait_for test -s "$BATS_TEST_TMPDIR/received"
	on src python3 -c '
import socket
client = socket.create_connection(("192.0.2.2", 5000))
client.sendall(bytes(2000000))'
	wait $!
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/received")" = 2000000 ]
}

# What the XDP program saw and what IP received of it
merged()
{
	local before after

	forget
	before=$(received)
	stream
	after=$(received)
	packets=$(bpftool -j map lookup pinned "$MAPS/seen" key 0 0 0 0 | jq .formatted.value.packets)
	skbs=$((after - before))
	echo "$packets packets, $skbs after GRO"
	[ "$packets" -gt 1300 ]
}

received()
{
	# shellcheck disable=SC2016 # awk's
	on "$server" awk '/^Ip: [0-9]/ { print $4 }' /proc/net/snmp
}

@test "test_gro_merges_without_metadata" {
	attach native dut/d0 number
	merged
	[ "$skbs" -lt $((packets / 2)) ]
}

@test "test_gro_merges_with_metadata" {
	attach native dut/d0 number
	metadata dut/d0 on
	merged
	seen '.with_md == .packets'
	[ "$skbs" -lt $((packets / 2)) ]
}

@test "test_gro_does_not_merge_what_keeps_it_and_differs" {
	attach native dut/d0 number
	metadata dut/d0 on keep
	merged
	seen '.with_md == .packets'
	[ "$skbs" -ge "$packets" ]
}

# The server is in dst.
wire()
{
	server=dst
	ip -n dut addr flush dev d0
	pair dut/d1 dst/t1
	on dst ethtool -K t1 tx off gro on
	on dst ip addr add 192.0.2.2/24 dev t1
	on dut setmap "$MAPS/target" 0 "$(ifindex dut/d1)"
	on dut setmap "$MAPS/devs" 0 "$(ifindex dut/d0)"
	attach native dut/d0 number_to_dev
	attach native dut/d1 to_map
	ip -n src neigh flush dev s0
}

@test "test_gro_merges_behind_a_redirect" {
	local without

	wire
	metadata dut/d0 off
	merged
	without=$skbs
	[ "$without" -lt $((packets / 2)) ]
	metadata dut/d0 on
	merged
	seen '.with_md == .packets'
	echo "without metadata $without"
	[ "$skbs" -lt $((packets / 2)) ]
	metadata dut/d0 on keep
	merged
	seen '.with_md == .packets'
	[ "$skbs" -ge "$packets" ]
}
