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
	run_unit $APPLY ExecStart DEV=ring0 BPFTOOL_CTRL_DIR="$dir"
	[ "$status" = 0 ] && [ -z "$out$err" ] || show

	echo '{ "type": "xdp_attr", broken' > "$dir/10-broken.json"
	echo '[{"type":"xdp_attr","key":4711,"ifname":"ring0","value":{"rings":{"num":1}}},
		{"type":"lost","ifname":"lost","value":{}},
		{"type":"xdp_attr","ifname":"ring1","value":{"rings":{"num":1}}}]' > "$dir/20-rings.json"
	run_unit $APPLY ExecStart DEV=ring0 BPFTOOL_CTRL_DIR="$dir"
	[ "$status" = 1 ] || show
	[[ $err == "Error: $dir/10-broken.json:1:"* && $err != *$'\n'* ]] || show
	[ "$(value xdp_attr ring0 .rings.num)" = 1 ]
	[ "$(value xdp_attr ring1 .rings.num)" = 0 ]

	# it goes and comes again
	rm "$dir/10-broken.json"
	ip link del ring0
	pair ring0 ring1
	[ "$(value xdp_attr ring0 .rings.num)" = 0 ]
	run_unit $APPLY ExecStart DEV=ring0 BPFTOOL_CTRL_DIR="$dir"
	[ "$status" = 0 ] && [ -z "$err" ] || show
	[ "$(value xdp_attr ring0 .rings.num)" = 1 ]
	remove ring0
}
