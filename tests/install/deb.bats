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

@test "test_deb_says_what_it_needs" {
	local library

	for library in libelf1 libjansson4 zlib1g; do
		dpkg-deb -f "$DEB" Depends | grep -q "$library"
	done
	[ "$(dpkg-deb -f "$DEB" Architecture)" = "$(dpkg --print-architecture)" ]
	# what belongs to nobody
	[ "$(dpkg-deb -c "$DEB" | awk '{ print $2 }' | sort -u)" = root/root ]
}
