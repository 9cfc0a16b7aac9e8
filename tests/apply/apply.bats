#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# bpftool ctrl apply [FILE] [--dry-run]

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/testtype

setup_file()
{
	load_test_type
	ip link add set2 index 2 type dummy 2> /dev/null || true
}

setup()
{
	file=$BATS_TEST_TMPDIR/in.json
	updates=$(value test 1 .updates)
}

# entry KEY VALUE: JSON of one entry
entry()
{
	printf '{"type":"test","key":%s,"value":%s}' "$1" "$2"
}

# rejects WHERE MESSAGE TEXT: neither TEXT nor a valid entry before it is applied
rejects()
{
	printf '%b' "$3" > "$file"
	refuses "$file:$1: $2" apply "$file"
	is 1 ".updates == $updates"
}

rejects_value()
{
	rejects "1:$1" "$2" "$(entry 1 "$3")"
}

@test "test_apply_rejects_broken_json_with_line_and_column" {
	local text
	for text in '{' '[1,]' '{"a":1' "{'a':1}" '{"a":nul}' '{"a":01}' '[' 'x' '{}{' '"a"' '1'; do
		printf '%s\n%s' "$(entry 1 '{"u32":99}')" "$text" > "$file"
		try bpftool ctrl apply "$file"
		[ "$status" != 0 ] && [[ $err =~ ^"Error: $file:2:"[0-9]+": ".+$ ]] || show
		is 1 ".updates == $updates"
	done
	rejects 1:1 "there is no JSON" ''
	refuses "can't open /lost: No such file or directory" apply /lost
	refuses "unexpected word 'more'" apply "$file" more
}

@test "test_apply_rejects_duplicates_nul_and_deep_nesting" {
	try bpftool ctrl apply <(entry 1 '{"u32":1,"u32":2}')
	[ "$status" != 0 ] && [[ $err == *:1:*"duplicate object key"* ]] || show
	printf '{"type":"test","key":1,"value":{"label":"a\\u0000"}}' > "$file"
	try bpftool ctrl apply "$file"
	[ "$status" != 0 ] && [[ $err == *:1:*"\\u0000 is not allowed"* ]] || show
	printf '{"type":"test\0"}' > "$file"
	refuses "$file:1:14: a null byte is in no JSON" apply "$file"
	printf '\n{"type":"test","key":0\0,"value":{"u32":1}}' > "$file"
	refuses "$file:2:23: a null byte is in no JSON" apply "$file"
	printf '%s\0' '{"type":"test","key":0,"value":{"u32":1}}' > "$file"
	refuses "$file:1:42: a null byte is in no JSON" apply "$file"
	head -c 100000 /dev/zero | tr '\0' '[' > "$file"
	try bpftool -j ctrl apply "$file"
	[ "$status" != 0 ] && jq -e '.error | contains("depth")' <<< "$out" || show
	is 1 ".updates == $updates"
}

@test "test_apply_rejects_wrong_types_and_ranges_where_they_are" {
	rejects_value 38 "member 'u8' is __u8, 0 to 255, got: '256'" '{"u8":256}'
	rejects_value 38 "member 'u8' is __u8, 0 to 255, got: true" '{"u8":true}'
	rejects_value 38 "member 'u8' is __u8, 0 to 255, got: null" '{"u8":null}'
	rejects_value 38 "member 'u8' is __u8, 0 to 255, got: [1]" '{"u8":[1]}'
	rejects_value 38 "member 'u8' is __u8, 0 to 255, got: '1.5'" '{"u8":1.5}'
	rejects_value 39 "member 'u64' is __u64, 0 to 18446744073709551615, got: '18446744073709551616'" \
		'{"u64":18446744073709551616}'
	rejects_value 38 "member 'on' is bool, on or off, got: '2'" '{"on":2}'
	rejects_value 41 "member 'label' is char[16], a string of at most 15 characters, got: 5" \
		'{"label":5}'
	rejects_value 40 "member 'pair' must be an object, got: a number" '{"pair":1}'
	rejects_value 42 "member 'counts' must be an array, got: an object" '{"counts":{}}'
	rejects_value 43 "member 'counts[0]' is __u32, 0 to 4294967295, got: 'x'" '{"counts":["x"]}'
	rejects_value 51 "member 'counts' is an array of 4" '{"counts":[1,2,3,4,5]}'
	rejects_value 32 "a value must be an object, got: null" 'null'
}

@test "test_apply_reports_every_entry_that_is_wrong" {
	{
		echo '['
		echo " $(entry 1 '{"u8":256}'),"
		echo " $(entry 1 '{"u32":99}'),"
		echo ' [1], {"type":"lost","key":1,"value":{}},'
		echo " $(entry 1 '{"label":"]},{[\"","u16":-1}')"
		echo '] 5'
	} > "$file"
	try bpftool ctrl apply "$file"
	[ "$status" != 0 ] && [ -z "$out" ] || show
	diff - <(echo "$err") <<-E
		Error: $file:2:39: member 'u8' is __u8, 0 to 255, got: '256'
		Error: $file:4:2: an entry must be an object
		Error: $file:4:15: no control type 'lost' in this kernel
		Error: $file:5:58: member 'u16' is __u16, 0 to 65535, got: '-1'
		Error: $file:6:4: '[' or '{' expected near '5'
	E
	try bpftool -j ctrl apply "$file"
	[ "$status" != 0 ] && [ -z "$err" ] || show
	jq -es 'length == 1 and (.[0].error | split("\n") | length == 5)' <<< "$out" || show
	is 1 ".updates == $updates"
}

@test "test_apply_says_line_and_column_in_a_large_file" {
	{
		echo '['
		for i in 1 2 3; do echo " $(entry "$i" '{"u32":99}'),"; done
		printf '  { "value": {\n\t"pair": { "size": -1 } },\n "key": 1, "type": "test" }\n]'
	} > "$file"
	refuses "$file:6:20: member 'pair.size' is __u32, 0 to 4294967295, got: '-1'" apply "$file"
	is 1 ".updates == $updates"
}

@test "test_apply_rejects_what_is_no_entry" {
	rejects 1:2 "an entry must be an object" '[1]'
	rejects 1:1 "an entry needs 'type', 'value', and 'key' or 'ifname'" '{"type":"test","value":{}}'
	rejects 1:9 "no control type 'lost' in this kernel" '{"type":"lost","key":1,"value":{}}'
	rejects 1:9 "control type xdp_stats is read-only" '{"type":"xdp_stats","key":1,"value":{}}'
	rejects 1:8 "no member 'typ', an entry has: type, key, ifname, value" '{"typ":"test"}'
	rejects 1:22 "key is bpf_ctrl_ifindex_t, the name of an interface or 0 to 4294967295, got: '-1'" \
		"$(entry -1 '{}')"
}

@test "test_apply_unknown_members_only_if_they_say_nothing" {
	printf '%s' "$(entry 1 '{"new":0,"newer":{"a":[null,false,""]},"u32":21}')" > "$file"
	works bpftool ctrl apply "$file"
	is 1 '.u32 == 21'
	updates=$(value test 1 .updates)
	printf '%s' "$(entry 1 '{"u32":22,"new":1}')" > "$file"
	try bpftool ctrl apply "$file"
	[ "$status" != 0 ] && [[ $err == "Error: $file:1:"*": no member 'new', struct test_ctrl_value has: command, "* ]] ||
		show
	is 1 ".updates == $updates"
}

@test "test_apply_ifname_stands_in_for_the_key_and_must_not_contradict_it" {
	rejects 1:33 "interface 1 is 'lo', not 'set2'" \
		'{"type":"test","key":1,"ifname":"set2","value":{}}'
	rejects 1:33 "interface 'lo' is not 3" '{"type":"test","key":3,"ifname":"lo","value":{}}'
	echo '{"type":"test","ifname":"lo","value":{"u32":31}}' > "$file"
	works bpftool ctrl apply "$file"
	is 1 '.u32 == 31'
	echo '{"type":"test","key":1,"value":{"peer_ifname":"set2"}}' > "$file"
	works bpftool ctrl apply "$file"
	is 1 '.peer == 2'
}

@test "test_apply_takes_what_dump_writes_and_twice_changes_nothing" {
	works bpftool ctrl set -- test key 1 label '' u64 18446744073709551615 s64 -1 wide ALL mode OFF
	bpftool -j ctrl dump test key 1 > "$file"
	works bpftool ctrl apply "$file"
	[ "$out" = "0 changed, 1 unchanged, 0 failed" ] || show

	jq -c 'map(.value |= (.u32 = 41 | .pair.num = 12 | .mode = "ON"))' "$file" > "$file.new"
	# jq rounds numbers above 2^53
	sed -i 's/18446744073709552000/"18446744073709551615"/' "$file.new"
	updates=$(value test 1 .updates)
	works bpftool ctrl apply "$file.new"
	[[ $out == *"1 changed, 0 unchanged, 0 failed" ]] || show
	is 1 ".u32 == 41 and .pair.num == 12 and .updates == $updates + 1"
	works bpftool ctrl apply "$file.new"
	[[ $out == *"0 changed, 1 unchanged, 0 failed" ]] || show
	is 1 ".updates == $updates + 1"
}

@test "test_apply_from_a_pipe_object_array_and_stream" {
	entry 1 '{"u16":1}' | works bpftool ctrl apply
	is 1 '.u16 == 1'
	echo "[$(entry 1 '{"u16":2}'),$(entry 2 '{"u16":2}')] $(entry 3 '{"u16":2}')" |
		works bpftool ctrl apply
	is 1 '.u16 == 2'
	is 2 '.u16 == 2'
	is 3 '.u16 == 2'
	# jq 1.6 rounds what is above 2^53
	bpftool ctrl set test key 1 u64 7
	bpftool -j ctrl dump test key 1 | jq -c '.[] | .value.u16 = 3' | bpftool ctrl apply
	is 1 '.u16 == 3'
}

@test "test_apply_each_entry_has_its_outcome" {
	bpftool ctrl set test key 1 u32 1
	{
		for key in 4 5 6 99 1; do entry "$key" '{"u32":51}'; done
		entry 2 '{"percent":101}'
	} > "$file"
	try bpftool -j ctrl apply "$file"
	[ "$status" != 0 ] && [ -z "$err" ] || show
	jq -e 'map([.key, .outcome, .error]) == [
		[4, "failed", "Operation not permitted"], [5, "failed", "No space left on device"],
		[6, "failed", "Input/output error"], [99, "failed", "no such key"],
		[1, "changed", null], [2, "failed", "Numerical result out of range"]]' <<< "$out" || show
	jq -e '.[4].changes == [{ member: "u32", from: 1, to: 51 }]' <<< "$out" || show
	is 1 '.u32 == 51'

	try bpftool ctrl apply "$file"
	[ "$status" != 0 ] || show
	grep -qx "Error: $file:1:1: can't set key 4 of test: Operation not permitted" <<< "$err" || show
	grep -qx "Error: $file:1:127: can't look up key 99 of test: no such key" <<< "$err" || show
	[[ $out == *"0 changed, 1 unchanged, 5 failed" ]] || show
}

@test "test_apply_ignores_reports_and_says_so" {
	{
		entry 1 "{\"updates\":7777,\"u32\":$(value test 1 .u32)}"
		entry 7 '{"u32":5}'
		entry 8 '{"pair":{"num":5},"u16":61}'
	} > "$file"
	json 'map([.key, .outcome, .ignored]) == [[1, "unchanged", ["updates"]],
		[7, "unchanged", ["u32"]], [8, "would_change", ["pair.num"]]]' \
		ctrl apply "$file" --dry-run
	works bpftool ctrl apply "$file"
	grep -qx 'test 7: ignored, read-only: u32' <<< "$out" || show
	is 8 '.u16 == 61 and .pair.num == 0'
	is 7 '.updates == 0'
}

@test "test_apply_dry_run_sends_nothing" {
	bpftool ctrl set test key 1 u32 1 label old
	updates=$(value test 1 .updates)
	entry 1 '{"u32":71,"label":"new"}' > "$file"
	works bpftool ctrl apply "$file" --dry-run
	[ "$out" = 'test 1 (lo): label "old" -> "new", u32 1 -> 71
1 would change, 0 unchanged, 0 failed' ] || show
	works bpftool --dry-run ctrl apply "$file"
	printf 'ctrl apply %s --dry-run\n' "$file" > "$BATS_TEST_TMPDIR/batch"
	works bpftool batch file "$BATS_TEST_TMPDIR/batch"
	is 1 ".updates == $updates"

	try bpftool --dry-run ctrl set test key 1 u32 5
	[ "$status" != 0 ] && [ "$err" = "Error: option '--dry-run' is for 'ctrl apply' only" ] || show
	is 1 ".updates == $updates"
}

@test "test_apply_selectors_are_sent_with_what_differs" {
	bpftool ctrl set test key 3 u32 5
	entry 3 '{"command":"RESET","u32":6}' > "$file"
	works bpftool ctrl apply "$file"
	is 3 '.u32 == 0'
	# and alone they are no change
	entry 3 '{"command":"RESET"}' > "$file"
	works bpftool ctrl apply "$file"
	[ "$out" = "0 changed, 1 unchanged, 0 failed" ] || show
}

@test "test_apply_megabytes_but_not_more_than_16" {
	awk 'BEGIN { for (i = 0; i < 100000; i++)
		printf "{\"type\":\"test\",\"key\":2,\"value\":{\"u64\":\"0x%x\"}}\n", i % 2 + 1 }' > "$file"
	[ "$(stat -c %s "$file")" -gt 4000000 ]
	works bpftool ctrl apply "$file" --dry-run
	[[ $out == *", 0 failed" ]] || { err=; out=$(tail -n 1 <<< "$out"); show; }
	head -c 17M /dev/zero | tr '\0' ' ' > "$file"
	refuses "can't apply $file: it has more than 16 MiB" apply "$file"
}
