#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: x86_64 debian-6.12 debian-7.3
#
# bpftool ctrl kprobe, and the control type in the generic commands: the links are those of a
# program that libbpf attached (tests/clients/probes.c).

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/btf
load ../lib/probes
load ../lib/samples

teardown()
{
	[ -z "${kptr_restrict:-}" ] || echo "$kptr_restrict" > /proc/sys/kernel/kptr_restrict
}

# runs NAME: how often that program has run.
runs()
{
	local names=(on_kprobe on_kretprobe on_uprobe on_uretprobe on_multi on_retmulti on_tracefs
		on_address)
	local i

	for i in "${!names[@]}"; do
		[ "${names[i]}" != "$1" ] || bpftool -j map lookup pinned "$PROBES/runs" \
			key "$i" 0 0 0 | jq '.formatted.value // .value'
	done
}

# hit NAME: by how much its runs grow when each probe is hit 7 times.
hit()
{
	local before

	before=$(runs "$1")
	"$CLIENTS/probes" hit 7
	echo $(($(runs "$1") - before))
}

# At least 7: others may call the kernel function, too; nobody calls that of uprobes.
runs_on()
{
	local grown

	grown=$(hit "$1")
	[ "$grown" -ge 7 ] || { echo "$1 ran $grown times"; return 1; }
}

runs_not()
{
	local grown

	grown=$(hit "$1")
	[ "$grown" = 0 ] || { echo "$1 ran $grown times"; return 1; }
}

@test "test_kprobe_wrong_words_change_nothing" {
	local id

	id=$(id on_kprobe)
	refuses "expected 'on' or 'off', got: '0'" kprobe set id "$id" enabled 0
	refuses "unexpected word 'more'" kprobe set id "$id" enabled off more
	[ "$(value kprobe "$id" .enabled)" = 1 ]
	runs_on on_kprobe
}

@test "test_kprobe_what_does_not_exist_or_is_no_probe" {
	local other

	for words in "show id 999999" "set id 999999 enabled off"; do
		# shellcheck disable=SC2086 # words
		refuses "can't get probe link 999999: it does not exist" kprobe $words
	done

	# a link of another kind
	bpftool prog loadall "$(object raw_tp/sys_enter)" /sys/fs/bpf/other autoattach
	other=$(bpftool -j link show pinned /sys/fs/bpf/other/allow | jq .id)
	refuses "can't get probe link $other: there is a link of this id, but not to a probe" \
		kprobe set id "$other" enabled off
	refuses "can't get probe link $other: there is a link of this id, but not to a probe" \
		kprobe show id "$other"
	refuses "can't look up key '$other' of kprobe: no such key" dump kprobe key "$other"
	rm -r /sys/fs/bpf/other
}

# bats test_tags=patch
@test "test_kprobe_without_capabilities" {
	local id

	id=$(id on_kprobe)
	try without perfmon,sys_admin bpftool ctrl kprobe show
	[ "$status" != 0 ] && [[ $err == "Error: can't open control type kprobe: Operation not permitted: it takes CAP_BPF, and CAP_NET_ADMIN or, for probes, CAP_PERFMON" ]] || show
	try without sys_admin bpftool ctrl kprobe show
	[ "$status" = 0 ] || show
	try without sys_admin bpftool ctrl kprobe set id "$id" enabled off
	[ "$status" != 0 ] && [ "$err" = "Error: can't pause probe link $id: Operation not permitted" ] || show
	runs_on on_kprobe
}

@test "test_kprobe_dump_knows_all_kinds" {
	local name kinds='{ "on_kprobe": 1, "on_kretprobe": 2, "on_uprobe": 3, "on_uretprobe": 4,
		"on_multi": 5, "on_retmulti": 6, "on_tracefs": 1, "on_address": 1 }'

	bpftool -j ctrl dump kprobe > "$BATS_TEST_TMPDIR/all"
	for name in on_kprobe on_kretprobe on_uprobe on_uretprobe on_multi on_retmulti on_tracefs \
		on_address; do
		jq -e --argjson id "$(id "$name")" --arg name "$name" \
			'map(select(.key == $id))[0].value | .enabled == 1 and .prog_name == $name and
			.prog_id > 0' "$BATS_TEST_TMPDIR/all" || { echo "$name"; return 1; }
		bpftool -p ctrl dump kprobe key "$(id "$name")" | jq -e --arg name "$name" \
			--argjson kinds "$kinds" '.[0].value.kind as $k | $kinds[$name] == $k or
			([null, "KPROBE", "KRETPROBE", "UPROBE", "URETPROBE", "KPROBE_MULTI",
			"KRETPROBE_MULTI"][$kinds[$name]] as $n | $k == "BPF_CTRL_PROBE_" + $n)'
	done
	[ "$(value kprobe "$(id on_kprobe)" '[.target, .cookie, .offset, .missed, .count] | @csv')" = \
		'"__x64_sys_getpgid",4711,0,0,1' ]
	[ "$(value kprobe "$(id on_uprobe)" .target)" = "$(readlink -f "$CLIENTS/probes")" ]
	[ "$(value kprobe "$(id on_uprobe)" 'has("missed"), has("addr"), .offset > 0' | xargs)" = \
		"false false true" ]
	[ "$(value kprobe "$(id on_uprobe)" .recursion_misses)" = 0 ]
	[ "$(value kprobe "$(id on_multi)" '.count, .missed, has("cookie")' | xargs)" = "2 0 false" ]
}

@test "test_kprobe_addresses_are_hidden_as_elsewhere" {
	local id

	id=$(id on_kprobe)
	kptr_restrict=$(< /proc/sys/kernel/kptr_restrict)
	echo 0 > /proc/sys/kernel/kptr_restrict
	[ "$(value kprobe "$id" .addr)" != null ]
	echo 2 > /proc/sys/kernel/kptr_restrict
	[ "$(value kprobe "$id" .addr)" = null ]
}

@test "test_kprobe_show_has_symbols" {
	json ".[0].symbol == \"__x64_sys_getpgid\"" ctrl kprobe show id "$(id on_kprobe)"
	json ".[0] | .value.target == \"\" and .symbol == \"__x64_sys_getpgid\"" \
		ctrl kprobe show id "$(id on_address)"
	json '.[0] | has("symbol") | not' ctrl kprobe show id "$(id on_multi)"
	[ "$(bpftool -j ctrl kprobe show | jq -c 'map(del(.symbol))')" = \
		"$(bpftool -j ctrl dump kprobe | jq -c .)" ]
}

@test "test_kprobe_table" {
	works bpftool ctrl kprobe
	grep -Eq "^ *$(id on_kprobe) +kprobe +__x64_sys_getpgid +[0-9]+ +on_kprobe +on +0 +0\$" <<< "$out" || show
	grep -Eq "^ *$(id on_uprobe) +uprobe +/.*/probes\+0x[0-9a-f]+ +[0-9]+ +on_uprobe +on +- +0\$" <<< "$out" || show
	grep -Eq "^ *$(id on_multi) +kprobe_multi +2 probes +[0-9]+ +on_multi +on +0 +0\$" <<< "$out" || show
	[ "$(wc -l <<< "$out")" = 9 ] || show
}

# bats test_tags=patch
@test "test_kprobe_paused_does_not_run_and_resumes" {
	local name id

	for name in on_kprobe on_kretprobe on_uprobe on_uretprobe on_multi on_retmulti on_address; do
		id=$(id "$name")
		runs_on "$name"
		works bpftool ctrl kprobe set id "$id" enabled off
		[ "$(value kprobe "$id" .enabled)" = 0 ]
		runs_not "$name"
		# twice is as good as once
		works bpftool ctrl kprobe set id "$id" enabled off
		runs_not "$name"
		works bpftool ctrl kprobe set id "$id" enabled on
		works bpftool ctrl kprobe set id "$id" enabled on
		[ "$(value kprobe "$id" .enabled)" = 1 ]
		runs_on "$name"
		# and once is enough
		works bpftool ctrl kprobe set id "$id" enabled off
		runs_not "$name"
		works bpftool ctrl kprobe set id "$id" enabled on
	done
}

# edited ENABLED [OPTION]: what is dumped of on_kprobe, and then said to be
edited()
{
	bpftool -j ctrl dump kprobe key "$(id on_kprobe)" |
		jq "map(.value.enabled = $1)" > "$BATS_TEST_TMPDIR/edited"
	try bpftool -j ctrl apply "${@:2}" "$BATS_TEST_TMPDIR/edited"
}

# bats test_tags=patch
@test "test_kprobe_edited_dump_is_applied" {
	edited 1
	[ "$status" = 0 ] && [ "$(jq -c 'map(.outcome)' <<< "$out")" = '["unchanged"]' ] || show
	edited 0 --dry-run
	[ "$status" = 0 ] && [ "$(value kprobe "$(id on_kprobe)" .enabled)" = 1 ] || show
	edited 0
	[ "$status" = 0 ] || show
	runs_not on_kprobe
	edited 2 --dry-run
	[ "$status" = 255 ] && [ "$(jq -r '.[0].error' <<< "$out")" = "enabled is 0 or 1" ] || show
	edited 1
	[ "$status" = 0 ] || show
	runs_on on_kprobe
}

# bats test_tags=patch
@test "test_kprobe_paused_leaves_others_alone" {
	works bpftool ctrl kprobe set id "$(id on_kprobe)" enabled off
	runs_on on_kretprobe
	runs_on on_tracefs
	runs_on on_address
	runs_on on_multi
	works bpftool ctrl kprobe set id "$(id on_kprobe)" enabled on
}

# bats test_tags=patch
@test "test_kprobe_that_is_shared_cannot_be_paused" {
	local id

	id=$(id on_tracefs)
	[ "$(value kprobe "$id" .target)" = __x64_sys_getpgid ]
	refuses "can't pause probe link $id: this kernel can't do that for its kind (kprobe, defined in tracefs)" \
		kprobe set id "$id" enabled off
	runs_on on_tracefs
}

# bats test_tags=patch
@test "test_kprobe_paused_can_be_detached" {
	local id other=/sys/fs/bpf/detach name

	mkdir "$other"
	"$CLIENTS/probes" attach "$TOP/build/tests/progs/probes.bpf.o" "$other"
	for name in on_kprobe on_kretprobe on_uprobe on_uretprobe on_multi; do
		id=$(bpftool -j link show pinned "$other/$name" | jq .id)
		works bpftool ctrl kprobe set id "$id" enabled off
		rm "$other/$name"
		wait_for fails bpftool link show id "$id"
		refuses "can't get probe link $id: it does not exist" kprobe set id "$id" enabled on
	done
	rm -r "$other"
	runs_on on_kprobe
	runs_on on_uprobe
}

# bats test_tags=patch
@test "test_kprobe_set_while_they_come_and_go" {
	local churn i key keys

	"$CLIENTS/probes" churn "$TOP/build/tests/progs/probes.bpf.o" 3>&- &
	churn=$!
	for ((i = 0; i < 15; i++)); do
		bpftool -j ctrl dump kprobe > "$BATS_TEST_TMPDIR/walk"
		jq -e "map(.key) | . == sort and index($(id on_kprobe)) and index($(id on_retmulti))" \
			"$BATS_TEST_TMPDIR/walk" > /dev/null
		keys=$(jq ".[] | select(.key > $(id on_address)).key" "$BATS_TEST_TMPDIR/walk")
		for key in $keys; do
			try bpftool ctrl kprobe set id "$key" enabled off
			[ "$status" = 0 ] || [[ $err == *"does not exist" ]] || show
			try bpftool ctrl kprobe set id "$key" enabled on
			[ "$status" = 0 ] || [[ $err == *"does not exist" ]] || show
		done
	done
	kill "$churn"
	wait "$churn" || true
	runs_on on_kprobe
}

@test "test_kprobe_metrics" {
	bpftool ctrl metrics kprobe > "$BATS_TEST_TMPDIR/out"
	cat "$BATS_TEST_TMPDIR/out"
	grep -Fx "bpf_kprobe_enabled{link_id=\"$(id on_kprobe)\",prog_name=\"on_kprobe\",target=\"__x64_sys_getpgid\"} 1" \
		"$BATS_TEST_TMPDIR/out"
	grep -Fx "bpf_kprobe_missed_total{link_id=\"$(id on_multi)\",prog_name=\"on_multi\"} 0" \
		"$BATS_TEST_TMPDIR/out"
	[ "$(grep -c '^bpf_kprobe_enabled{' "$BATS_TEST_TMPDIR/out")" = 8 ]
	[ "$(grep -c '^bpf_kprobe_recursion_misses_total{.* 0$' "$BATS_TEST_TMPDIR/out")" = 8 ]
	# neither addresses nor cookies
	[ "$(grep -c '^# TYPE' "$BATS_TEST_TMPDIR/out")" = 3 ]
}

@test "test_kprobe_json_samples" {
	local commands

	split_samples
	mapfile -t commands < <(grep -l 'ctrl kprobe' "$BATS_TEST_TMPDIR"/*.command)
	[ "${#commands[@]}" -gt 0 ]
	# its first link is not this machine's first
	sed -i "s/ id 1\$/ id $(id on_kprobe)/" "${commands[@]}"
	samples_are_true "${commands[@]}"
}

@test "test_kprobe_loads_no_btf_of_vmlinux" {
	loads_no_vmlinux ctrl kprobe show
}

# bats test_tags=patch
@test "test_kprobe_set_loads_no_btf_of_vmlinux" {
	loads_no_vmlinux ctrl kprobe set id "$(id on_kprobe)" enabled on
}
