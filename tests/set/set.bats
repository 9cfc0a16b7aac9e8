#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# bpftool ctrl set TYPE key KEY MEMBER VALUE ...

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/testtype

setup_file()
{
	load_test_type
	# the test's objects are "interfaces" 1 to 8
	ip link add set2 index 2 type dummy 2> /dev/null || true
}

setup()
{
	updates=$(value test 1 .updates)
}

# sets MEMBER VALUE JSON: it is then what dump shows
sets()
{
	works bpftool ctrl set test key 1 "$1" "$2"
	[ -z "$out" ] || show
	is 1 ".$1 == $3"
}

# rejects MESSAGE WORD...: ... and nothing was sent
rejects()
{
	local message=$1

	shift
	refuses "$message" set test key 1 "$@"
	is 1 ".updates == $updates"
}

@test "test_set_rejects_what_is_out_of_range" {
	rejects "member 'u8' is __u8, 0 to 255, got: '256'" u8 256
	rejects "member 'u16' is __u16, 0 to 65535, got: '0x10000'" u16 0x10000
	rejects "member 'u32' is __u32, 0 to 4294967295, got: '4294967296'" u32 4294967296
	rejects "member 'u64' is __u64, 0 to 18446744073709551615, got: '18446744073709551616'" \
		u64 18446744073709551616
	rejects "member 'u32' is __u32, 0 to 4294967295, got: '-1'" u32 -1
	rejects "member 's8' is __s8, -128 to 127, got: '128'" s8 128
	rejects "member 's16' is __s16, -32768 to 32767, got: '-32769'" s16 -32769
	rejects "member 's64' is __s64, -9223372036854775808 to 9223372036854775807, got: '9223372036854775808'" \
		s64 9223372036854775808
	rejects "member 'bits.one' is __u64:1, 0 to 1, got: '2'" bits.one 2
	rejects "member 'bits.bias' is __s32:4, -8 to 7, got: '8'" bits.bias 8
	rejects "member 'on' is bool, on or off, got: 'maybe'" on maybe
	rejects "member 'mode' is enum test_ctrl_mode, one of OFF, AUTO, ON, got: 'MAYBE'" mode MAYBE
	rejects "member 'label' is char[16], a string of at most 15 characters, got: '0123456789abcdef'" \
		label 0123456789abcdef
	rejects "member 'peer' is bpf_ctrl_ifindex_t, the name of an interface or 0 to 4294967295, got: 'lost0'" \
		peer lost0
}

@test "test_set_rejects_what_is_no_number" {
	for word in x 1x 0x 1.0 1e3 +1 --1 010x; do
		rejects "member 'u8' is __u8, 0 to 255, got: '$word'" u8 "$word"
	done
}

@test "test_set_rejects_unknown_members_and_names_those_there_are" {
	rejects "no member 'pair.nu', struct test_ctrl_pair has: num, size" pair.nu 1
	rejects "no member 'u32.x': 'u32' is __u32" u32.x 1
	rejects "no element 'u32[0]': 'u32' is __u32" 'u32[0]' 1
	rejects "no element 'counts[4]', there are counts[0] to counts[3]" 'counts[4]' 1
	rejects "no element 'counts[-1]', there are counts[0] to counts[3]" 'counts[-1]' 1
	rejects "no element 'counts[x]', there are counts[0] to counts[3]" 'counts[x]' 1
	rejects "'counts' is __u32[4]: name an element, counts[0] to counts[3]" counts 1
	rejects "'pair' is struct test_ctrl_pair: name a member, pair.num, pair.size" pair 1
	# masks are not for people
	rejects "no member 'nested.settable', struct test_ctrl_nested has: wanted, granted" \
		nested.settable 1
}

@test "test_set_rejects_read_only" {
	rejects "member 'updates' is read-only here" updates 1
	rejects "member 'nested.granted' is read-only here" nested.granted 1
	refuses "member 'u32' is read-only here" set test key 7 u32 1
	refuses "member 'pair.num' is read-only here" set test key 8 pair.num 1
	refuses "control type xdp_stats is read-only" set xdp_stats key 1 packets 1
}

@test "test_set_rejects_trailing_and_missing_words" {
	rejects "member 'u16' needs a value" u32 1 u16
	rejects "member 'u32' is given twice" u32 1 u32 2
}

@test "test_set_nothing_is_sent_if_the_last_word_is_wrong" {
	rejects "member 'u8' is __u8, 0 to 255, got: '999'" u32 77 u8 999
	is 1 '.u32 != 77'
}

@test "test_set_reports_what_the_kernel_says" {
	refuses "can't set key '4' of test: Operation not permitted" set test key 4 u32 1
	refuses "can't set key '5' of test: No space left on device" set test key 5 u32 1
	refuses "can't look up key '6' of test: Input/output error" set test key 6 u32 1
	refuses "can't look up key '99' of test: no such key" set test key 99 u32 1
	rejects "can't set key '1' of test: Numerical result out of range" percent 101
	rejects "can't set key '1' of test: Invalid argument" flags 1
}

@test "test_set_numbers_of_all_sizes" {
	sets u8 255 255
	sets u8 0xff 255
	sets u16 010 10
	sets u32 4294967295 4294967295
	sets s8 -128 -128
	sets s16 32767 32767
	sets s32 -2147483648 -2147483648
	sets s64 -9007199254740991 -9007199254740991
	works bpftool ctrl set test key 1 u64 18446744073709551615
	bpftool -j ctrl dump test key 1 | grep -q '"u64":18446744073709551615[,}]'
}

@test "test_set_nested_arrays_and_bit_fields" {
	sets pair.num 12 12
	sets pair.size 128 128
	sets 'counts[3]' 7 7
	sets 'pairs[2].size' 9 9
	sets bits.forty 0xffffffffff 1099511627775
	sets bits.bias -8 -8
	sets bits.one 1 1
	is 1 '.bits.three == 0 and .bits.twenty == 0'
	works bpftool ctrl set test key 1 nested.wanted 8
	is 1 '.nested == { wanted: 8, granted: 4 }'
	is 1 '.pair == { num: 12, size: 128 } and .pairs[2].size == 9'
}

@test "test_set_names" {
	sets mode ON '"TEST_CTRL_MODE_ON"'
	sets mode TEST_CTRL_MODE_OFF '"TEST_CTRL_MODE_OFF"'
	sets mode 7 7
	sets wide ALL '"TEST_CTRL_WIDE_ALL"'
	sets bits.speed FAST '"TEST_CTRL_SPEED_FAST"'
	sets on on true
	sets on false false
	sets label 'a "b"' '"a \"b\""'
	sets label '' '""'
	sets peer lo 1
	is 1 '.peer_ifname == "lo"'
	sets peer 0 0
}

@test "test_set_keeps_what_is_not_named" {
	works bpftool ctrl set test key 3 u32 5 label kept 'pairs[1].num' 6
	before=$(value test 3 'del(.u16, .updates)')
	works bpftool ctrl set test key 3 u16 1
	[ "$(value test 3 'del(.u16, .updates)')" = "$before" ]
}

@test "test_set_selects_what_an_update_does" {
	works bpftool ctrl set test key 3 u32 5
	works bpftool ctrl set test key 3 command RESET
	is 3 '.u32 == 0 and .command == "TEST_CTRL_COMMAND_UNSPEC"'
}

@test "test_set_key_by_name_and_quiet" {
	works bpftool ctrl set test key lo u32 11
	[ -z "$out" ] || show
	is 1 '.u32 == 11'
	json '. == null' ctrl set test key 1 u32 12
}

@test "test_set_dump_names_members_as_set_does" {
	works bpftool ctrl set test key 2 'pairs[1].num' 3
	works bpftool ctrl dump test key 2
	grep -q 'pairs\[1\]\.num 3' <<< "$out" || show
}
