#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# make install, when all is built: what it writes below DESTDIR and prefix.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/completion

TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

# make_install VARIABLE...: it says nothing, since nothing has to be built for it. The make
# that runs the tests may have options and variables of its own.
make_install()
{
	works env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make --no-print-directory -C "$TOP" \
		install "$@"
	[ -z "$out" ] || show
}

setup_file()
{
	export ROOT=$BATS_FILE_TMPDIR/root
	# which modes must not depend on
	umask 077
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR make_install DESTDIR="$ROOT" prefix=/usr
}

# installed DIR: type, mode and path of all that is below it
installed()
{
	find "$1" -mindepth 1 -printf '%y %m %P\n' | sort
}

@test "test_install_writes_these_files_and_no_others" {
	{
		printf 'd 755 %s\n' usr usr/sbin usr/share usr/share/bash-completion \
			usr/share/bash-completion/completions usr/share/man usr/share/man/man8
		printf 'f 644 %s\n' usr/share/bash-completion/completions/bpftool
		find "$TOP/build/man" -name '*.8' -printf 'f 644 usr/share/man/man8/%f\n'
		printf 'f 755 %s\n' usr/sbin/bpftool
	} | sort > "$BATS_TEST_TMPDIR/wanted"
	diff "$BATS_TEST_TMPDIR/wanted" <(installed "$ROOT")
}

@test "test_install_bpftool_knows_ctrl" {
	try "$ROOT/usr/sbin/bpftool" ctrl help
	[ "$status" = 0 ] && [[ $err == "Usage: bpftool ctrl "* ]] || show
}

@test "test_install_manual_pages_are_found" {
	local page

	for page in bpftool bpftool-ctrl bpftool-map; do
		works man -M "$ROOT/usr/share/man" -w "$page"
		[ "$out" = "$ROOT/usr/share/man/man8/$page.8" ] || show
	done
	works man -M "$ROOT/usr/share/man" bpftool-ctrl
	[[ $out == *"bpftool ctrl pin TYPE PATH"* ]] || show
}

@test "test_install_completion_loads_and_completes" {
	PATH=$ROOT/usr/sbin:$PATH
	# shellcheck disable=SC2034 # of tab
	COMPLETION=$ROOT/usr/share/bash-completion/completions/bpftool
	tab_has "list dump set apply watch xdp" ctrl ""
	tab "on off" ctrl xdp set stats ""
	tab_has "ctrl map prog" ""
}

@test "test_install_again_changes_nothing" {
	local before

	before=$(installed "$ROOT" && cd "$ROOT" && find . -type f -exec md5sum {} +)
	make_install DESTDIR="$ROOT" prefix=/usr
	[ "$(installed "$ROOT" && cd "$ROOT" && find . -type f -exec md5sum {} +)" = "$before" ]
}

@test "test_install_below_prefix" {
	make_install prefix="$BATS_TEST_TMPDIR/root/usr"
	diff -r "$ROOT" "$BATS_TEST_TMPDIR/root"
}
