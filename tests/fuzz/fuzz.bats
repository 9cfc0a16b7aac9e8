#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# A short run of each fuzz target: the corpus, in which each crash that was found stays, and
# a few inputs made of it. "make check-all" takes as many as come in FUZZ_TIME.

setup()
{
	cd "$BATS_TEST_DIRNAME/../.." || return
}

# fuzz TARGET RUNS
fuzz()
{
	scripts/fuzz "$1" "${FUZZ_TIME:-20}" "-runs=${FUZZ_RUNS:-$2}"
}

@test "test_fuzz_value" {
	fuzz value 20000
}

@test "test_fuzz_json" {
	fuzz json 2000
}

@test "test_fuzz_name" {
	fuzz name 20000
}

@test "test_fuzz_metrics" {
	fuzz metrics 2000
}

@test "test_fuzz_btf" {
	fuzz btf 2000
}

# In bash, and by its own rules.
@test "test_fuzz_completion" {
	tests/fuzz/completion 100
}
