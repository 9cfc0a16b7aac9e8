#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
# queue: qemu
#
# shellcheck disable=SC2016,SC2154 # expanded in the machine; set by run
#
# What vm/run can do with the x86_64 kernel only. VM_KIND=x86_64 bats tests/vm/run.bats
# runs the tests of the rest with it.

setup()
{
	bats_require_minimum_version 1.5.0
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
	export TMPDIR=$BATS_TEST_TMPDIR/private
	mkdir "$TMPDIR"
	cd "$top" || return
}

vm()
{
	vm/run -k x86_64 -t 600 "$@" </dev/null
}

@test "vm x86_64: exit status, stdout, stderr and stdin" {
	head -c 300000 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
	run -3 --separate-stderr bash -c '
		vm/run -k x86_64 -t 600 sh -c "cat; echo err >&2; exit 3" <"$1/bytes" >"$1/copy"
	' bash "$BATS_TEST_TMPDIR"
	[ "$stderr" = err ]
	cmp "$BATS_TEST_TMPDIR/bytes" "$BATS_TEST_TMPDIR/copy"
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "vm x86_64: -c and -m are honoured, and the clock is good" {
	run -0 vm -c 3 -m 300 sh -c '
		nproc
		awk "/MemTotal/ { print (\$2 > 230000 && \$2 < 310000) }" /proc/meminfo
		cat /sys/devices/system/clocksource/clocksource0/current_clocksource
	'
	[ "${lines[0]}" -eq 3 ]
	[ "${lines[1]}" -eq 1 ]
	[[ ${lines[2]} =~ ^(tsc|tsc-early|kvm-clock)$ ]]
}

@test "vm x86_64: a panic is a failure with the kernel log" {
	run -125 vm sh -c 'echo c >/proc/sysrq-trigger'
	[[ $output == *"Kernel panic - not syncing: sysrq triggered crash"* ]]
}

@test "vm x86_64: --net connects two devices, and two with more queues where it can" {
	run -0 vm --net -c 2 sh -ec '
		ip netns add peer
		ip link set eth1 netns peer
		ip addr add 10.0.0.1/24 dev eth0
		ip link set eth0 up
		ip -n peer addr add 10.0.0.2/24 dev eth1
		ip -n peer link set eth1 up
		ping -q -c 3 -W 60 10.0.0.2
		ip -n peer -s link show eth1
		test -e /sys/class/net/eth2 || exit 0
		test -e /sys/class/net/eth2/queues/rx-1
		ip link set eth3 netns peer
		ip addr add 192.0.2.2/24 dev eth2
		ip link set eth2 up
		ip -n peer addr add 192.0.2.3/24 dev eth3
		ip -n peer link set eth3 up
		ping -q -c 3 -W 60 192.0.2.1
		ping -q -c 3 -W 60 192.0.2.3
	'
	[[ $output == *" 0% packet loss"* ]]
}

# No program may be started between the two readings of the clock: while the guest waits
# for a file, its time jumps from timer to timer as long as this machine takes.
@test "vm x86_64: --icount repeats, however busy this machine is" {
	local loop='start=${EPOCHREALTIME/./}
		for ((i = 0; i < 20000; i++)); do :; done
		echo $((${EPOCHREALTIME/./} - start))' first second
	first=$(vm --icount bash -c "$loop")
	second=$(vm --icount bash -c "$loop")
	echo "$first $second"
	[ "$first" -gt 10000 ]
	[ $((first - second)) -lt $((first / 50)) ]
	[ $((second - first)) -lt $((first / 50)) ]
}
