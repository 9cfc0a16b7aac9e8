#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# bpftool ctrl kprobe: words that are refused.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

@test "test_kprobe_errors" {
	refuses "expected 'id', 'name' or 'symbol', got: 'lost'" kprobe show lost
	refuses "'name' needs a word" kprobe show name
	refuses "unexpected word 'more'" kprobe show symbol one more
	refuses "unexpected word 'name'" kprobe show id 1 name one
	refuses "'id' needs a number" kprobe show id
	refuses "can't parse id '4294967296': not a number or too large" kprobe show id 4294967296
	refuses "unexpected word 'more'" kprobe show id 1 more
	refuses "expected 'id'" kprobe set
	refuses "expected 'enabled'" kprobe set id 1
	refuses "expected 'enabled', got: 'off'" kprobe set id 1 off
	refuses "'enabled' needs at least 1 arguments, 0 found" kprobe set id 1 enabled
	refuses "expected 'on' or 'off', got: '0'" kprobe set id 1 enabled 0
	refuses "unexpected word 'more'" kprobe set id 1 enabled off more
}
