#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# bpftool ctrl schema TYPE [format { c | json }]

# shellcheck disable=SC2154,SC2015,SC2030,SC2031 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/testtype

setup_file()
{
	load_test_type
}

# compiles WORD...: the header is all that C needs to know the size of the value.
compiles()
{
	works bpftool ctrl schema "$@"
	printf '%s\n' "$out" > "$BATS_TEST_TMPDIR/schema.h"
	cat > "$BATS_TEST_TMPDIR/schema.c" <<-C
	#include "schema.h"
	#include "schema.h"
	_Static_assert(sizeof($value) == $size, "size");
	C
	gcc -std=gnu11 -Wall -Wextra -Werror -c "$BATS_TEST_TMPDIR/schema.c" \
		-o "$BATS_TEST_TMPDIR/schema.o"
}

@test "test_schema_compiles_alone" {
	value="struct bpf_ctrl_xdp_stats" size=112
	compiles xdp_stats
	compiles xdp_stats format c
	value=bpf_ctrl_ifindex_t size=4
	compiles xdp_stats format c
	value="struct bpf_ctrl_info" size=152
	compiles registry
	value=bpf_ctrl_type_t size=4
	compiles registry
}

@test "test_schema_compiles_beside_linux_types" {
	works bpftool ctrl schema xdp_stats
	{
		echo '#include <linux/types.h>'
		printf '%s\n' "$out"
	} > "$BATS_TEST_TMPDIR/both.c"
	gcc -std=gnu11 -Wall -Wextra -Werror -c "$BATS_TEST_TMPDIR/both.c" -o "$BATS_TEST_TMPDIR/both.o"
}

@test "test_schema_has_each_counter" {
	works bpftool ctrl schema xdp_stats
	for name in packets bytes aborted drop pass tx redirect redirect_errors invalid \
			xmit_packets xmit_bytes xmit_drops redirect_other; do
		grep -q "	__u64 $name;" <<< "$out" || show
	done
}

@test "test_schema_json" {
	works bpftool ctrl schema xdp_stats
	text=$out
	json '.type == "xdp_stats" and .format == "c"' ctrl schema xdp_stats
	works bpftool -j ctrl schema xdp_stats format c
	[ "$(jq -r .schema <<< "$out")" = "$text" ] || show
}

@test "test_schema_of_every_type_compiles_as_c_and_cxx" {
	local type all

	cd "$BATS_TEST_TMPDIR" || return
	all=$(bpftool -j ctrl list | jq -er '.[].type')
	for type in $all; do
		works bpftool ctrl schema "$type" format c
		printf '%s\n' "$out" > schema.h
		echo '#include "schema.h"' | tee schema.c > schema.cpp
		gcc -std=gnu11 -Wall -Wextra -Werror -c schema.c -o schema.o
		g++ -std=c++17 -Wall -Wextra -Werror -c schema.cpp -o schema.o
	done
}

schema()
{
	works bpftool -j ctrl schema "$1" format json
	printf '%s' "$out" > "$BATS_TEST_TMPDIR/schema.json"
}

# accepts JSON, rejects JSON: a validator that knows nothing of bpftool does
accepts()
{
	try "$BATS_TEST_DIRNAME/../lib/validate.py" "$BATS_TEST_TMPDIR/schema.json" <<< "$1"
	[ "$status" = 0 ] || show
}

rejects()
{
	try "$BATS_TEST_DIRNAME/../lib/validate.py" "$BATS_TEST_TMPDIR/schema.json" <<< "$1"
	[ "$status" = 1 ] && [ -n "$out" ] || show
}

@test "test_schema_json_accepts_dumps_of_every_type" {
	local type all

	bpftool ctrl xdp set stats on
	all=$(bpftool -j ctrl list | jq -er '.[].type | select(. != "test")')
	for type in $all; do
		schema "$type"
		accepts "$(bpftool -j ctrl dump "$type")"
		accepts '[]'
	done
	# of which one object can't be read
	schema test
	accepts "$(bpftool -j ctrl dump test key 1)"
	# one entry, and parts of a value
	schema xdp_stats
	accepts "$(bpftool -j ctrl dump xdp_stats | jq '.[0]')"
	accepts '{ "type": "xdp_stats", "key": 1, "value": { "packets": 1 } }'
	accepts '{ "type": "xdp_stats", "ifname": "lo", "value": { "packets": 18446744073709551615 } }'
}

@test "test_schema_json_rejects_what_is_wrong" {
	local good='{ "type": "xdp_stats", "key": 1, "ifname": "lo", "value": { "packets": 1 } }' change

	schema xdp_stats
	accepts "$good"
	for change in '.type = "xdp_stat"' 'del(.type)' 'del(.value)' 'del(.key, .ifname)' '.more = 1' \
			'.key = "1"' '.key = -1' '.key = 4294967296' '.key = 1.5' '.ifname = 1' \
			'.value.packet = 1' '.value.valid = 1' '.value.packets = -1' \
			'.value.packets = "1"' '.value.packets = null' '.value.packets = 1.5' \
			'.value = 1' '.value = []' '[[.]]' '"xdp_stats"'; do
		rejects "$(jq "$change" <<< "$good")"
	done
	rejects '{ "type": "xdp_stats", "key": 1, "value": { "packets": 18446744073709551616 } }'

	# names, strings and arrays of the registry
	good=$(bpftool -j ctrl dump registry key 0 | jq '.[0]')
	schema registry
	accepts "$good"
	accepts "$(jq '.value.scope = "NETNS"' <<< "$good")"
	accepts "$(jq '.value.scope = 7' <<< "$good")"
	accepts "$(jq '.value.name = [ 0, 255 ]' <<< "$good")"
	for change in '.value.scope = "LOST"' '.value.scope = true' '.value.name = 1' \
			'.value.name = "sixteen letters!"' '.value.name = [ 256 ]' \
			'.value.name = [ range(17) ]'; do
		rejects "$(jq "$change" <<< "$good")"
	done
}

@test "test_schema_json_says_what_is_read_only" {
	local type all

	all=$(bpftool -j ctrl list | jq -er '.[].type')
	for type in $all; do
		schema "$type"
		jq -e --argjson types "$(bpftool -j ctrl list)" '.title as $title |
			(.["$defs"].entry.properties.value.readOnly // false) ==
			($types[] | select(.type == $title) | .ops | index("update") == null)' \
			"$BATS_TEST_TMPDIR/schema.json"
	done
}

@test "test_schema_json_plain_is_the_same" {
	works bpftool ctrl schema xdp_stats format json
	[ "$(jq -cS . <<< "$out")" = "$(bpftool -j ctrl schema xdp_stats format json | jq -cS .)" ] || show
	[ "$(wc -l <<< "$out")" -gt 20 ] || show
	json '.title == "xdp_stats"' ctrl schema xdp_stats f json
}
