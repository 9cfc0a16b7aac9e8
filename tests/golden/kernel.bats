#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um x86_64
#
# The interface as the kernel describes it: what the BTF of each control map says is in
# tests/golden/layouts, too.

# shellcheck disable=SC2154 # output is set by run
load ../lib/command

# described TYPE: the layouts in the BTF of its maps
described()
{
	local id

	bpftool ctrl pin "$1" "$BPF/golden"
	id=$(bpftool -j map show pinned "$BPF/golden" | jq .btf_id)
	rm "$BPF/golden"
	bpftool -j btf dump id "$id" | jq -rf "$BATS_TEST_DIRNAME/layouts.jq"
}

# golden NAME...: the lines about these
golden()
{
	awk -v names="$*" '
		BEGIN { split(names, list, " "); for (i in list) wanted[list[i]] = 1 }
		{ name = /^(struct|enum|typedef) / ? $2 : $1; sub(/\..*/, "", name) }
		name in wanted' "$BATS_TEST_DIRNAME/layouts"
}

@test "test_golden_btf_of_control_maps" {
	local type key value got names seen=0

	while read -r type key value; do
		got=$(described "$type")
		names=$(sed -nE 's/^(struct|enum|typedef) ([^ ]+) .*/\2/p' <<< "$got")
		grep -qx "$key" <<< "$names"
		grep -qx "$value" <<< "$names"
		# shellcheck disable=SC2086 # a word each
		diff -u <(golden $names) - <<< "$got"
		seen=$((seen + 1))
	done < <(bpftool -j ctrl list | jq -r '.[] | select(.type != "test") |
			"\(.type) \(.key.type) \(.value.type)"')
	[ "$seen" -ge 5 ]
}
