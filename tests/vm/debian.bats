#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
# queue: qemu
#
# shellcheck disable=SC2016,SC2154 # expanded in the machine; set by run
#
# What vm/run does differently for Debian's own kernels: another machine, an initramfs and
# modules. VM_KIND=debian-6.1 bats tests/vm/run.bats runs the tests of the rest with one.

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
	vm/run -k "$kind" -t 300 "$@"
}

# One boot for all, for it takes long.
boots()
{
	kind=debian-$1
	run -3 --separate-stderr vm -c 2 --net bash -euc '
		# DEV PEER NET: PEER answers from a namespace of its own.
		connected()
		{
			ip link set "$2" netns peer
			ip addr add "10.0.$3.1/24" dev "$1"
			ip link set "$1" up
			ip -n peer addr add "10.0.$3.2/24" dev "$2"
			ip -n peer link set "$2" up
			ping -q -c 3 -W 60 "10.0.$3.2" | grep -o " 0% packet loss"
		}

		uname -r
		nproc
		test -s /sys/kernel/btf/vmlinux
		bpftool map create /sys/fs/bpf/map type array key 4 value 4 entries 1 name map
		bpftool map update pinned /sys/fs/bpf/map key 0 0 0 0 value 1 2 3 4
		bpftool -j map lookup pinned /sys/fs/bpf/map key 0 0 0 0 | jq -c .value
		ip netns add peer
		ip link add veth0 type veth peer name veth1
		connected veth0 veth1 0
		ethtool -i eth0 | grep driver
		connected eth0 eth1 1
		test ! -e /sys/class/net/eth3 || connected eth2 eth3 2 >/dev/null
		cat
		bpftool -j ctrl list | jq -c "map(.source) | unique"
		exit 3
	' <<<input
	[[ ${lines[0]} == "$1".*-amd64 ]]
	diff - <(printf '%s\n' "${lines[@]:1}") <<-END
		2
		["0x01","0x02","0x03","0x04"]
		 0% packet loss
		driver: virtio_net
		 0% packet loss
		input
		["fallback"]
	END
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "vm debian-6.1: BPF, BTF and traffic through veth and virtio_net" {
	boots 6.1
}

@test "vm debian-6.12: BPF, BTF and traffic through veth and virtio_net" {
	boots 6.12
}

# It is of the backports, and "make check" does not need them.
@test "vm debian-7.3: BPF, BTF and traffic through veth and virtio_net" {
	[ -e build/debian-7.3/initrd ] || skip "there is no debian-7.3 (make kernel-debian-7.3)"
	boots 7.3
}

@test "vm debian-6.12: a panic is a failure with the kernel log" {
	kind=debian-6.12
	run -125 vm sh -c 'echo c >/proc/sysrq-trigger' </dev/null
	[[ $output == *"Kernel panic - not syncing: sysrq triggered crash"* ]]
}
