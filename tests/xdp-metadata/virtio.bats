#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: x86_64
# vm: --net
# boot: own
#
# virtio_net has the hash of a packet right in front of it, where metadata is put: both the
# kfunc and the struct have it still. eth3 can tell it, if QEMU has been asked for it.

load ../lib/metadata

setup_file()
{
	[ -e /sys/class/net/eth3 ] ||
		fail "no eth2 and eth3: this machine allows no network namespace with taps"
	namespaces_and_programs
	compile compare
	ip link set eth2 netns src
	ip link set eth3 netns dut
	on src ethtool -K eth2 tx off
	ip -n src addr add 198.51.100.1/24 dev eth2
	ip -n src link set eth2 up
	ip -n src neigh add 198.51.100.2 lladdr 02:00:00:00:00:01 dev eth2
	ip -n dut link set eth3 promisc on up
	on dut bpftool prog load "$BATS_FILE_TMPDIR/compare.o" "$BPF/compare" xdpmeta_dev eth3 \
		pinmaps "$BPF/compared"
	on dut ip link set eth3 xdpdrv pinned "$BPF/compare"
}

setup()
{
	MAPS=$BPF/compared forget
	MAP=$BPF/compared/results
	# shellcheck disable=SC2046 # a word each
	bpftool map update pinned "$MAP" key 0 0 0 0 value hex $(printf '00 %.0s' {1..40})
}

teardown()
{
	metadata dut/eth3 off
}

# flow N: packets of one flow, with one hash
flow()
{
	on src python3 -c "
import socket
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(('198.51.100.1', 5000))
for i in range($1):
    sock.sendto(b'x', ('198.51.100.2', 9))"
}

# looked FILTER: so is what the program has seen of the struct
looked()
{
	MAP=$BPF/compared/seen seen "$1"
}

# 2: the hash; 41: of addresses and ports of UDP over IPv4
@test "test_metadata_virtio_hash_of_struct_and_kfunc" {
	local hash

	on dut ethtool -K eth3 rxhash on
	on dut bpftool -j ctrl xdp metadata dev eth3 | jq -e '.metadata.supported == [ "rx-hash" ]'
	flow 10
	looked '.packets == 10 and .with_md == 0'
	hash=$(bpftool -j map lookup pinned "$MAP" key 0 0 0 0 | jq .formatted.value.hash)
	[ "$hash" -gt 0 ]
	metadata dut/eth3 on
	flow 10
	seen ".same == 10 and .hash == $hash"
	looked ".packets == 20 and .with_md == 10 and .md.valid == 2 and .md.rx_hash == $hash and
		.md.rx_hash_type == 41"
}

@test "test_metadata_virtio_without_hash" {
	on dut ethtool -K eth3 rxhash off
	metadata dut/eth3 on
	flow 10
	seen '.same == 10 and .hash == 0'
	looked '.with_md == 10 and .md.valid == 0 and .md.rx_hash == 0'
}

# What is no IP packet has none, which the kfunc calls 0.
@test "test_metadata_virtio_packet_without_hash" {
	on dut ethtool -K eth3 rxhash on
	metadata dut/eth3 on
	frames -w 0 10 100 src/eth2
	wait_for looked '.packets == 10'
	seen '.same == 10 and .hash == 0'
	looked '.with_md == 10 and .md.valid == 0 and .md.rx_hash == 0 and
		.md.rx_hash_type == 0'
}

# The other devices have no hash, and so nothing to be put there.
@test "test_metadata_virtio_has_none" {
	run bpftool ctrl xdp set metadata dev eth0 on
	[ "$status" != 0 ]
	[[ $output == *": The d"@(evice has no metadata|river lets no metadata be put in front of packets) ]]
}
