#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# bpftool ctrl set: words that are refused before anything is opened.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

@test "test_set_words" {
	refuses "'set' needs at least 5 arguments, 0 found" set
	refuses "'set' needs at least 5 arguments, 4 found" set test key 1 u32
	refuses "expected 'key', got: 'lock'" set test lock 1 u32 1
}
