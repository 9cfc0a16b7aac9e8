#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# The units of systemd, as far as they can be looked at where systemd does not run; and what
# they run for a device that comes.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

UNITS=$(cd "$BATS_TEST_DIRNAME/../../systemd" && pwd)

@test "test_units_are_valid" {
	local root=$BATS_TEST_TMPDIR/root unit

	# their programs are those of a machine that has the package
	mkdir -p "$root/usr/lib/systemd/system" "$root/usr/sbin" "$root/usr/libexec/bpftool-ctrl"
	cp "$UNITS"/*.service "$UNITS"/*.timer "$root/usr/lib/systemd/system"
	cp "$UNITS/apply-device" "$root/usr/libexec/bpftool-ctrl"
	cp "$TOP/build/bin/bpftool" "$root/usr/sbin"
	cp /usr/lib/systemd/system/*.target "$root/usr/lib/systemd/system"
	for unit in "$UNITS"/*.service "$UNITS"/*.timer; do
		unit=${unit##*/}
		try systemd-analyze verify --root="$root" --man=no "${unit/@/@eth0}"
		[ "$status" = 0 ] && [ -z "$out$err" ] || show
	done
}

# "systemd-analyze security" has them at 2.0 or less of 10.
@test "test_units_are_hardened" {
	try systemd-analyze security --offline=yes --threshold=20 "$UNITS"/*.service
	[ "$status" = 0 ] || show
}

@test "test_units_none_is_on_by_default" {
	local deb
	deb=$(echo "$TOP"/build/bpftool-ctrl_*.deb)

	dpkg-deb -c "$deb" > "$BATS_TEST_TMPDIR/files"
	grep -q '/usr/lib/systemd/system/bpftool-ctrl-stats.service$' "$BATS_TEST_TMPDIR/files"
	grep -q '/usr/lib/systemd/system/bpftool-ctrl-metrics.timer$' "$BATS_TEST_TMPDIR/files"
	grep -q '/usr/lib/systemd/system/bpftool-ctrl-apply@.service$' "$BATS_TEST_TMPDIR/files"
	grep -q '/usr/lib/udev/rules.d/60-bpftool-ctrl.rules$' "$BATS_TEST_TMPDIR/files"
	fails grep -E 'wants/|\./etc/bpftool-ctrl/.' "$BATS_TEST_TMPDIR/files"
	dpkg-deb -e "$deb" "$BATS_TEST_TMPDIR/control"
	fails grep -rE 'systemctl.* (enable|start)' "$BATS_TEST_TMPDIR/control"
}

@test "test_units_package_pleases_lintian" {
	try lintian --fail-on error --allow-root "$TOP"/build/bpftool-ctrl_*.deb
	[ "$status" = 0 ] || show
}
