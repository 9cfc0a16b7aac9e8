#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# shellcheck disable=SC2154 # set by run
#
# tests/run: which tests run where, in a tree with two of them.

setup()
{
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p tests/one build/um-7.3 build/um
	cp "$BATS_TEST_DIRNAME/../run" tests/
	printf '# kernels: %s\n\n# kernels: host\n' um > tests/one/a.bats
	printf '# kernels: %s\n' "um debian-6.12" > tests/one/b.bats
	tiers 't um-7.3:2,um one/*' 't um */b.bats' 't debian-6.12 *'
}

tiers()
{
	printf '%s\n' "$@" > tests/tiers
}

# listed LINE...: exactly these, of tier t
listed()
{
	run -0 tests/run -l -T t
	[ "$output" = "$(printf '%s\n' "$@")" ] || { echo "$output"; return 1; }
}

@test "test_tiers_the_first_kernel_that_is_built" {
	touch build/um-7.3/.key build/um/.key
	listed "um-7.3 tests/one/a.bats" "um-7.3 tests/one/b.bats" "um tests/one/b.bats" \
		"debian-6.12 tests/one/b.bats"
}

@test "test_tiers_without_it_the_last_and_nothing_twice" {
	listed "um tests/one/a.bats" "um tests/one/b.bats" "debian-6.12 tests/one/b.bats"
}

@test "test_tiers_what_a_file_needs_is_not_there" {
	echo '# needs: build/thing' >> tests/one/b.bats
	tiers 't um *'
	listed "um: tests/one/b.bats is left out: there is no build/thing" "um tests/one/a.bats"
	touch build/thing
	listed "um tests/one/a.bats" "um tests/one/b.bats"
}

@test "test_tiers_a_pattern_that_matches_nothing" {
	local line

	for line in 'um one/c.bats' 'um */a.bats two/*' 'debian-6.12 */a.bats' 'x86_64 *'; do
		tiers "t $line"
		run -1 tests/run -l -T t
		[ "$output" = "error: ${line%% *} has no test '${line##* }'" ]
	done
}

@test "test_tiers_what_takes_long_has_a_machine_of_its_own" {
	mkdir build/test-results cache
	printf 'um one/%s\n' 'a.bats 121' 'b.bats 60' 'c.bats 60' > build/test-results/times
	cp tests/one/b.bats tests/one/c.bats
	# shellcheck disable=SC2016 # expanded by the stub
	printf '#!/bin/sh\n%s\n' 'shift 5; echo "machine: $*"' > tests/run-boots
	chmod +x tests/run-boots
	run -1 tests/run -k um
	[ "$(grep -c '^machine:' <<< "$output")" = 2 ]
	grep -qx 'machine: tests/one/a.bats' <<< "$output"
	grep -qx 'machine: tests/one/b.bats tests/one/c.bats' <<< "$output"

	# in another clone, too; and nothing is known of what gave no result
	export CACHE=$PWD/cache
	mv build/test-results/times cache/test-times
	run -1 tests/run -k um
	grep -qx 'machine: tests/one/b.bats tests/one/c.bats' <<< "$output"
	grep -qx 'um one/a.bats 121' cache/test-times
	cmp build/test-results/times cache/test-times

	# but not where others can write
	chmod 777 cache
	rm build/test-results/times
	run -1 tests/run -k um
	run -1 grep . build/test-results/times
}

@test "test_tiers_one_run_in_a_tree_at_once" {
	local status=0

	mkdir -p build/test-results
	exec 8> build/test-results/lock
	flock 8
	tests/run -k host > out 2>&1 3>&- 8>&- &
	until grep -qs '^waiting for other tests in this tree$' out; do
		kill -0 $!
	done
	exec 8>&-
	wait $! || status=$?
	[ "$status" = 1 ]
	[ "$(tail -n 1 out)" = "error: host has no test '*'" ]
}
