#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
# boot: own
#
# The Debian package, beside that of the distribution: installed and removed in the
# machine, whose files are thrown away. Without triggers: those would index all manual pages.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

setup_file()
{
	DEB=$(echo "$BATS_TEST_DIRNAME"/../../build/bpftool-ctrl_*.deb)
	export DEB
	[ -f "$DEB" ]
}

distribution()
{
	/usr/sbin/bpftool version | sed -n '1s/.* //p'
	md5sum /usr/sbin/bpftool /usr/share/bash-completion/completions/bpftool
	dpkg-divert --list '*bpftool*'
	find /usr/sbin /usr/share -name '*bpftool*' | sort
}

@test "test_deb_beside_the_distributions_bpftool" {
	dpkg-query -W -f '${db:Status-Status}' bpftool | grep -qx installed
	distribution > "$BATS_TEST_TMPDIR/before"

	dpkg --force-unsafe-io --no-triggers -i "$DEB"
	/usr/sbin/bpftool -j ctrl list | jq -e 'map(.type) | index("registry") != null'
	try /usr/sbin/bpftool.distrib ctrl list
	[ "$status" != 0 ]
	[ "$(/usr/sbin/bpftool.distrib version | sed -n '1s/.* //p')" = "$(head -n 1 "$BATS_TEST_TMPDIR/before")" ]
	grep -q _bpftool_with_ctrl /usr/share/bash-completion/completions/bpftool
	man -w bpftool-ctrl
	dpkg --verify bpftool-ctrl
	dpkg --verify bpftool

	# again, as an upgrade
	dpkg --force-unsafe-io --no-triggers -i "$DEB"
	/usr/sbin/bpftool ctrl list

	dpkg --force-unsafe-io --no-triggers -r bpftool-ctrl
	distribution > "$BATS_TEST_TMPDIR/after"
	diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	dpkg --verify bpftool
}

@test "test_deb_without_the_distributions_bpftool" {
	dpkg --force-unsafe-io --no-triggers -r bpftool
	[ ! -e /usr/sbin/bpftool ]
	dpkg --force-unsafe-io --no-triggers -i "$DEB"
	/usr/sbin/bpftool ctrl list
	dpkg --force-unsafe-io --no-triggers -r bpftool-ctrl
	[ -z "$(find /usr/sbin /usr/share -name '*bpftool*')" ]
	[ -z "$(dpkg-divert --list '*bpftool*')" ]
}

# other VERSION: the package as it would be of that version, where it is printed
other()
{
	local dir=$BATS_TEST_TMPDIR/other

	rm -rf "$dir"
	dpkg-deb -R "$DEB" "$dir"
	sed -i "s/^Version: .*/Version: $1/" "$dir/DEBIAN/control"
	dpkg-deb --root-owner-group -Znone --build "$dir" "$BATS_TEST_TMPDIR/$1.deb" > /dev/null
	echo "$BATS_TEST_TMPDIR/$1.deb"
}

units()
{
	find /etc/systemd -name 'bpftool-ctrl*' | sort
}

# What somebody has switched on and set stays so in an upgrade, and goes with the package, but
# for what is not its own.
@test "test_deb_units_upgraded_removed_and_purged" {
	local old prom=/var/lib/prometheus/node-exporter/bpftool-ctrl.prom

	old=$(other 1.0)
	dpkg --force-unsafe-io --no-triggers -i "$old"
	[ -z "$(units)" ]
	[ -z "$(ls -A /etc/bpftool-ctrl)" ]
	systemctl enable bpftool-ctrl-stats.service bpftool-ctrl-metrics.timer
	units > "$BATS_TEST_TMPDIR/enabled"
	[ "$(wc -l < "$BATS_TEST_TMPDIR/enabled")" = 2 ]
	echo '[]' > /etc/bpftool-ctrl/mine.json
	mkdir -p "${prom%/*}"
	touch "$prom"

	dpkg --force-unsafe-io --no-triggers -i "$DEB"
	units | diff "$BATS_TEST_TMPDIR/enabled" -
	[ -e "$prom" ]
	[ -e /etc/bpftool-ctrl/mine.json ]
	dpkg --verify bpftool-ctrl

	dpkg --force-unsafe-io --no-triggers -r bpftool-ctrl
	[ -z "$(units)" ]
	[ ! -e "$prom" ]
	[ -z "$(find /usr/lib/systemd /usr/lib/udev /usr/libexec -name '*bpftool*')" ]
	dpkg --force-unsafe-io --no-triggers --purge bpftool-ctrl
	[ "$(dpkg-query -W -f '${db:Status-Status}' bpftool-ctrl 2> /dev/null || true)" != installed ]
	[ -e /etc/bpftool-ctrl/mine.json ]
}

@test "test_deb_says_what_it_needs" {
	local library

	for library in libelf1 libjansson4 zlib1g; do
		dpkg-deb -f "$DEB" Depends | grep -q "$library"
	done
	[ "$(dpkg-deb -f "$DEB" Architecture)" = "$(dpkg --print-architecture)" ]
	# what belongs to nobody
	[ "$(dpkg-deb -c "$DEB" | awk '{ print $2 }' | sort -u)" = root/root ]
}
