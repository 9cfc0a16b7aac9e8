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
	"$STOCK" prog load "$(object cgroup_skb/egress)" /sys/fs/bpf/second type cgroup/skb
	mkdir "$A" "$B" "$ROOT/other"
	"$STOCK" cgroup attach "$A" egress pinned /sys/fs/bpf/allow multi
	"$STOCK" cgroup attach "$B" egress pinned /sys/fs/bpf/allow multi
	"$STOCK" cgroup attach "$B" egress pinned /sys/fs/bpf/second multi
	"$STOCK" cgroup attach "$B" ingress pinned /sys/fs/bpf/allow override
}

setup()
{
	a=$(stat -c %i "$A")
	b=$(stat -c %i "$B")
	other=$(stat -c %i "$ROOT/other")
	allow=$("$STOCK" -j prog show pinned /sys/fs/bpf/allow | jq .id)
	second=$("$STOCK" -j prog show pinned /sys/fs/bpf/second | jq .id)
}

@test "test_cgroup_what_does_not_exist" {
	local none

	for none in 0 999999 18446744073709551615 "$other"; do
		json '. == []' ctrl cgroup show id "$none"
		works bpftool ctrl cgroup show id "$none"
		[ -z "$out" ] || show
	done
	refuses "can't get program 999999: it does not exist" cgroup show prog 999999
	none=id=999999,attach_type=1
	refuses "can't look up key '$none' of cgroup: no such key" dump cgroup key "$none"
	none=id=$b,attach_type=2
	refuses "can't look up key '$none' of cgroup: no such key" dump cgroup key "$none"
}

# What has numbers like cgroups, too.
@test "test_cgroup_of_version_1_is_refused" {
	local dir=$BATS_TEST_TMPDIR/v1

	mkdir "$dir"
	mount -t cgroup -o none,name=ctrl none "$dir"
	mkdir "$dir/x"
	refuses "can't find cgroup '$dir/x': not in a cgroup2 file system" cgroup show path "$dir/x"
	rmdir "$dir/x"
	umount "$dir"
	refuses "can't find cgroup '/sys/kernel': not in a cgroup2 file system" \
		cgroup show path /sys/kernel
	refuses "can't find cgroup '/lost': No such file or directory" cgroup show path /lost
}

# Of a mount of a part of the tree, which comes first, and one of all the latter is taken.
@test "test_cgroup_mounts_that_are_several" {
	mkdir "$BATS_TEST_TMPDIR/part"
	# shellcheck disable=SC2016 # for the other shell
	works unshare --mount sh -euc 'mount --bind "$1" "$2"; umount -l /sys/fs/cgroup
		mount -t cgroup2 none /sys/fs/cgroup
		exec bpftool -j ctrl cgroup show id "$3"' sh "$B" "$BATS_TEST_TMPDIR/part" "$a"
	jq -e "map(.path) == [ \"$A\" ]" <<< "$out" || show
	# shellcheck disable=SC2016
	works unshare --mount sh -euc 'mount --bind "$1" "$2"; mount -t tmpfs none /sys/fs/cgroup
		exec bpftool -j ctrl cgroup show id "$3"' sh "$B" "$BATS_TEST_TMPDIR/part" "$b"
	jq -e 'length == 2' <<< "$out" || show
}

# Whatever type has them: members by their names, and those that are not named are 0.
@test "test_cgroup_keys_are_structs" {
	local of='of cgroup: '

	refuses "can't parse key '13' ${of}expected MEMBER=VALUE, got: '13'" dump cgroup key 13
	refuses "can't parse key '' ${of}expected MEMBER=VALUE, got: ''" dump cgroup key ''
	refuses "can't parse key 'id=1,' ${of}expected MEMBER=VALUE, got: ''" dump cgroup key id=1,
	refuses "can't parse key 'id=x' ${of}member 'id' is __u64, 0 to 18446744073709551615, got: 'x'" \
		dump cgroup key id=x
	try bpftool ctrl dump cgroup key inode=1
	[ "$status" != 0 ] && [[ $err == "Error: can't parse key 'inode=1' ${of}no member 'inode'"* ]] || show
	json ".[0].key == { id: $b, attach_type: 0, attach_btf_id: 0 }" ctrl dump cgroup key "id=$b"
	json ".[0].key == { id: $b, attach_type: 1, attach_btf_id: 0 }" \
		ctrl dump cgroup key "attach_type=0x1,id=$b"
	works bpftool ctrl dump cgroup key "id=$b"
	[[ $out == "key:"$'\n'*"id $b  attach_type 0"*$'\n'"value:"*"progs[0].prog_id $allow"* ]] || show
	[[ $out != *"progs[1]"* ]] || show
	# shellcheck disable=SC2016 # that is jq's
	json '.["$defs"].entry.properties.key.properties | has("attach_type")' ctrl schema cgroup format json
}

@test "test_cgroup_without_capabilities" {
	try without net_admin,sys_admin bpftool ctrl cgroup show
	[ "$status" != 0 ] && [[ $err == "Error: can't open control type cgroup: Operation not permitted"* ]] || show
	# CAP_NET_ADMIN is enough for people; names of programs take more
	try without sys_admin bpftool ctrl cgroup show
	[ "$status" = 0 ] || show
	grep -Eq "^ *$b +$allow +- +cgroup_inet_egress " <<< "$out" || show
}

# bats test_tags=patch
@test "test_cgroup_is_read_only" {
	local map=/sys/fs/bpf/cgroup_map

	bpftool ctrl pin cgroup "$map"
	# shellcheck disable=SC2046 # bytes
	try "$STOCK" map delete pinned "$map" key $(printf '%d 0 0 0 0 0 0 0' "$((b & 255))") 0 0 0 0 0 0 0 0
	[ "$status" != 0 ] && [[ $err == *"not supported"* ]] || show
	rm "$map"
	json '.[0].ops == [ "lookup", "iterate" ] and .[0].scope == "cgroupns"' ctrl list cgroup
	refuses "control type cgroup is read-only" set cgroup key "id=$b" flags 1
}

@test "test_cgroup_dump_knows_it" {
	json "map(.key | [ .id, .attach_type, .attach_btf_id ]) |
		. == [ [ $a, 1, 0 ], [ $b, 0, 0 ], [ $b, 1, 0 ] ]" ctrl dump cgroup
	json "map(.value | del(.revision)) == [
		{ level: 1, attached: 1, effective: 1, flags: 2, removed: 0,
		  progs: [ { prog_id: $allow, link_id: 0, flags: 2 } ] },
		{ level: 2, attached: 1, effective: 1, flags: 1, removed: 0,
		  progs: [ { prog_id: $allow, link_id: 0, flags: 1 } ] },
		{ level: 2, attached: 2, effective: 3, flags: 2, removed: 0,
		  progs: [ { prog_id: $allow, link_id: 0, flags: 2 },
			   { prog_id: $second, link_id: 0, flags: 2 } ] } ]" ctrl dump cgroup
}

# bats test_tags=patch
@test "test_cgroup_dump_knows_the_revision" {
	json "map(.value.revision) == [ 2, 2, 3 ]" ctrl dump cgroup
}

@test "test_cgroup_show_names_programs_and_paths" {
	json "map({ id: .key.id, attach_type, prog_names, path }) == [
		{ id: $a, attach_type: \"cgroup_inet_egress\", prog_names: [ \"allow\" ], path: \"$A\" },
		{ id: $b, attach_type: \"cgroup_inet_ingress\", prog_names: [ \"allow\" ], path: \"$B\" },
		{ id: $b, attach_type: \"cgroup_inet_egress\", prog_names: [ \"allow\", \"allow\" ], path: \"$B\" } ]" \
		ctrl cgroup show
	json "map(.key.id) == [ $a ]" ctrl cgroup show path "$A"
	json "map(.key.id) == [ $b, $b ]" ctrl cgroup show id "$b"
}

@test "test_cgroup_show_is_the_dump_and_more" {
	[ "$(bpftool -j ctrl cgroup show | jq -c 'map(del(.path, .attach_type, .prog_names))')" = \
		"$(bpftool -j ctrl dump cgroup | jq -c .)" ]
}

@test "test_cgroup_table" {
	works bpftool ctrl cgroup list
	[[ ${out%%$'\n'*} =~ ^' '*'CGROUP  PROG  NAME   TYPE'\ +'FLAGS'\ +'LINK  RUN  PATH'$ ]] || show
	grep -Eq "^ *$a +$allow  allow  cgroup_inet_egress +multi +- +1  $A\$" <<< "$out" || show
	grep -Eq "^ *$b +$allow  allow  cgroup_inet_ingress +override +- +1  $B\$" <<< "$out" || show
	grep -Eq "^ *$b +$second  allow  cgroup_inet_egress +multi +- +3  $B\$" <<< "$out" || show
	[ "$(wc -l <<< "$out")" = 5 ] || show
}

@test "test_cgroup_where_a_program_is_attached" {
	works bpftool ctrl cgroup show prog "$second"
	[ "$(wc -l <<< "$out")" = 2 ] || show
	grep -Eq "^ *$b +$second  allow  cgroup_inet_egress +multi +- +3  $B\$" <<< "$out" || show
	json "map([ .key.id, .key.attach_type ]) == [ [ $a, 1 ], [ $b, 0 ], [ $b, 1 ] ]" \
		ctrl cgroup show prog "$allow"
	# a program that is attached nowhere is one, too
	"$STOCK" prog load "$(object cgroup_skb/egress)" /sys/fs/bpf/nowhere type cgroup/skb
	json '. == []' ctrl cgroup show prog "$("$STOCK" -j prog show pinned /sys/fs/bpf/nowhere | jq .id)"
	rm /sys/fs/bpf/nowhere
}

@test "test_cgroup_agrees_with_bpftool_cgroup" {
	[ "$("$STOCK" -j cgroup show "$B" | jq -c 'map(.id) | sort')" = \
		"$(bpftool -j ctrl cgroup show path "$B" | jq -c 'map(.value.progs[].prog_id) | sort')" ]
	[ "$("$STOCK" -j cgroup show "$B" effective | jq length)" = \
		"$(bpftool -j ctrl cgroup show path "$B" | jq 'map(.value.effective) | add')" ]
}

# Without control maps that is up to what is mounted there.
# bats test_tags=patch
@test "test_cgroup_namespace_sees_its_own_only" {
	local in_ns="echo \$\$ > $B/cgroup.procs && exec unshare --cgroup"

	[ "$(sh -c "$in_ns bpftool -j ctrl dump cgroup" | jq -c 'map(.key.id)')" = "[$b,$b]" ]
	try sh -c "$in_ns bpftool ctrl dump cgroup key id=$a,attach_type=1"
	[ "$status" != 0 ] && [[ $err == *"no such key" ]] || show
}

come_and_go()
{
	"$TOP/build/tests/tools/cgroups" "$ROOT/churn" 20 && rmdir "$ROOT"/churn/[0-9]*
}

@test "test_cgroup_thousands_while_others_come_and_go" {
	local i n=2000

	# it takes long to look at them all there
	[[ $CTRL_TEST_KERNEL != debian-* ]] || n=500
	mkdir "$ROOT/many"
	"$TOP/build/tests/tools/cgroups" "$ROOT/many" "$n"
	stat -c %i "$ROOT"/many/[0-9]* | sort -n > "$BATS_TEST_TMPDIR/stay"
	mkdir "$ROOT/churn"
	again come_and_go
	for i in 1 2 3 4 5; do
		bpftool -j ctrl dump cgroup | jq '.[].key.id' > "$BATS_TEST_TMPDIR/walk"
		sort -cn "$BATS_TEST_TMPDIR/walk"
		[ -z "$(comm -13 <(sort -u "$BATS_TEST_TMPDIR/walk") <(sort "$BATS_TEST_TMPDIR/stay"))" ]
	done
	enough
	find "$ROOT/many" "$ROOT/churn" -depth -type d -exec rmdir {} +
}

come_are_attached_and_go()
{
	mkdir "$ROOT"/race/{1..5} && "$STOCK" cgroup attach "$ROOT/race/3" egress pinned \
		/sys/fs/bpf/allow multi && rmdir "$ROOT"/race/{1..5}
}

@test "test_cgroup_removed_while_shown_and_attached" {
	local i

	mkdir "$ROOT/race"
	again come_are_attached_and_go
	for ((i = 0; i < 20; i++)); do
		works bpftool -j ctrl cgroup show
		jq -e "map(.key.id) | index($a) and index($b)" <<< "$out" > /dev/null || show
	done
	enough
	find "$ROOT/race" -depth -type d -exec rmdir {} +
}
