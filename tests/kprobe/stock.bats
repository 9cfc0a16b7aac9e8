#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: debian-6.1 debian-6.12 debian-7.3
#
# Probes on a kernel without control maps: what it says of its links, which differs from
# version to version. The rest is tested by kprobe.bats.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/probes

setup()
{
	names=(on_kprobe on_kretprobe on_uprobe on_uretprobe on_tracefs on_address)
	# Debian's 6.1 has no fprobes
	[ "$CTRL_TEST_KERNEL" = debian-6.1 ] || names+=(on_multi on_retmulti)
}

@test "test_stock_probes_are_listed" {
	local name

	bpftool -j ctrl dump kprobe > "$BATS_TEST_TMPDIR/all"
	for name in "${names[@]}"; do
		jq -e --argjson id "$(id "$name")" --arg name "$name" \
			'map(select(.key == $id))[0].value | .prog_name == $name and .prog_id > 0 and
			.enabled == 1' "$BATS_TEST_TMPDIR/all"
	done
	works bpftool ctrl kprobe show
	[ "$(wc -l <<< "$out")" = $((${#names[@]} + 1)) ] || show
}

# Linux 6.6 and later say what a probe is on.
@test "test_stock_probes_have_what_this_kernel_says" {
	if [ "$CTRL_TEST_KERNEL" = debian-6.1 ]; then
		[ "$(value kprobe "$(id on_kprobe)" '.kind, .target, has("missed")' | xargs)" = \
			"BPF_CTRL_PROBE_UNSPEC false" ]
	else
		[ "$(value kprobe "$(id on_kprobe)" '.kind, .target, .missed, .cookie' | xargs)" = \
			"BPF_CTRL_PROBE_KPROBE __x64_sys_getpgid 0 4711" ]
		[ "$(value kprobe "$(id on_multi)" '.kind, .count' | xargs)" = \
			"BPF_CTRL_PROBE_KPROBE_MULTI 2" ]
	fi
	[ "$(value kprobe "$(id on_kprobe)" .recursion_misses)" = 0 ]
}

# A link of a perf event that is no probe is not listed, even where the kernel does not tell.
@test "test_stock_probes_other_perf_events_are_none" {
	bpftool prog loadall "$(object tracepoint/syscalls/sys_enter_getsid)" /sys/fs/bpf/other autoattach
	id=$(bpftool -j link show pinned /sys/fs/bpf/other/allow | jq .id)
	[ "$(bpftool -j link show id "$id" | jq -r .type)" = perf_event ]
	json "map(.key) | index($id) | not" ctrl dump kprobe
	refuses "can't look up key '$id' of kprobe: no such key" dump kprobe key "$id"
	rm -r /sys/fs/bpf/other
}

# A path as long as the member has room for, and longer, does not end the list.
@test "test_stock_probes_of_files_with_long_paths" {
	local dir=$BATS_TEST_TMPDIR nr

	nr=$(bpftool -j ctrl dump kprobe | jq length)
	while [ ${#dir} -lt 600 ]; do
		dir+=/$(printf 'x%.0s' {1..100})
	done
	mkdir -p "$dir" "${PROBES}_long"
	cp "$CLIENTS/probes" "$dir"
	"$dir/probes" attach "$TOP/build/tests/progs/probes.bpf.o" "${PROBES}_long"
	json "length == $((2 * nr))" ctrl dump kprobe
	[ "$CTRL_TEST_KERNEL" = debian-6.1 ] ||
		json "map(select(.value.target == \"${dir:0:255}\")) | length >= 2" ctrl dump kprobe
	rm -r "${PROBES}_long"
}

@test "test_stock_probes_of_a_name_or_symbol" {
	json 'map(.value.prog_name) == [ "on_kprobe" ]' ctrl kprobe show name on_kprobe
	json '. == []' ctrl kprobe show name on_lost
	json '. == []' ctrl kprobe show symbol lost
	[ "$CTRL_TEST_KERNEL" = debian-6.1 ] ||
		json "map(.key) | index($(id on_kprobe))" ctrl kprobe show symbol __x64_sys_getpgid
}

@test "test_stock_probes_are_listed_while_others_are_made" {
	local churn i

	"$CLIENTS/probes" churn "$TOP/build/tests/progs/probes.bpf.o" 3>&- &
	churn=$!
	for ((i = 0; i < 60; i++)); do
		works bpftool -j ctrl dump kprobe
	done
	kill "$churn"
	wait "$churn" || [ $? = 143 ]
}

@test "test_stock_probes_cannot_be_paused" {
	local id

	id=$(id on_kprobe)
	refuses "can't pause probe link $id: it takes a kernel with control maps: apply the series in kernel-patch/" \
		kprobe set id "$id" enabled off
	refuses "control type kprobe is read-only" set kprobe key "$id" enabled 0
	bpftool -j ctrl dump kprobe | jq 'map(.value.enabled = 0)' > "$BATS_TEST_TMPDIR/edited"
	for option in --dry-run ''; do
		# shellcheck disable=SC2086 # none, or one
		try bpftool ctrl apply $option "$BATS_TEST_TMPDIR/edited"
		[ "$status" = 255 ] && [[ $err == *": control type kprobe is read-only"* ]] || show
	done
	[ "$(value kprobe "$id" .enabled)" = 1 ]
}

@test "test_stock_probes_take_a_capability" {
	for command in "kprobe show" "dump kprobe"; do
		# shellcheck disable=SC2086 # words
		try without sys_admin bpftool ctrl $command
		[ "$status" != 0 ] && [ -z "$out" ] || show
		[ "$err" = "Error: can't open control type kprobe: Operation not permitted: it takes CAP_SYS_ADMIN" ] || show
	done
}
