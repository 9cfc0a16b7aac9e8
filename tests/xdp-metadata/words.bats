#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# bpftool ctrl xdp set metadata, ctrl xdp metadata: words that are refused before anything is
# opened.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

NEED="expected 'dev', 'on', 'off' or 'keep' once each, got:"

# cannot MESSAGE WORD...: setting metadata with these words is refused
cannot()
{
	refuses "$1" xdp set metadata "${@:2}"
}

@test "test_set_metadata_words" {
	cannot "'metadata' needs 'dev'"
	cannot "'metadata' needs 'dev'" on
	cannot "'metadata' needs 'on' or 'off'" dev lo
	cannot "'metadata' needs 'on' or 'off'" dev lo keep
	cannot "'dev' needs the name of a device" dev
	cannot "device already specified" dev lo dev lo
	cannot "can't find device 'lost': No such device" dev lost on
	cannot "$NEED '1'" dev lo 1
	cannot "$NEED 'off'" dev lo on off
	cannot "$NEED 'on'" dev lo on on
	cannot "$NEED 'keep'" dev lo on keep keep
	cannot "'keep' goes with 'on'" dev lo off keep
}

@test "test_metadata_words" {
	refuses "'metadata' needs 'dev'" xdp metadata
	refuses "'metadata' needs 'dev'" xdp metadata format c
	refuses "expected 'dev' or 'format', got: 'lo'" xdp metadata lo
	refuses "can't find device 'lost': No such device" xdp metadata dev lost
	refuses "expected 'c' after 'format', got: 'd'" xdp metadata dev lo format d
	refuses "expected 'c' after 'format', got: ''" xdp metadata dev lo format
}
