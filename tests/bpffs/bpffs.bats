#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um debian-6.12 debian-7.3
# boot: own
#
# What is pinned: in a mount that lasts, by whom, and who may read it.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

setup_file()
{
	chmod 1777 "$BPF"
}

teardown()
{
	mountpoint -q "$BPF" || mount -t bpf bpf "$BPF"
	chmod 1777 "$BPF"
	rm -f "$PIN"*
}

users()
{
	bpftool -j ctrl list xdp_stats | jq '.[0].users'
}

# A mount namespace that ends with a command, whoever in it asks: what would be mounted goes.
@test "test_bpffs_that_would_not_last" {
	local message="Error: can't pin $PIN: there is no BPF file system in this mount namespace, and one that is mounted now ends with it ('ip netns exec' makes one for each command: 'bpftool ctrl netns NAME' does not; else mount one first)"

	ip netns add n
	for command in 'bpftool ctrl xdp set stats on' "sh -c 'bpftool ctrl xdp set stats on; exit'" \
		"env sh -c 'sh -c \"bpftool ctrl xdp set stats on; exit\"'"; do
		try bash -c "ip netns exec n $command"
		# with control maps it is the map, else the first of its parts
		[ "$status" = 255 ] && [ -z "$out" ] && [[ $err == "Error: can't pin $PIN"*"${message#*"$PIN"}" ]] || show
		[ "$(users)" = 0 ]
	done
	ip netns exec n sh -c "mount -t bpf bpf /sys/fs/bpf && bpftool ctrl xdp set stats on"
	works bpftool ctrl netns n xdp set stats on
	[ "$(users)" = 1 ]
	ip netns del n
}

@test "test_bpffs_is_mounted_where_it_lasts" {
	umount "$BPF"
	works bpftool ctrl xdp set stats off
	works bpftool ctrl xdp set stats on
	[ "$(stat -f -c %T "$BPF")" = bpf_fs ]
	[ "$(users)" = 1 ]
	works bpftool ctrl xdp set stats off
	umount "$BPF"
}

# Whoever comes while it is mounted waits, and finds the same one.
@test "test_bpffs_is_mounted_once" {
	local i pids=()

	umount "$BPF"
	for i in 1 2 3 4; do
		bpftool ctrl xdp set stats on 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	[ "$(grep -c " $BPF bpf " /proc/mounts)" = 1 ]
	[ "$(users)" = 1 ]
	works bpftool ctrl xdp set stats off
	umount "$BPF"
}

@test "test_bpffs_may_not_be_mounted" {
	umount "$BPF"
	try without sys_admin bpftool ctrl xdp set stats on
	[ "$status" != 0 ] && [ -z "$out" ] && [[ $err == "Error: can't "* ]] || show
	[ "$(users)" = 0 ]
}

# of_nobody COMMAND...: what it pins at $PIN is then somebody else's
of_nobody()
{
	"$@"
	chown 65534:65534 "$PIN"*
}

# Another user's file has the name, and even the type: it is not read, and not removed.
@test "test_bpffs_with_files_of_others" {
	bpftool ctrl xdp set stats on
	of_nobody true
	[ "$CTRL_TEST_KERNEL" = "${CTRL_TEST_KERNEL#debian}" ] || [ "$(users)" = 0 ]
	for word in on off; do
		refuses "can't use $PIN: another user has put it there, remove it first" xdp set stats $word
	done
	[ -e "$PIN" ]
	rm "$PIN"*
	ln -s /sys/fs/bpf/elsewhere "$PIN"
	refuses "can't use $PIN: it is a directory or a symbolic link, remove it first" xdp set stats on
	works bpftool -j ctrl xdp show
	rm "$PIN"
	mkdir "$PIN"
	refuses "can't use $PIN: it is a directory or a symbolic link, remove it first" xdp set stats on
	works bpftool -j ctrl xdp show
	chown 65534:65534 "$PIN"
	refuses "can't use $PIN: another user has put it there, remove it first" xdp set stats on
	rmdir "$PIN"
	works bpftool ctrl xdp set stats on
	[ "$(users)" = 1 ]
}

@test "test_bpffs_with_a_map_of_another_type" {
	bpftool map create "$PIN" type array key 4 value 8 entries 1 name other
	refuses "can't use $PIN: it is not a map that this version collects xdp_stats in" xdp set stats on
	works bpftool -j ctrl xdp show all
}

# Anyone may lock a directory, but not for ever. (A minute is what the tool waits.)
@test "test_bpffs_that_somebody_has_locked" {
	exec 9< "$BPF"
	flock 9
	gcc -shared -fPIC -o "$BATS_TEST_TMPDIR/soon.so" -x c - <<-'C'
		#define _GNU_SOURCE
		#include <dlfcn.h>

		/* a minute is over soon */
		unsigned int alarm(unsigned int seconds)
		{
			unsigned int (*next)(unsigned int) = dlsym(RTLD_NEXT, "alarm");

			return next(seconds != 0);
		}
	C
	try env LD_PRELOAD="$BATS_TEST_TMPDIR/soon.so" bpftool ctrl xdp set stats on
	[ "$status" != 0 ] && [ "$err" = "Error: can't change $PIN: another process keeps $BPF locked (see lslocks)" ] || show
	exec 9<&-
	works bpftool ctrl xdp set stats on
}
