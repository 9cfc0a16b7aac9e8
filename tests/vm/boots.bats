#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: host
# queue: um
#
# shellcheck disable=SC2154 # set by run
#
# tests/run-boots: who has failed, and that the others are run all the same.

setup_file()
{
	local name

	export DIR TOP
	TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
	cd "$TOP" || return
	# the guest has another /tmp
	DIR=$(mktemp -d -- build/boots.XXXXXX)
	for name in good fails skips panics complains leaves hangs last; do
		"$name" > "$DIR/$name.bats"
	done
	printf '#!/bin/sh\necho 1..2; echo ok 1\n' > "$DIR/less"
	printf '#!/bin/sh\nprintf "1..1\\nok 1"; exit 1\n' > "$DIR/unended"
	printf '#!/bin/sh\necho 1..1; while echo on; do sleep 1; done\n' > "$DIR/talks"
	chmod +x "$DIR/less" "$DIR/unended" "$DIR/talks"
	: > "$DIR/none.bats"

	mkdir "$DIR/um" "$DIR/host"
	TEST_RESULTS=$DIR tests/run-boots host 1 10 talker "" "$DIR/talks" > "$DIR/talked" 2>&1 3>&- &
	TEST_RESULTS=$DIR tests/run-boots um 1 60 machine "" \
		"$DIR"/{good,fails,skips,complains,panics,leaves}.bats "$DIR/less" \
		"$DIR"/{none,hangs,last}.bats "$DIR/unended" > "$DIR/out" 2>&1 3>&- || echo "status $?" >> "$DIR/out"
	wait
}

teardown_file()
{
	rm -r "$TOP/${DIR:?}"
}

setup()
{
	bats_require_minimum_version 1.5.0
	cd "$TOP" || return
}

# one COMMAND: a bats file whose one test runs it
one()
{
	printf '@test "%s" {\n\t%s\n}\n' "$1" "$2"
}

good()
{
	one good 'mkdir /sys/fs/bpf/left && ip link add d0 type dummy && ip netns add n'
}

fails()
{
	one fails 'echo because; false'
}

skips()
{
	one skips 'skip'
}

panics()
{
	one before true
	one panics 'echo PANIC > /sys/kernel/debug/provoke-crash/DIRECT'
}

complains()
{
	one complains 'echo "WARNING: invented" > /dev/kmsg'
}

leaves()
{
	one leaves 'mkdir /sys/fs/cgroup/left; sleep 1000 3>&- &'
}

hangs()
{
	one hangs 'sleep 1000'
}

# what the others left in their namespaces is gone
last()
{
	one last '[ ! -e /sys/fs/bpf/left ] && ! ip link show d0 && ! ip netns list | grep n'
}

# line NAME PATTERN: what has been said about it
line()
{
	local lines

	lines=$(grep -a "/$1 " "$DIR/out")
	# shellcheck disable=SC2053 # a pattern
	[[ $lines = $2 ]] || {
		echo "should be: $2"
		cat "$DIR/out"
		return 1
	}
}

# counted NAME PASSED FAILED
counted()
{
	grep -q " $2 $3 [0-9]*\$" "$DIR/um/"*"-$1.count"
}

@test "test_boots_tests_pass_fail_or_are_skipped" {
	line good.bats '* 1 passed *'
	counted good.bats 1 0
	line fails.bats '* 0 passed *, 1 FAILED (exit status 1): *'
	grep -q '^    #.*because' "$DIR/out"
	counted fails.bats 0 1
	line skips.bats '* 0 passed *, 1 FAILED (exit status 0): *'
	counted skips.bats 0 1
}

@test "test_boots_skipped_on_this_machine_is_not_passed" {
	TEST_RESULTS=$DIR run -0 tests/run-boots host 1 60 here "" "$DIR/skips.bats"
	echo "$output"
	[[ $output == *"skips.bats "*" 0 passed "*", 1 skipped" ]]
	grep -q ' 0 0 [0-9]*$' "$DIR/host/"*-skips.bats.count
}

@test "test_boots_the_kernel_complains_of_a_file" {
	line complains.bats $'* 1 passed *\n*FAILED: WARNING: invented: *'
	counted complains.bats 1 1
}

@test "test_boots_a_file_kills_the_machine" {
	line panics.bats '* 1 passed *, 1 FAILED (2 tests planned, 1 run, exit status 125): *'
	grep -q 'the machine: Kernel panic - not syncing: dumptest' "$DIR/out"
	counted panics.bats 1 1
}

@test "test_boots_a_file_says_something_for_ever" {
	grep -q 'talks .* 0 passed .*, 1 FAILED (1 tests planned, 0 run, ' "$DIR/talked"
	grep -q 'the machine: no end came in 40 s' "$DIR/talked"
	grep -q ' 0 1 [0-9]*$' "$DIR/host/"*-talks.count
}

@test "test_boots_a_file_leaves_something" {
	line leaves.bats '* 1 passed *, 1 FAILED (left behind: process *sleep; /sys/fs/cgroup/left/, *'
	counted leaves.bats 1 1
}

@test "test_boots_plans_are_kept" {
	line less '* 1 passed *, 1 FAILED (2 tests planned, 1 run, exit status 0): *'
	counted less 1 1
	line none.bats '* 0 passed *, 1 FAILED (no tests, exit status 0): *'
	counted none.bats 0 1
}

@test "test_boots_a_file_hangs" {
	line hangs.bats '* 0 passed *, 1 FAILED (1 tests planned, 0 run, exit status *'
	grep -q 'the machine: nothing came for 60 s' "$DIR/out"
	counted hangs.bats 0 1
}

@test "test_boots_a_last_line_has_no_end" {
	line unended '* 1 passed *, 1 FAILED (all passed, exit status 1): *'
	counted unended 1 1
}

@test "test_boots_the_rest_is_run" {
	line last.bats '* 1 passed *'
	counted last.bats 1 0
	[ -s "$DIR/um/machine-3.log" ]
	[ ! -e "$DIR/um/machine-4.log" ]
	[ ! -e "$DIR/um/machine.count" ]
}
