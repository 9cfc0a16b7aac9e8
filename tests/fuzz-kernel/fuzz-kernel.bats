#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# boot: own
#
# Random calls on control maps, for a few seconds: "make fuzz-kernel" does it for longer, with
# KASAN. That the kernel complains fails any test.

# shellcheck disable=SC2154 # set by run
setup()
{
	bats_require_minimum_version 1.5.0
	fuzz=$BATS_TEST_DIRNAME/../../build/fuzz-kernel/fuzz-kernel
}

# answered OPERATION ANSWER: there were some
answered()
{
	grep -qE "^$1 .* $2 [1-9]" <<< "$output"
}

@test "test_fuzz_kernel_finds_nothing" {
	run -0 "$fuzz" 1 8
	echo "$output"
	answered next ok
	answered next ENOENT
	answered lookup ok
	answered update ok
	answered update EINVAL
	answered update EPERM
	answered 'lookup batch' ok
	answered create ok
	answered create E2BIG
	answered 'read pin' ok
	answered delete EOPNOTSUPP
	[[ $output =~ [0-9]{4,}\ calls\ in ]]
}

@test "test_fuzz_kernel_ends_after_so_many_calls" {
	run -0 "$fuzz" 2 600 2000
	[[ $output =~ ([0-9]+)\ calls\ in\ ([0-9]+)\ s,\ seed\ 2 ]]
	[ "${BASH_REMATCH[1]}" -ge 2000 ]
	[ "${BASH_REMATCH[2]}" -lt 60 ]
}

@test "test_fuzz_kernel_needs_numbers" {
	run -2 "$fuzz" x 1
	[ "$output" = "fuzz-kernel: expected a number, got: 'x'" ]
	run -2 "$fuzz" 1
}
