#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# bpftool ctrl socket: words that are refused.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

@test "test_socket_errors" {
	refuses "expected 'cookie', got: 'id'" socket show id
	refuses "'cookie' needs a number" socket show cookie
	refuses "can't parse cookie 'x': not a number or too large" socket show cookie x
	refuses "unexpected word 'more'" socket show cookie 1 more
	refuses "expected 'cookie'" socket set
	refuses "expected 'lock' or 'detach'" socket set cookie 1
	refuses "expected 'lock' or 'detach', got: 'unlock'" socket set cookie 1 unlock
	refuses "unexpected word 'more'" socket set cookie 1 lock more
}
