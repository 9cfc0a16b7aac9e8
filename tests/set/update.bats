#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# What the syscall refuses to update in a control map whose type can be set, and that it
# changes nothing then. By a program that knows nothing of control maps.

# shellcheck disable=SC2154,SC2015,SC2030,SC2031 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/testtype

MAP=/sys/fs/bpf/update_test

setup_file()
{
	load_test_type
}

setup()
{
	updates=$(value test 1 .updates)
	size=$(bpftool -j ctrl list test | jq '.[0].value.size')
	create "$size"
}

teardown()
{
	rm -f "$MAP"
}

# create SIZE: pin a map of the control type "test" with values of this size
create()
{
	rm -f "$MAP"
	bpftool map create "$MAP" type control ctrl_type "$((0x74657374))" \
		key 4 value "$1" entries 1 name update_test
}

# send KEY FLAGS [TEXT]: an update that selects u64 (the first member behind the mask, which is
# behind command and flags), with a number it did not have, and TEXT behind the members that
# the kernel knows
send()
{
	number=$((${number:-0} + 1))
	{
		printf '\0\0\0\0\0\0\0\0'
		printf '\1\0\0\0\0\0\0\0%b' "\\0$(printf %o $((number % 100 + 1)))"
		head -c $((size - 17)) /dev/zero
		printf '%b' "${3:-}"
	} > "$BATS_TEST_TMPDIR/value"
	try "$BATS_TEST_DIRNAME/../../build/tests/clients/update" "$MAP" "$1" "$2" \
		< "$BATS_TEST_TMPDIR/value"
}

# update FLAGS [TEXT]
update()
{
	send 1 "$@"
}

changes()
{
	update "$@"
	[ "$status" = 0 ] || show
	updates=$((updates + 1))
	is 1 ".updates == $updates"
}

# refused MESSAGE FLAGS [TEXT]
refused()
{
	local message=$1

	shift
	update "$@"
	[ "$status" != 0 ] && [ "$err" = "update: can't update element 1: $message" ] || show
	is 1 ".updates == $updates"
}

@test "test_update_flags" {
	local flags

	changes 0 # BPF_ANY
	changes 2 # BPF_EXIST
	# attributes always exist
	refused "File exists" 1
	for flags in 3 4 5 6 8 0x80000000 0x100000000 0xffffffffffffffff; do
		refused "Invalid argument" "$flags"
	done
}

@test "test_update_tail_that_this_kernel_does_not_know" {
	local tail

	for tail in 8 512; do
		create $((size + tail))
		changes 0
		refused "Argument list too long" 0 '\01'
		refused "Argument list too long" 0 "\\0\\0\\0\\0\\0\\0\\0\\0200"
	done
}

@test "test_update_of_zeros_asks_for_nothing" {
	local tail

	for tail in 0 8 512; do
		create $((size + tail))
		try "$BATS_TEST_DIRNAME/../../build/tests/clients/update" "$MAP" 1 0 < /dev/null
		[ "$status" != 0 ] &&
			[ "$err" = "update: can't update element 1: Invalid argument" ] || show
		is 1 ".updates == $updates"
	done
}

@test "test_update_frozen_map" {
	bpftool map freeze pinned "$MAP"
	refused "Operation not permitted" 0
}

@test "test_update_object_that_does_not_exist" {
	send 99 0
	[ "$status" != 0 ] && [[ $err == *": No such file or directory" ]] || show
}

update_fails()
{
	update 0
	[ "$status" != 0 ]
}

@test "test_update_netns_that_is_gone" {
	rm "$MAP"
	ip netns add gone
	nsenter --net=/run/netns/gone bpftool ctrl pin test "$MAP"
	changes 0
	ip netns del gone
	# it goes behind the scenes
	wait_for update_fails
	updates=$(value test 1 .updates)
	refused "No such device" 0
	# it is the namespace that is not there, and not a key or a device
	try bpftool ctrl dump pinned "$MAP"
	[ "$status" = 2 ] && [ "$err" = "Error: can't read test: the network namespace of this map has gone" ] || show
	refuses "can't look up key '1' of test: the network namespace of this map has gone" \
		dump pinned "$MAP" key 1
	refuses "can't look up key '1' of test: the network namespace of this map has gone" \
		set pinned "$MAP" key 1 u8 1
}
