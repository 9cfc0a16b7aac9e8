#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# Names are bytes: of devices and processes, in JSON, in tables, on the command line.

# shellcheck disable=SC2154,SC2015,SC2030,SC2031 # set by try; "|| show" is meant for either
load ../lib/command

# no UTF-8; what would redden a terminal; what would turn its text; wide, and with an accent
# of its own; and one that looks like what stands for a byte in JSON
NAMES=($'\xff\xfe' $'\e[31m' $'a\u202eb' $'\u6f22\u5b57' $'e\u0301' $'\uf780')
SHOWN=('\xff\xfe' '\x1b[31m' 'a\xe2\x80\xaeb' $'\u6f22\u5b57' $'e\u0301' $'\uf780')
JSON=($'\uf7ff\uf7fe' '\u001b[31m' $'a\u202eb' $'\u6f22\u5b57' $'e\u0301' $'\uf7ef\uf79e\uf780')
# what takes them for another word or a number
WORDS=(dev -j 12 null num watch)

setup_file()
{
	local name

	export LC_ALL=C.UTF-8
	for name in "${NAMES[@]}" "${WORDS[@]}"; do
		ip link add name "$name" type dummy
	done
	pair names0 names1
	bpftool ctrl xdp set stats on
}

# is_utf8: all of $out
is_utf8()
{
	iconv -f UTF-8 -t UTF-8 "$BATS_TEST_TMPDIR/out" > /dev/null || show
}

@test "test_names_json_is_utf8_and_says_which_bytes" {
	local command i

	for command in "xdp show all" "xdp stats all" "dump xdp_attr" "xdp stats all watch count 1"; do
		# shellcheck disable=SC2086 # words
		works bpftool -j ctrl $command
		is_utf8
		for i in "${!JSON[@]}"; do
			grep -qF "\"ifname\":\"${JSON[i]}\"" <<< "$out" || show
		done
	done
}

@test "test_names_apply_takes_them_back" {
	bpftool -j ctrl dump xdp_attr | jq 'map(del(.key))' > "$BATS_TEST_TMPDIR/attr.json"
	works bpftool ctrl apply "$BATS_TEST_TMPDIR/attr.json"
	[[ $out == *"0 changed, $(jq length "$BATS_TEST_TMPDIR/attr.json") unchanged, 0 failed" ]] || show
	# where it was wrong, whatever the file is called
	echo '{"type":"xdp_attr","ifname":"names0","value":{"rings":{"num":99}}}' > "$BATS_TEST_TMPDIR/"$'a\xff.json'
	try bpftool -j ctrl apply "$BATS_TEST_TMPDIR/"$'a\xff.json'
	[ "$status" = 255 ] || show
	is_utf8
	[ "$(jq -r '.[0].where' <<< "$out")" = "$BATS_TEST_TMPDIR/"$'a\uf7ff.json:1:1' ] || show
	# "12" is a name here, whatever has that number
	works bpftool -j ctrl apply --dry-run <<< '{"type":"xdp_attr","ifname":"12","value":{}}'
	[ "$(jq -r '.[0].ifname' <<< "$out")" = 12 ] || show
}

# in_column LINE: where the second column begins, in columns of a terminal
in_column()
{
	python3 -c 'import sys, unicodedata
text = sys.argv[1][:sys.argv[1].index("none")]
print(sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
	for c in text))' "$1"
}

@test "test_names_tables_are_aligned_and_harmless" {
	local i line

	works bpftool ctrl xdp show all
	is_utf8
	fails grep -q $'[\x01-\x09\x0b-\x1f\x7f]' <<< "$out"
	for i in "${!SHOWN[@]}"; do
		line=$(grep -F "${SHOWN[i]} " <<< "$out")
		[ "$(in_column "$line")" = "$(in_column "$(grep '^lo ' <<< "$out")")" ] || show
	done
	for line in "xdp stats all watch count 1" "dump xdp_attr" "watch registry count 1"; do
		# shellcheck disable=SC2086 # words
		works bpftool ctrl $line
		is_utf8
		fails grep -q $'[\x01-\x08\x0b-\x1f\x7f]' <<< "$out"
	done
}

@test "test_names_in_errors" {
	try bpftool -j ctrl xdp show dev $'lost\xff\e'
	[ "$status" != 0 ] && [ "$out" = $'{"error":"can\'t find device \'lost\uf7ff\\u001b\': No such device"}' ] ||
		show
	try bpftool ctrl xdp show dev $'lost\xff\e'
	[ "$status" != 0 ] && [ "$err" = "Error: can't find device 'lost\\xff\\x1b': No such device" ] || show
	try bpftool -j ctrl dump $'\xc3'
	[ "$status" != 0 ] || show
	is_utf8
}

@test "test_names_that_are_words_or_numbers" {
	local name index

	for name in "${WORDS[@]}" "${NAMES[@]}"; do
		index=$(< "/sys/class/net/$name/ifindex")
		json ".[0].ifindex == $index" ctrl xdp show dev "dev:$name"
		json ".[0].ifindex == $index" ctrl xdp stats dev "dev:$name"
		json ".[0].key == $index" ctrl dump xdp_attr key "dev:$name"
		json ".ifindex == $index" ctrl xdp stats dev "dev:$name" watch count 1
		[ "$name" = -j ] || json ".[0].ifindex == $index" ctrl xdp show dev "$name"
	done
	refuses "can't find device 'dev:lost': No such device" dump xdp_attr key dev:lost
	# a number is an index
	json '.[0].key == 1' ctrl dump xdp_attr key 1
}

# apply_dev DEV: entries of names0 are applied for it, and none of names1
apply_dev()
{
	works bpftool -j ctrl apply "$BATS_TEST_TMPDIR/two.json" dev "$1" --dry-run
	[ "$(jq -c 'map(.ifname)' <<< "$out")" = '["names0"]' ] || show
}

@test "test_names_apply_dev_takes_any_name" {
	ip link property add dev names0 altname second altname averyveryverylongname
	echo '{"type":"xdp_attr","ifname":"second","value":{}}
		{"type":"xdp_attr","ifname":"names1","value":{}}' > "$BATS_TEST_TMPDIR/two.json"
	apply_dev names0
	apply_dev second
	apply_dev dev:names0
	apply_dev averyveryverylongname
	refuses "can't find device 'lost': No such device" apply "$BATS_TEST_TMPDIR/two.json" dev lost
	echo '{"type":"xdp_attr","ifname":"-j","value":{}}' > "$BATS_TEST_TMPDIR/two.json"
	works bpftool ctrl apply "$BATS_TEST_TMPDIR/two.json" dev dev:-j
	[[ $out == *"0 changed, 1 unchanged, 0 failed" ]] || show
	ip link property del dev names0 altname second altname averyveryverylongname
}

@test "test_names_alternative_of_any_length" {
	local name

	for name in short averyverylongname "$(printf 'x%.0s' {1..127})"; do
		ip link property add dev names0 altname "$name"
		json '.[0].ifname == "names0"' ctrl xdp show dev "$name"
		json '.[0].ifname == "names0"' ctrl xdp stats dev "$name"
		json '.[0].ifname == "names0"' ctrl dump xdp_attr key "$name"
		json '.ifname == "names0"' ctrl xdp metadata dev "$name"
		works bpftool ctrl set xdp_attr key "$name" enable_md 1
		works bpftool ctrl xdp set metadata dev "$name" off
		works bpftool ctrl xdp set redirect-rings dev "$name" num 1
		works bpftool ctrl apply <<< "{\"type\":\"xdp_attr\",\"ifname\":\"$name\",\"value\":{\"rings\":{\"num\":0}}}"
		[[ $out == *"1 changed, 0 unchanged, 0 failed" ]] || show
	done
	refuses "can't find device 'averyverylongname2': No such device" xdp show dev averyverylongname2
	name=$(printf 'x%.0s' {1..128})
	refuses "can't find device '$name': No such device" xdp show dev "$name"
}

# A process' name has 15 bytes, whatever they are.
@test "test_names_of_processes_cut_within_a_character" {
	local name=$BATS_TEST_TMPDIR/éééééééé cookie

	cp "$(command -v packetsockets)" "$name"
	coproc "$name" 1 3>&-
	# shellcheck disable=SC2153 # of coproc
	read -r cookie <&"${COPROC[0]}"
	works bpftool -j ctrl socket show cookie "$cookie"
	is_utf8
	[ "$(jq -r '.[0].pids[0].comm' <<< "$out")" = $'ééééééé\uf7c3' ] || show
	works bpftool ctrl socket show cookie "$cookie"
	is_utf8
}
