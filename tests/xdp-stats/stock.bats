#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: debian-6.1 debian-6.12 debian-7.3
# vm: --net
# boot: own
#
# XDP statistics of a kernel without control maps: what is loaded, what stays, what goes.
# Counters are tested by the files that test the kernel's own.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

setup_file()
{
	prog setdrop 1
	pair set0 set1
	sender set1
	bpftool net attach xdpdrv pinned /sys/fs/bpf/setdrop dev set0
}

teardown()
{
	! mountpoint -q /sys/kernel/btf || umount /sys/kernel/btf
	mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
	rm -f "$PIN"*
}

pins()
{
	find /sys/fs/bpf | sort
}

# Links go when their last file has, but from a work queue.
tracing_links()
{
	bpftool -j link show | jq 'map(select(.type == "tracing" or .type == "raw_tracepoint")) | length'
}

no_links()
{
	[ "$(tracing_links)" = 0 ]
}

packets()
{
	bpftool -j ctrl xdp stats dev set0 | jq '.[0].stats.packets'
}

# has_counted N: set0 has so many packets
has_counted()
{
	[ "$(packets)" = "$1" ]
}

@test "test_stock_stats_unknown_while_off" {
	json '.[0].stats == {}' ctrl xdp stats dev set0
	try bpftool ctrl xdp stats
	[ "$status" = 0 ] && [ -z "$out" ] || show
	[ "$err" = "XDP is counted while this is on: bpftool ctrl xdp set stats on" ] || show
	[ "$(tracing_links)" = 0 ]
}

@test "test_stock_stats_on_and_off_leave_nothing" {
	local before

	before=$(pins)
	works bpftool ctrl xdp set stats on
	send 3
	json '.[0].stats == {
		packets: 3, bytes: 129, aborted: 0, drop: 3, pass: 0, tx: 0, redirect: 0,
		redirect_errors: 0, invalid: 0, xmit_packets: 0, xmit_drops: 0
	}' ctrl xdp stats dev set0
	[ "$(tracing_links)" = 4 ]
	json '.[0].users == 1' ctrl list xdp_stats
	works bpftool ctrl xdp set stats off
	json '.[0].users == 0' ctrl list xdp_stats
	[ "$(pins)" = "$before" ]
	wait_for no_links
	json '.[0].stats == {}' ctrl xdp stats dev set0
	works bpftool ctrl xdp set stats on
	[ "$(packets)" = 0 ]
}

@test "test_stock_stats_twice_is_once" {
	local id

	works bpftool ctrl xdp set stats on
	id=$(bpftool -j map show pinned "$PIN" | jq .id)
	works bpftool -j ctrl xdp set stats on
	[ "$out" = null ]
	[ "$id" = "$(bpftool -j map show pinned "$PIN" | jq .id)" ]
	send 2
	wait_for has_counted 2
	works bpftool ctrl xdp set stats off
	works bpftool ctrl xdp set stats off
}

# What a run left that was killed is neither in the way nor kept.
@test "test_stock_stats_leftovers" {
	works bpftool ctrl xdp set stats on
	rm "$PIN"
	works bpftool ctrl xdp set stats on
	send 2
	wait_for has_counted 2
	[ "$(tracing_links)" = 4 ]
	rm "$PIN"
	works bpftool ctrl xdp set stats off
	wait_for no_links
}

@test "test_stock_stats_refuses_another_map" {
	bpftool map create "$PIN" type array key 4 value 8 entries 1 name other
	for word in on off; do
		refuses "can't use $PIN: it is not a map that this version collects xdp_stats in" xdp set stats $word
	done
	json '.type == "array"' map show pinned "$PIN"
}

# "ctrl pin" collects, too, and what is there already stays as it is.
@test "test_stock_stats_without_a_number_of_cpus" {
	try unshare --mount sh -c 'mount -t tmpfs none /sys/devices/system/cpu && bpftool ctrl xdp stats'
	[ "$status" = 2 ] && [ -z "$out" ] || show
	[[ $err == *"Error: can't get the number of CPUs: No such file or directory" ]] || show
}

@test "test_stock_stats_pin" {
	local pin=/sys/fs/bpf/mine file=$BATS_TEST_TMPDIR/file

	echo kept > "$file"
	try bpftool -n ctrl pin xdp_stats "$file"
	[ "$status" != 0 ]
	[ "$(< "$file")" = kept ]
	bpftool map create $pin type array key 4 value 8 entries 1 name other
	try bpftool ctrl pin xdp_stats $pin
	[ "$status" != 0 ] && [ "$(find /sys/fs/bpf -name 'mine*')" = $pin ] || show
	json '.type == "array"' map show pinned $pin
	rm $pin
	works bpftool ctrl pin xdp_stats $pin
	json '.type == "percpu_array"' map show pinned $pin
	rm $pin*
}

@test "test_stock_stats_debians_own_bpftool_dumps_the_map" {
	bpftool ctrl xdp set stats on
	send 4
	/usr/sbin/bpftool -j map dump pinned "$PIN" > "$BATS_TEST_TMPDIR/dump"
	jq -e --argjson dev "$(< /sys/class/net/set0/ifindex)" '
		map(select(.formatted.key == $dev)) | length == 1 and
		(.[0].formatted.values | map(.value.drop) | add == 4)' "$BATS_TEST_TMPDIR/dump"
}

# in_other COMMAND...: in another network namespace, with the same bpffs
in_other()
{
	nsenter --net=/run/netns/other "$@"
}

# counted_on_eth1 N: so many packets have arrived, and been dropped, there.
counted_on_eth1()
{
	json ".[0].stats | .drop == $1 and .packets == $1 and .bytes == $1 * 43" ctrl xdp stats dev eth1
}

# eth0 and eth1 are connected.
@test "test_stock_stats_of_virtio" {
	local dev mode

	for dev in eth0 eth1; do
		echo 1 > "/proc/sys/net/ipv6/conf/$dev/disable_ipv6"
		ip link set "$dev" arp off
	done
	up eth0 eth1
	ip addr add 198.51.100.1/24 dev eth0
	ip neigh add 198.51.100.2 lladdr "$(< /sys/class/net/eth1/address)" dev eth0
	for mode in xdpdrv xdpgeneric; do
		bpftool net attach "$mode" pinned /sys/fs/bpf/setdrop dev eth1
		works bpftool ctrl xdp set stats on
		send 7 198.51.100.2
		wait_for counted_on_eth1 7
		works bpftool ctrl xdp set stats off
		bpftool net detach "$mode" dev eth1
	done
	ip link set eth0 down
	ip link set eth1 down
}

# dropped_some WHERE DEV: packets have come, and been dropped
dropped_some()
{
	"$1" bpftool -j ctrl xdp stats dev "$2" |
		jq -e '.[0].stats | .packets > 0 and .packets == .drop'
}

# The same index in two namespaces: two devices. Switched on in either, both count.
@test "test_stock_stats_in_two_network_namespaces" {
	local index where

	index=$(< /sys/class/net/set0/ifindex)
	ip netns add other
	ip -n other link add same0 index "$index" type veth peer name same1
	in_other bpftool net attach xdpdrv pinned /sys/fs/bpf/setdrop dev same0
	ip -n other link set same0 up
	for where in env in_other; do
		$where bpftool ctrl xdp set stats on
		send 3
		wait_for has_counted 3
		in_other bpftool -j ctrl xdp stats dev same0 | jq -e '.[0].stats.packets == 0'
		ip -n other link set same1 up	# which makes IPv6 send something
		wait_for dropped_some in_other same0
		[ "$(packets)" = 3 ]
		in_other bpftool -j ctrl xdp stats all | jq -e 'all(.ifname != "set0")'
		bpftool ctrl xdp set stats off
		ip -n other link set same1 down
	done
	ip netns del other
}

# not_inherited IFINDEX: what a device with this index has counted has gone with it.
not_inherited()
{
	bpftool ctrl xdp set stats on
	ip link add gone0 index "$1" type veth peer name gone1
	bpftool net attach xdpdrv pinned /sys/fs/bpf/setdrop dev gone0
	ip link set gone0 up
	ip link set gone1 up
	# it asks for the address
	ping -q -c 1 -W 1 -I gone1 192.0.2.77 || true
	wait_for dropped_some env gone0
	ip link del gone0
	ip link add new0 index "$1" type dummy
	json '.[0].stats.packets == 0' ctrl xdp stats dev new0
	ip link del new0
}

@test "test_stock_stats_of_a_device_that_has_gone_are_not_inherited" {
	not_inherited 142
}

@test "test_stock_stats_of_a_device_with_an_index_beyond_the_array" {
	not_inherited 100000
}

@test "test_stock_stats_mounts_bpffs" {
	umount /sys/fs/bpf
	try bpftool -n ctrl xdp set stats on
	[ "$status" != 0 ]
	[ "$err" = "Error: no BPF file system found, not mounting it due to --nomount option" ] || show
	works bpftool ctrl xdp set stats off
	works bpftool ctrl xdp set stats on
	[ -e "$PIN" ]
	umount /sys/fs/bpf
}

@test "test_stock_stats_without_capabilities" {
	try setpriv --bounding-set -bpf,-perfmon,-sys_admin bpftool ctrl xdp set stats on
	[ "$status" != 0 ] && [ -z "$out" ] && [ ! -e "$PIN" ] || show
	[[ $err == "Error: can't "*": it takes CAP_BPF, "* ]] || show
}

@test "test_stock_stats_without_btf" {
	mount -t tmpfs none /sys/kernel/btf
	refuses "can't count XDP: this kernel was built without BTF (CONFIG_DEBUG_INFO_BTF)" \
		xdp set stats on
	[ ! -e "$PIN" ]
}

# Such a kernel is mocked: libbpf asks for programs through syscall(3).
@test "test_stock_stats_on_an_older_kernel" {
	gcc -shared -fPIC -o "$BATS_TEST_TMPDIR/older.so" -x c - <<-'C'
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <errno.h>
		#include <stdarg.h>
		#include <sys/syscall.h>
		#include <linux/bpf.h>

		long syscall(long number, ...)
		{
			static long (*next)(long number, ...);
			va_list args;
			long a[6];

			va_start(args, number);
			for (int i = 0; i < 6; i++)
				a[i] = va_arg(args, long);
			va_end(args);
			if (number == __NR_bpf && a[0] == BPF_PROG_LOAD &&
			    ((union bpf_attr *)a[1])->prog_type == BPF_PROG_TYPE_TRACING) {
				errno = EINVAL;
				return -1;
			}
			if (!next)
				next = dlsym(RTLD_NEXT, "syscall");
			return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
		}
	C
	try env LD_PRELOAD="$BATS_TEST_TMPDIR/older.so" bpftool ctrl xdp set stats on
	[ "$status" != 0 ] && [ -z "$out" ] && [ ! -e "$PIN" ] || show
	[ "$err" = "Error: can't count XDP: this kernel refuses the BPF programs that do it (Linux 6.1 and later take them; -d shows its reasons)" ] || show
}

@test "test_stock_stats_watch" {
	bpftool ctrl xdp set stats on
	send 3
	works bpftool -j ctrl xdp stats dev set0 watch interval 0.1 count 2
	jq -es 'length == 2 and .[1].ifname == "set0"' <<< "$out" > /dev/null || show
}

# The last: there is no way back. Since Linux 6.2 the programs do without the helper that a
# kernel does not have then.
@test "test_stock_stats_zz_locked_down" {
	mount -t securityfs none /sys/kernel/security 2> /dev/null || true
	echo confidentiality > /sys/kernel/security/lockdown
	if [ "$CTRL_TEST_KERNEL" = debian-6.1 ]; then
		refuses "can't count XDP: this kernel is locked down (confidentiality), so that BPF programs may not read its memory" \
			xdp set stats on
		[ ! -e "$PIN" ]
	else
		works bpftool ctrl xdp set stats on
		send 2
		wait_for has_counted 2
	fi
}
