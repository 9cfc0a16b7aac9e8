#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# A short run of each fuzz target ("make fuzz" runs longer): the corpus, in which each
# crash that was found stays, and a few inputs made of it.

setup()
{
	cd "$BATS_TEST_DIRNAME/../.." || return
}

@test "test_fuzz_value" {
	scripts/fuzz value 20 -runs=20000
}

@test "test_fuzz_json" {
	scripts/fuzz json 20 -runs=2000
}

@test "test_fuzz_btf" {
	scripts/fuzz btf 20 -runs=2000
}
