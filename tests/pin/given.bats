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

	# but for names of devices, see below
	said=$(bpftool -j ctrl dump test key 1 | jq -c 'walk(if type == "object" then
		with_entries(select(.key | endswith("ifname") | not)) else . end)')
	[ "$(bpftool -j ctrl dump pinned "$FILE" key 1 | jq -c .)" = "$said" ]
	[ "$(bpftool -j ctrl dump id "$id" key 1 | jq -c .)" = "$said" ]
	[ "$(bpftool ctrl schema id "$id")" = "$(bpftool ctrl schema test)" ]
	[ "$(bpftool -j ctrl watch pinned "$FILE" key 1 count 1 interval 0.01 | jq .key)" = 1 ]
}

@test "test_given_is_set_and_negative_values_are_words" {
	works bpftool ctrl set pinned "$FILE" key 1 u32 7
	[ "$(value test 1 .u32)" = 7 ]
	works bpftool ctrl set id "$id" key 1 s32 -5 u32 8
	[ "$(value test 1 '[ .s32, .u32 ]')" = "[-5,8]" ]
	# the word of an option is no command
	works bpftool -B /sys/kernel/btf/vmlinux ctrl set id "$id" key 1 s32 -6
	[ "$(value test 1 .s32)" = -6 ]
}

# Its namespace may be another, where a name or an index is another device's.
@test "test_given_knows_no_names_of_devices" {
	local dev attr=$BPF/attr word

	ip netns add far
	pair given0 given1
	ip -n far link add other index "$(< /sys/class/net/given0/ifindex)" type dummy
	nsenter --net=/run/netns/far bpftool ctrl pin xdp_attr "$attr"
	dev=$(< /sys/class/net/given0/ifindex)
	json "map(.key) | index($dev)" ctrl dump pinned "$attr"
	json 'map(has("ifname")) | any | not' ctrl dump pinned "$attr"
	json '.[0].ifname == "given0"' ctrl dump xdp_attr key "$dev"
	for word in "dump pinned $attr key given0" "set pinned $attr key given0 rings.num 1" \
			"watch pinned $attr key given0"; do
		# shellcheck disable=SC2086 # words
		refuses "can't find device 'given0': a map may be of another network namespace than its reader, so its keys are indices" $word
	done
	rm "$attr"
	bpftool ctrl pin xdp_attr "$attr"
	works bpftool ctrl set pinned "$attr" key "$dev" rings.num 1
	[ "$(value xdp_attr given0 .rings.num)" = 1 ]
	rm "$attr"
	remove given0
	ip netns del far
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
