#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: x86_64
#
# A security module that refuses control maps: nothing is left of them, above all nothing is
# counted.

# shellcheck disable=SC2154 # set by try
load ../lib/command

# users N: so many maps make the kernel count.
users()
{
	bpftool -j map lookup pinned "$BPF/registry" key 1 0 0 0 | jq -e ".formatted.value.users == $1"
}

@test "test_lsm_refuses_and_leaves_nothing" {
	local i before after

	bpftool ctrl pin registry "$BPF/registry"
	bpftool prog loadall "$TOP/build/tests/progs/refuse.bpf.o" "$BPF/refuse" autoattach
	before=$(bpftool -j map show | jq length)
	for ((i = 0; i < 50; i++)); do
		try bpftool ctrl xdp set stats on
		[ "$status" != 0 ] && [[ $err == *"Permission denied"* ]] || show
	done
	users 0
	after=$(bpftool -j map show | jq length)
	[ "$before" = "$after" ]

	rm -r "$BPF/refuse"
	wait_for works bpftool ctrl xdp set stats on
	users 1
	bpftool ctrl xdp set stats off
	wait_for users 0
}
