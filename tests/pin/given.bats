#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# A control map that there is, where a TYPE is expected: pinned PATH, id ID

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/testtype

FILE=$BPF/given

setup_file()
{
	load_test_type
	bpftool ctrl pin test "$FILE"
}

setup()
{
	id=$(bpftool -j map show pinned "$FILE" | jq .id)
}

@test "test_given_what_is_no_control_map" {
	bpftool map create "$BPF/other" type array key 4 value 4 entries 1 name other
	refuses "can't use $BPF/other: it is not a control map" dump pinned "$BPF/other"
	refuses "can't use this map: it is not a control map" \
		dump id "$(bpftool -j map show pinned "$BPF/other" | jq .id)"
	refuses "can't open $BPF/lost: No such file or directory" dump pinned "$BPF/lost"
	refuses "can't open /etc/passwd: Permission denied" dump pinned /etc/passwd
	refuses "can't get map by id (999999): it does not exist" dump id 999999
	refuses "can't parse id '0': not a number or too large" dump id 0
	refuses "can't parse id '4294967296': not a number or too large" watch id 4294967296
	refuses "no control type 'pinned' in this kernel, it has: $(types)" dump pinned
}

@test "test_given_says_what_the_type_says" {
	local said

	said=$(bpftool -j ctrl dump test key 1)
	[ "$(bpftool -j ctrl dump pinned "$FILE" key 1)" = "$said" ]
	[ "$(bpftool -j ctrl dump id "$id" key 1)" = "$said" ]
	[ "$(bpftool ctrl schema id "$id")" = "$(bpftool ctrl schema test)" ]
	[ "$(bpftool -j ctrl watch pinned "$FILE" key 1 count 1 interval 0.01 | jq .key)" = 1 ]
}

@test "test_given_is_set_and_negative_values_are_words" {
	works bpftool ctrl set pinned "$FILE" key 1 u32 7
	[ "$(value test 1 .u32)" = 7 ]
	works bpftool ctrl set id "$id" key 1 s32 -5 u32 8
	[ "$(value test 1 '[ .s32, .u32 ]')" = "[-5,8]" ]
}

@test "test_given_may_be_for_reading_only" {
	chmod 444 "$FILE"
	works without dac_override bpftool ctrl dump pinned "$FILE" key 1
	chmod 600 "$FILE"
}

@test "test_given_is_shown_where_it_is_pinned" {
	json "map(select(.type == \"test\"))[0].pinned == [ \"$FILE\" ]" -f ctrl list
	works bpftool -f ctrl list test
	[[ $out == *"
	pinned $FILE" ]] || show
	json '.[0] | has("pinned") | not' ctrl list test
}
