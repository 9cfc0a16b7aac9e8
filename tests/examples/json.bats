#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# The samples in docs/json.md are what the commands there print. Those about kprobes are
# in kprobe/.

load ../lib/command
load ../lib/samples

setup_file()
{
	local cgroup=/sys/fs/cgroup/web

	bpftool ctrl xdp set stats on
	prog jsondrop 1
	pair veth0 veth1
	sender veth1
	bpftool net attach xdpdrv pinned /sys/fs/bpf/jsondrop dev veth0
	send 5
	bpftool prog load "$(object cgroup_skb/egress)" /sys/fs/bpf/allow type cgroup/skb
	mkdir "$cgroup"
	bpftool cgroup attach "$cgroup" egress pinned /sys/fs/bpf/allow multi
	tcpdump -ni veth1 -w /dev/null udp port 9 2> "$BATS_FILE_TMPDIR/tcpdump" 3>&- &
	echo $! > "$BATS_FILE_TMPDIR/pid"
	wait_for grep -q listening "$BATS_FILE_TMPDIR/tcpdump"
}

teardown_file()
{
	kill "$(< "$BATS_FILE_TMPDIR/pid")"
	leave_nothing
}

@test "test_json_samples" {
	local commands

	split_samples
	mapfile -t commands < <(grep -L 'ctrl kprobe' "$BATS_TEST_TMPDIR"/*.command)
	[ "${#commands[@]}" -ge 14 ]
	samples_are_true "${commands[@]}"
}
