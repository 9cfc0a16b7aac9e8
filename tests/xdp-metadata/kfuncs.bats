#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: x86_64
#
# What is in front of packets is what the kfuncs bpf_xdp_metadata_rx_*() say of them. Calling
# those takes a JIT.

load ../lib/metadata

setup_file()
{
	namespaces_and_programs
	compile compare
}

HASH='.md.size == 32 and .md.rx_hash > 0 and .md.rx_hash_type == 8 and .md.rx_timestamp == 0'

# compared N VALID FILTER: a program that is bound to the device found them to be the same in N
# packets
compared()
{
	MAP=$BPF/results seen ".same == $1 and .other_timestamp + .other_hash + .other_vlan == 0"
	MAP=$BPF/compare_seen seen ".packets == $1 and .with_md == $1 and .md.valid == $2 and $3"
}

@test "test_metadata_equals_the_kfuncs" {
	metadata dut/d0 on
	on dut bpftool prog load "$BATS_FILE_TMPDIR/compare.o" "$BPF/compare" xdpmeta_dev d0 \
		pinmaps "$BPF"
	mv "$BPF/seen" "$BPF/compare_seen"
	on dut ip link set d0 xdpdrv pinned "$BPF/compare"
	send 20
	compared 20 2 "$HASH and .md.vlan_tci == 0"
	# 0x8100 in network byte order
	send 20 198.51.100.2
	compared 40 6 "$HASH and .md.vlan_proto == 129 and .md.vlan_tci == 7"
	# no protocol that has a hash of its ports
	frames 10 100 src/s0 dut/d0=10
	compared 50 2 ".md.rx_hash_type == 0"
}
