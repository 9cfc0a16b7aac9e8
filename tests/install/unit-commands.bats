#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um debian-6.12
#
# What the units run, as they run it: with the capabilities that they have, and no others.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

UNITS=$(cd "$BATS_TEST_DIRNAME/../../systemd" && pwd)
STATS=bpftool-ctrl-stats METRICS=bpftool-ctrl-metrics APPLY=bpftool-ctrl-apply@

# setting UNIT NAME: its value
setting()
{
	sed -n "s/^$2=//p" "$UNITS/$1.service"
}

# run UNIT [SETTING [NAME=VALUE]...]: its ExecStart, with NAMEs of its environment replaced
run_unit()
{
	local caps words setting=${2:-ExecStart}

	caps=$(setting "$1" CapabilityBoundingSet)
	caps=${caps//CAP_/+}
	caps=-all,${caps// /,}
	caps=${caps,,}
	words=$(setting "$1" "$setting")
	words=${words//\/usr\/sbin\/bpftool/bpftool}
	words=${words//\/usr\/libexec\/bpftool-ctrl/$UNITS}
	# bash splits what is not in braces, as systemd does
	try env "${@:3}" setpriv --bounding-set "$caps" --no-new-privs bash -c "${words//%i/\$DEV}"
}

# apply DEV [NAME=VALUE]...: what files in $dir say of it
apply()
{
	run_unit $APPLY ExecStart DEV="$1" BPFTOOL_CTRL_DIR="$dir" "${@:2}"
}

@test "test_units_count_from_boot_on_any_kernel" {
	run_unit $STATS
	[ "$status" = 0 ] && [ -z "$err" ] || show
	[ "$(bpftool -j ctrl list xdp_stats | jq '.[0].users')" -ge 1 ]
	# again, as after a failure
	run_unit $STATS
	[ "$status" = 0 ] || show
	run_unit $STATS ExecStop
	[ "$status" = 0 ] && [ -z "$err" ] || show
	[ "$(bpftool -j ctrl list xdp_stats | jq '.[0].users')" = 0 ]
}

@test "test_units_write_metrics" {
	local file=$BATS_TEST_TMPDIR/m.prom types

	types=$(sed -n 's/^Environment="TYPES=\([^"]*\)".*/\1/p' "$UNITS/$METRICS.service")
	[ -n "$types" ]
	run_unit $METRICS ExecStart "TYPES=$types" "FILE=$file"
	[ "$status" = 0 ] && [ -z "$out$err" ] || show
	grep -qx 'xdp_counting 0' "$file"
	grep -qx '# EOF' "$file"
}

# Other files are applied, and other entries are not looked at: their devices need not be there.
@test "test_units_apply_what_files_say_of_a_device" {
	local dir=$BATS_TEST_TMPDIR/etc

	mkdir "$dir"
	pair ring0 ring1
	apply ring0 TRIES=1
	[ "$status" = 0 ] && [ -z "$out$err" ] || show

	echo '{ "type": "xdp_attr", broken' > "$dir/10-broken.json"
	echo '[{"type":"xdp_attr","key":4711,"ifname":"ring0","value":{"rings":{"num":1}}},
		{"type":"lost","ifname":"lost","value":{}},
		{"type":"xdp_attr","ifname":"ring1","value":{"rings":{"num":1}}}]' > "$dir/20-rings.json"
	apply ring0 TRIES=1
	[ "$status" = 1 ] || show
	[[ $err == "Error: $dir/10-broken.json:1:"* && $err != *$'\n'* ]] || show
	[ "$(value xdp_attr ring0 .rings.num)" = 1 ]
	[ "$(value xdp_attr ring1 .rings.num)" = 0 ]

	# it goes and comes again
	rm "$dir/10-broken.json"
	ip link del ring0
	pair ring0 ring1
	[ "$(value xdp_attr ring0 .rings.num)" = 0 ]
	apply ring0
	[ "$status" = 0 ] && [ -z "$err" ] || show
	[ "$(value xdp_attr ring0 .rings.num)" = 1 ]
	remove ring0
}

@test "test_units_try_to_apply_so_often_and_no_more" {
	local dir=$BATS_TEST_TMPDIR/etc environment

	mkdir "$dir"
	echo broken > "$dir/broken.json"
	pair ring0 ring1
	apply ring0 TRIES=3 PAUSE=0
	[ "$status" = 1 ] || show
	[ "$(grep -c "^Error: $dir/broken.json:1:" <<< "$err")" = 3 ] || show
	# as often as the unit has it
	read -ra environment <<< "$(setting $APPLY Environment)"
	apply ring0 "${environment[@]}" PAUSE=0
	[ "$(grep -c "^Error: $dir/broken.json:1:" <<< "$err")" = 6 ] || show
	# of a device that is not there nothing is tried
	apply lost
	[ "$status" = 0 ] && [ -z "$out$err" ] || show
	remove ring0
}

# What would never end is not waited for, and what stands behind it is applied.
@test "test_units_apply_beside_a_file_that_hangs" {
	local dir=$BATS_TEST_TMPDIR/etc

	mkdir "$dir"
	mkfifo "$dir/10-hangs.json"
	echo '[{"type":"xdp_attr","ifname":"ring0","value":{"rings":{"num":1}}}]' > "$dir/20-rings.json"
	pair ring0 ring1
	apply ring0 TRIES=1 LIMIT=10
	[ "$status" = 1 ] || show
	[ "$err" = "Error: $dir/10-hangs.json: nothing came of it in 10 s" ] || show
	[ "$(value xdp_attr ring0 .rings.num)" = 1 ]
	remove ring0
}

# tried_again: so far
tried_again()
{
	[ "$(grep -c ^Error: "$BATS_TEST_TMPDIR/err")" -ge 2 ]
}

@test "test_units_try_to_apply_until_it_works_or_the_device_is_gone" {
	local dir=$BATS_TEST_TMPDIR/etc

	mkdir "$dir"
	echo broken > "$dir/rings.json"
	pair ring0 ring1
	{ apply ring0 TRIES=1000000 PAUSE=0.1; exit "$status"; } 3>&- &
	wait_for tried_again
	echo '[{"type":"xdp_attr","ifname":"ring0","value":{"rings":{"num":1}}}]' > "$dir/new"
	mv "$dir/new" "$dir/rings.json"
	wait $!
	[ "$(value xdp_attr ring0 .rings.num)" = 1 ]

	echo broken > "$dir/rings.json"
	: > "$BATS_TEST_TMPDIR/err"
	{ apply ring0 TRIES=1000000 PAUSE=0.1; exit "$status"; } 3>&- &
	wait_for tried_again
	remove ring0
	wait $!
}
