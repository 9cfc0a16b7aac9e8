#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: x86_64 debian-6.12 debian-7.3
# vm: -m 1024
# boot: own
#
# 10,000 links to probes, and as many others: bpftool asks ten times as often as with 1,000,
# and takes no more memory. What that costs in time is in docs/bench.md.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

FEW=1000 MANY=10000
COMMANDS=("kprobe show" "-j dump kprobe" "metrics kprobe" "list" "-j cgroup show")

# make NUMBER: so many links of each kind, that stay for as long as the machine runs
make()
{
	mapfile -n "$1" < <(exec "$TOP/build/bench/probe_links" bpf_fentry_test1 "$1" \
		< <(exec sleep infinity 3>&-) 3>&-)
	mapfile -n "$1" < <(exec otherlinks "$1" < <(exec sleep infinity 3>&-) 3>&-)
}

# measure NUMBER: calls and memory of each command to a file
measure()
{
	local i words

	for i in "${!COMMANDS[@]}"; do
		read -ra words <<< "${COMMANDS[i]}"
		[ "${words[0]}" != -j ] || words=(-j ctrl "${words[@]:1}")
		[ "${words[0]}" = -j ] || words=(ctrl "${words[@]}")
		works syscalls count "$BATS_FILE_TMPDIR/$1.$i" bpftool "${words[@]}"
		echo "# $1: ${COMMANDS[i]}: $(< "$BATS_FILE_TMPDIR/$1.$i") (calls, KB)" >&3
	done
	# they are all there
	[ "$(bpftool -j ctrl dump kprobe | jq length)" = "$1" ]
	[ "$(bpftool ctrl kprobe show | wc -l)" = $(($1 + 1)) ]
}

@test "test_kprobe_many_links_take_time_in_proportion_and_no_memory" {
	local i few many few_kb many_kb

	make $FEW
	measure $FEW
	make $((MANY - FEW))
	measure $MANY
	for i in "${!COMMANDS[@]}"; do
		read -r few few_kb < "$BATS_FILE_TMPDIR/$FEW.$i"
		read -r many many_kb < "$BATS_FILE_TMPDIR/$MANY.$i"
		[ "$many" -le $((10 * few + 100)) ] || fail "${COMMANDS[i]}: $few calls, then $many"
		[ "$many_kb" -le $((few_kb * 11 / 10 + 100)) ] ||
			fail "${COMMANDS[i]}: $few_kb KB, then $many_kb"
	done
}
