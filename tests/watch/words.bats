#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# bpftool ctrl watch TYPE, bpftool ctrl xdp stats watch: words that are refused.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

@test "test_watch_refuses_other_words" {
	local command word

	refuses "'watch' needs at least 1 arguments, 0 found" watch
	refuses "no control type 'lost' in this kernel, it has: $(types)" watch lost
	refuses "'key' needs at least 1 arguments, 0 found" watch xdp_stats key
	refuses "can't find device 'lost': No such device" watch xdp_stats key lost
	refuses "can't find device 'lost': No such device" xdp stats dev lost watch
	for command in "watch xdp_stats" "xdp stats watch" "watch xdp_stats key lo"; do
		# shellcheck disable=SC2086 # words
		{
			refuses "expected 'interval' or 'count', got: 'more'" $command more
			refuses "'interval' needs a number" $command interval
			refuses "'count' needs a number" $command interval 1 count
			refuses "interval already specified" $command interval 1 interval 1
			refuses "count already specified" $command count 1 interval 1 count 1
		}
	done
	for word in 0 -1 +1 1s 1e1 nan inf 0x 1,5 . 0.001 86401 99999999999999999999; do
		refuses "interval '$word' is no number of seconds from 0.01 to 86400" \
			watch xdp_stats interval $word
	done
	for word in 0 -1 +1 1.5 1x 0x 0x0x1 18446744073709551616; do
		refuses "count '$word' is no number from 1 on" xdp stats watch count $word
	done
	refuses "expected 'dev' or 'all', got: 'watch'" xdp show watch
	refuses "expected 'dev', 'all' or 'watch', got: 'more'" xdp stats more
}
