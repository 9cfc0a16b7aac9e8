#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um debian-6.1 debian-6.12 debian-7.3
#
# bpftool ctrl cgroup, and the control type in the generic commands: programs are attached
# by the distribution's bpftool.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

STOCK=/usr/sbin/bpftool
ROOT=/sys/fs/cgroup
A=$ROOT/a
B=$ROOT/a/b

setup_file()
{
	"$STOCK" prog load "$(object cgroup_skb/egress)" /sys/fs/bpf/allow type cgroup/skb
	mkdir "$A" "$B" "$ROOT/other"
	"$STOCK" cgroup attach "$A" egress pinned /sys/fs/bpf/allow multi
	"$STOCK" cgroup attach "$B" egress pinned /sys/fs/bpf/allow multi
	"$STOCK" cgroup attach "$B" ingress pinned /sys/fs/bpf/allow override
}

setup()
{
	a=$(stat -c %i "$A")
	b=$(stat -c %i "$B")
	other=$(stat -c %i "$ROOT/other")
}

@test "test_cgroup_what_does_not_exist" {
	for id in 0 999999 18446744073709551615; do
		try bpftool ctrl cgroup show id "$id"
		[ "$status" != 0 ] && [ "$err" = "Error: can't get cgroup $id: it does not exist" ] || show
	done
	refuses "can't look up key '999999' of cgroup: no such key" dump cgroup key 999999
	# a file in it is no cgroup
	try bpftool ctrl cgroup show path "$A/cgroup.procs"
	[ "$status" != 0 ] && [[ $err == *"it does not exist" ]] || show
}

@test "test_cgroup_without_capabilities" {
	try without net_admin,sys_admin bpftool ctrl cgroup show
	[ "$status" != 0 ] && [[ $err == "Error: can't open control type cgroup: Operation not permitted"* ]] || show
	# CAP_NET_ADMIN is enough for people
	try without sys_admin bpftool ctrl cgroup show
	[ "$status" = 0 ] || show
}

# bats test_tags=patch
@test "test_cgroup_is_read_only" {
	local map=/sys/fs/bpf/cgroup_map

	bpftool ctrl pin cgroup "$map"
	# shellcheck disable=SC2046 # bytes
	try "$STOCK" map delete pinned "$map" key $(printf '%d 0 0 0 0 0 0 0' "$((a & 255))")
	[ "$status" != 0 ] && [[ $err == *"not supported"* ]] || show
	rm "$map"
	json '.[0].ops == [ "lookup", "iterate" ] and .[0].scope == "cgroupns"' ctrl list cgroup
}

@test "test_cgroup_dump_knows_it" {
	json ".[0].key == $b and (.[0].value | .level == 2 and .attached == 2 and
		(.inet_egress | .attached == 1 and .effective == 2 and .flags == 2) and
		(.inet_ingress | .attached == 1 and .effective == 1 and .flags == 1) and
		.sysctl.attached == 0 and (.sysctl | has(\"effective\")))" ctrl dump cgroup key "$b"
	json "map(.key) | index($a) and index($b) and index($other) and . == sort" ctrl dump cgroup
}

# bats test_tags=patch
@test "test_cgroup_dump_knows_the_revision" {
	json ".[0].value | .inet_egress.revision == 2 and .inet_ingress.revision == 2" \
		ctrl dump cgroup key "$b"
}

@test "test_cgroup_show_has_paths" {
	json "map({ key, path }) == [ { key: $a, path: \"$A\" }, { key: $b, path: \"$B\" } ]" \
		ctrl cgroup show
	json "map(.path) | index(\"$ROOT/other\") and index(\"$ROOT\")" ctrl cgroup show all
	json ".[0] | .type == \"cgroup\" and .value.attached == 0 and .path == \"$ROOT/other\"" \
		ctrl cgroup show id "$other"
	json ".[0].key == $a" ctrl cgroup show path "$A"
}

@test "test_cgroup_show_is_the_dump_and_more" {
	[ "$(bpftool -j ctrl cgroup show all | jq -c 'map(del(.path))')" = \
		"$(bpftool -j ctrl dump cgroup | jq -c .)" ]
}

@test "test_cgroup_table" {
	works bpftool ctrl cgroup list
	[[ ${out%%$'\n'*} =~ ^' '*'ID  ATTACHED  EFFECTIVE  TYPES'\ +PATH$ ]] || show
	grep -Eq "^ *$a +1 +1 +inet_egress\(multi\) +$A\$" <<< "$out" || show
	grep -Eq "^ *$b +2 +3 +inet_ingress\(override\),inet_egress\(multi\) +$B\$" <<< "$out" || show
	[ "$(wc -l <<< "$out")" = 3 ] || show
	works bpftool ctrl cgroup show id "$other"
	grep -Eq "^ *$other +0 +0 +- +$ROOT/other\$" <<< "$out" || show
}

@test "test_cgroup_agrees_with_bpftool_cgroup" {
	[ "$("$STOCK" -j cgroup show "$B" | jq length)" = "$(value cgroup "$b" .attached)" ]
	[ "$("$STOCK" -j cgroup show "$B" effective | jq length)" = "$(value cgroup "$b" \
		'[ .[] | objects | .effective ] | add')" ]
}

# Without control maps that is up to what is mounted there.
# bats test_tags=patch
@test "test_cgroup_namespace_sees_its_own_only" {
	local in_ns="echo \$\$ > $A/cgroup.procs && exec unshare --cgroup"

	[ "$(sh -c "$in_ns bpftool -j ctrl dump cgroup" | jq -c 'map(.key)')" = "[$a,$b]" ]
	try sh -c "$in_ns bpftool ctrl cgroup show id $other"
	[ "$status" != 0 ] && [ "$err" = "Error: can't get cgroup $other: it does not exist" ] || show
}

@test "test_cgroup_thousands_while_others_come_and_go" {
	local churn i n=2000

	# it takes long to look at them all there
	[[ $CTRL_TEST_KERNEL != debian-* ]] || n=500
	mkdir "$ROOT/many"
	(cd "$ROOT/many" && mkdir $(seq -f stay%.0f "$n"))
	stat -c %i "$ROOT"/many/stay* | sort -n > "$BATS_TEST_TMPDIR/stay"
	while mkdir "$ROOT"/many/go{1..20} && rmdir "$ROOT"/many/go{1..20}; do :; done 3>&- &
	churn=$!
	for i in 1 2 3 4 5; do
		bpftool -j ctrl dump cgroup | jq '.[].key' > "$BATS_TEST_TMPDIR/walk"
		sort -cnu "$BATS_TEST_TMPDIR/walk"
		[ -z "$(comm -13 <(sort "$BATS_TEST_TMPDIR/walk") <(sort "$BATS_TEST_TMPDIR/stay"))" ]
	done
	kill "$churn"
	wait "$churn" || true
	find "$ROOT/many" -depth -type d -exec rmdir {} +
}

@test "test_cgroup_removed_while_shown_and_attached" {
	local churn i

	mkdir "$ROOT/race"
	while mkdir "$ROOT"/race/{1..5} && "$STOCK" cgroup attach "$ROOT/race/3" egress pinned \
		/sys/fs/bpf/allow multi && rmdir "$ROOT"/race/{1..5}; do :; done 3>&- &
	churn=$!
	for ((i = 0; i < 20; i++)); do
		works bpftool -j ctrl cgroup show all
		jq -e "map(.key) | index($a) and index($b)" <<< "$out" > /dev/null || show
	done
	kill "$churn"
	wait "$churn" || true
	find "$ROOT/race" -depth -type d -exec rmdir {} +
}
