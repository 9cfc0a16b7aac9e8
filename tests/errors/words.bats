#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# Wrong words are refused before anything is opened: one sentence, an exit status and valid JSON.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

setup()
{
	pins=$(find /sys/fs/bpf 2> /dev/null || true)
}

teardown()
{
	[ "$(find /sys/fs/bpf 2> /dev/null || true)" = "$pins" ]
}

@test "test_errors_unknown_command" {
	refuses "unknown command 'lost', see 'bpftool ctrl help'" lost
	refuses "unknown command 'lost', see 'bpftool ctrl help'" xdp lost
	refuses "unknown command 'lost', see 'bpftool ctrl help'" xdp set lost
}

@test "test_errors_prefix_of_several_commands" {
	refuses "command 's' may be any of: show, set, schema, socket" s
	refuses "command 's' may be any of: show, stats, set" xdp s
	refuses "command '' may be any of: show, list, help, set" kprobe ''
	refuses "command '' may be any of: stats, redirect-rings, metadata, help" xdp set ''
}

# A word that is enough today is enough tomorrow.
@test "test_errors_shortest_prefixes_of_commands" {
	local said word words=(sh l h d se a p sc w "x sh" "x l" "x h" "x st" "x se" "x m" "x c" "x c"
		"k sh" "k l" "k h" "k se" "c sh" "c l" "c h" "so sh" "so l" "so h" "so se"
		"x se s" "x se r" "x se m" "x se h")

	for word in "${words[@]}"; do
		# whether this machine can do it does not matter
		# shellcheck disable=SC2086 # words
		said=$(bpftool ctrl $word 2>&1 < /dev/null || :)
		[[ $said != *"may be any of"* && $said != *"unknown command"* ]] || fail "$word: $said"
	done
}

# What can't be undone is said in full.
@test "test_errors_words_that_do_damage" {
	refuses "expected 'lock' or 'detach', got: 'l'" socket set cookie 1 l
	refuses "expected 'lock' or 'detach', got: 'loc'" socket set cookie 1 loc
	refuses "expected 'lock' or 'detach', got: 'de'" socket set cookie 1 de
	refuses "expected 'on' or 'off', got: 'of'" xdp set stats of
	refuses "expected 'on' or 'off', got: 'of'" kprobe set id 1 enabled of
}

@test "test_errors_missing_words" {
	refuses "'dump' needs at least 1 arguments, 0 found" dump
	refuses "'key' needs at least 1 arguments, 0 found" dump xdp_stats key
	refuses "'pin' needs at least 2 arguments, 0 found" pin
	refuses "'pin' needs at least 2 arguments, 1 found" pin xdp_stats
	refuses "'schema' needs at least 1 arguments, 0 found" schema
	refuses "'format' needs at least 1 arguments, 0 found" schema xdp_stats format
	refuses "'dev' needs the name of a device" xdp show dev
	refuses "'dev' needs the name of a device" xdp stats all dev
	refuses "'set' needs at least 1 arguments, 0 found" xdp set
	refuses "'stats' needs at least 1 arguments, 0 found" xdp set stats
}

@test "test_errors_extra_words" {
	refuses "unexpected word 'more'" list xdp_stats more
	refuses "unexpected word 'more'" dump xdp_stats key 1 more
	refuses "unexpected word 'more'" pin xdp_stats /sys/fs/bpf/lost more
	refuses "unexpected word 'more'" schema xdp_stats format c more
	refuses "expected 'dev' or 'all', got: 'more'" xdp show more
	refuses "expected 'dev', 'all' or 'watch', got: 'more'" xdp stats dev lo more
	refuses "device already specified" xdp stats dev lo dev lo
	refuses "unexpected word 'more'" xdp set stats on more
}

@test "test_errors_other_words" {
	refuses "expected 'key', got: 'lock'" dump xdp_stats lock 1
	refuses "expected 'format', got: 'c'" schema xdp_stats c
	refuses "unknown format 'rust', expected 'c' or 'json'" schema xdp_stats format rust
	refuses "expected 'on' or 'off', got: 'o'" xdp set stats o
}

@test "test_errors_keys_are_numbers_or_names" {
	for word in 1x 0x 0xg +1 1.0 '1,'; do
		refuses "can't find device '$word': No such device" dump xdp_stats key "$word"
	done
	for word in 4294967296 0x100000000 99999999999999999999; do
		refuses "key is bpf_ctrl_ifindex_t, the name of an interface or 0 to 4294967295, got: '$word'" \
			dump xdp_stats key $word
	done
	for word in lo 1x; do
		refuses "key is bpf_ctrl_type_t, 0 to 4294967295, got: '$word'" \
			dump registry key $word
	done
	refuses "can't look up key '77' of registry: no such key" dump registry key 77
}

# exits STATUS WORD...: alone, and in a batch
exits()
{
	local is=0 in_batch=0

	bpftool ctrl "${@:2}" > /dev/null 2>&1 || is=$?
	echo "ctrl ${*:2}" > "$BATS_TEST_TMPDIR/batch"
	bpftool batch file "$BATS_TEST_TMPDIR/batch" > /dev/null 2>&1 || in_batch=$?
	[ "$is $in_batch" = "$1 $1" ] || fail "${*:2}: $is, $in_batch"
}

@test "test_errors_exit_statuses" {
	exits 0 help
	exits 1 lost
	exits 1 dump
	exits 1 xdp set stats of
	exits 1 xdp show dev
	exits 1 dump id 0
	exits 1 kprobe show lost
	exits 1 apply one two
	exits 1 metrics format json
	exits 1 metrics output
	exits 1 metrics xdp_stats format
	exits 1 xdp set redirect-rings dev lo num foo
	exits 1 xdp set redirect-rings dev lo num 1 size -1
	exits 2 metrics lost
	exits 2 apply /dev/null dev lost
	exits 2 xdp show dev lost
	exits 2 cgroup show path /lost
	exits 2 netns lost list
	exits 2 apply /lost
	exits 255 apply /dev/null
}
