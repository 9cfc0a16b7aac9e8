#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: host
#
# "make lint"

@test "test_lint" {
	cd "$BATS_TEST_DIRNAME/../.." || return
	scripts/lint build/linux
}
