#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# The interface as programs see it: layouts and constants of the UAPI header are those of
# tests/golden/layouts, in programs of 64 bits and of 32. Nothing there may ever change; what is
# new comes behind, or is a type of its own.

setup()
{
	cd "$BATS_TEST_DIRNAME/../.." || return
}

# layouts BITS
layouts()
{
	local object=$BATS_TEST_TMPDIR/types

	echo '#include <linux/bpf_ctrl.h>' |
		gcc "-m$1" -g -fno-eliminate-unused-debug-types -isystem build/usr/include \
			-x c -c -o "$object.o" -
	pahole --btf_encode_detached="$object.btf" "$object.o"
	build/bin/bpftool -j btf dump file "$object.btf" | jq -rf tests/golden/layouts.jq
}

@test "test_golden_header_of_64_bits" {
	diff -u tests/golden/layouts <(layouts 64)
}

@test "test_golden_header_of_32_bits" {
	diff -u tests/golden/layouts <(layouts 32)
}
