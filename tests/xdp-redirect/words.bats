#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# bpftool ctrl xdp set redirect-rings: words that are refused before anything is opened.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

# cannot MESSAGE WORD...: setting rings with these words is refused
cannot()
{
	refuses "$1" xdp set redirect-rings "${@:2}"
}

@test "test_set_rings_words" {
	cannot "'redirect-rings' needs 'dev'"
	cannot "'redirect-rings' needs 'dev'" num 1
	cannot "'redirect-rings' needs 'num'" dev lo
	cannot "'redirect-rings' needs 'num'" dev lo size 1
	cannot "'dev' needs the name of a device" dev
	cannot "'num' needs a number" dev lo num
	cannot "'size' needs a number" dev lo num 1 size
	cannot "'num' already specified" num 1 num 1
	cannot "device already specified" dev lo dev lo
	cannot "expected 'dev', 'num' or 'size', got: 'more'" dev lo num 1 more
	cannot "can't find device 'lost': No such device" dev lost num 1
}

@test "test_set_rings_numbers" {
	local word

	for word in -1 1x x 4294967296 all; do
		cannot "'num' needs a number of up to 32 bits, got: '$word'" dev lo num "$word"
	done
	# sizes have no names
	for word in -1 max cpus 99999999999999999999; do
		cannot "'size' needs a number of up to 32 bits, got: '$word'" dev lo num 1 size "$word"
	done
}
