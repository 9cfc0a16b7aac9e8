#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# bpftool ctrl schema TYPE [format c]

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load helper

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
	value="struct bpf_ctrl_xdp_stats" size=104
	compiles xdp_stats
	compiles xdp_stats format c
	value=bpf_ctrl_ifindex_t size=4
	compiles xdp_stats format c
	value="struct bpf_ctrl_info" size=144
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
			xmit_packets xmit_bytes xmit_drops; do
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
