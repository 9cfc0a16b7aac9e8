#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# The jq recipes about cgroups and packet sockets. That about kprobes is in kprobe/.

load ../lib/command

teardown()
{
	# of the root, which stays
	[ ! -e /sys/fs/bpf/allow ] ||
		bpftool cgroup detach /sys/fs/cgroup egress pinned /sys/fs/bpf/allow || true
	[ -z "${tcpdump:-}" ] || kill "$tcpdump" || true
}

@test "test_examples_cgroup_programs" {
	local cgroup=/sys/fs/cgroup/web

	bpftool prog load "$(object cgroup_skb/egress)" /sys/fs/bpf/allow type cgroup/skb
	mkdir "$cgroup"
	bpftool cgroup attach /sys/fs/cgroup egress pinned /sys/fs/bpf/allow multi
	bpftool cgroup attach "$cgroup" egress pinned /sys/fs/bpf/allow multi
	bpftool -j ctrl cgroup show | jq -rf "$TOP/examples/cgroup-programs.jq" > "$BATS_TEST_TMPDIR/out"
	diff "$BATS_TEST_TMPDIR/out" <(printf '/sys/fs/cgroup\tcgroup_inet_egress\tallow\t1 attached, 1 run
/sys/fs/cgroup/web\tcgroup_inet_egress\tallow\t1 attached, 2 run\n')
}

@test "test_examples_sniffers" {
	ip link add d0 up type dummy
	tcpdump -ni d0 -w /dev/null arp 2> "$BATS_TEST_TMPDIR/tcpdump" 3>&- &
	tcpdump=$!
	wait_for grep -q listening "$BATS_TEST_TMPDIR/tcpdump"
	bpftool -j ctrl socket show | jq -rf "$TOP/examples/sniffers.jq" > "$BATS_TEST_TMPDIR/out"
	cat "$BATS_TEST_TMPDIR/out"
	grep -Eq "^tcpdump\($tcpdump\)	(d0|[0-9]+)	[0-9]+	0\$" "$BATS_TEST_TMPDIR/out"
}
