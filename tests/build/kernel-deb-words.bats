#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# What "make kernel-deb" refuses, before it builds anything.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

# refused SENTENCE VARIABLE=VALUE...
refused()
{
	try make -C "$TOP" --no-print-directory kernel-deb "${@:2}"
	[ "$status" != 0 ] && [ "$(head -n 1 <<< "$err")" = "error: $1" ] || show
}

@test "test_kernel_deb_without_a_configuration" {
	refused "no configuration /nonexistent: CONFIG=FILE" CONFIG=/nonexistent
	refused "no configuration $TOP: CONFIG=FILE" CONFIG="$TOP"
	echo "# nothing" > "$BATS_TEST_TMPDIR/config"
	refused "no configuration $BATS_TEST_TMPDIR/config: CONFIG=FILE" CONFIG="$BATS_TEST_TMPDIR/config"
}

@test "test_kernel_deb_without_modules" {
	local file=$BATS_TEST_TMPDIR/lsmod

	echo CONFIG_NET=y > "$BATS_TEST_TMPDIR/config"
	set -- CONFIG="$BATS_TEST_TMPDIR/config" LSMOD="$file"
	refused "no modules, as lsmod lists them, in $file: LSMOD=FILE" "$@"
	echo "Module                  Size  Used by" > "$file"
	refused "no modules, as lsmod lists them, in $file: LSMOD=FILE" "$@"
	printf '\0\377[%%\n' >> "$file"
	refused "no modules, as lsmod lists them, in $file: LSMOD=FILE" "$@"
}

@test "test_kernel_deb_of_a_configuration_without_btf" {
	printf 'CONFIG_%s\n' 64BIT=y DEBUG_KERNEL=y DEBUG_INFO_DWARF5=y DEBUG_INFO_REDUCED=y \
		> "$BATS_TEST_TMPDIR/config"
	try "$TOP/scripts/build-kernel-deb" "$TOP/build/linux" "$BATS_TEST_TMPDIR/config" "$BATS_TEST_TMPDIR/kernel"
	[ "$status" != 0 ] || show
	[ "$(tail -n 1 <<< "$out")" = "error: with this configuration there can be no BTF (CONFIG_DEBUG_INFO_BTF)" ] || show
}
