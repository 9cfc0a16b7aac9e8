#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# shellcheck disable=SC2154,SC2016 # set by run; expanded by a stub
#
# Kernel sources that are missing, or wrong: one sentence says what to do.

load helper

setup()
{
	bats_require_minimum_version 1.5.0
	make_source
	make_clone one
	export STUBS=$BATS_TEST_TMPDIR/stubs
	mkdir "$STUBS"
}

# stub NAME SHELL-COMMANDS: a program NAME, for goals that are run with PATH=$STUBS:$PATH.
stub()
{
	printf '#!/bin/bash\n%s\n' "$2" > "$STUBS/$1"
	chmod +x "$STUBS/$1"
}

# fails SENTENCE GOAL [VARIABLE=VALUE]...
fails()
{
	local sentence=$1

	shift
	run -2 env PATH="$STUBS:$PATH" make -C "$clone" "$@"
	echo "$output"
	[[ $output == *"$sentence"* ]]
}

# Debian's mirror as apt finds it, with these sources of kernels.
stub_apt()
{
	local versions="${*/#/linux-source-}"

	stub apt-get "case \$1 in indextargets) echo http://localhost/debian ;; esac"
	stub apt-cache "printf '%s\n' $versions"
}

@test "source: KERNEL is one there is" {
	fails "KERNEL: expected one of 6.12 7.3, got: '5.10'" kernel KERNEL=5.10
}

@test "source: a tarball that is not there, of another version, half, or none at all" {
	fails "no kernel source /nonexistent" kernel KSRC_TAR=/nonexistent
	fails "$KSRC_TAR is the source of Linux 6.12, not 7.3" kernel KERNEL=7.3
	xz -k "$KSRC_TAR"
	truncate -s -50 "$KSRC_TAR.xz"
	fails "$KSRC_TAR.xz can't be unpacked: it is damaged" kernel KSRC_TAR="$KSRC_TAR.xz"
	tar -C "$BATS_TEST_TMPDIR" -cf "$BATS_TEST_TMPDIR/other.tar" tree/kernel.c tree/tools
	fails "other.tar is no kernel source" kernel KSRC_TAR="$BATS_TEST_TMPDIR/other.tar"
	[ -z "$(find "$clone/build" -name 'linux*')" ]
	# and nothing of that is in the way
	run -0 make -C "$clone" kernel
}

@test "source: no space is left" {
	[ "$(id -u)" = 0 ] || skip "takes root"
	head -c 65536 /dev/urandom > "$BATS_TEST_TMPDIR/tree/large"
	tar -C "$BATS_TEST_TMPDIR" -cf "$KSRC_TAR" tree
	mkdir "$clone/build"
	mount -t tmpfs -o size=32k none "$clone/build" || skip "cannot mount here"
	run make -C "$clone" kernel
	umount "$clone/build"
	echo "$output"
	[ "$status" = 2 ]
	[[ $output == *"no space left"* ]]
}

@test "source: without network, 7.3 can't be had, and 6.12 is built all the same" {
	stub_apt
	stub apt-get 'case $1 in indextargets) echo http://localhost/debian ;; *) exit 100 ;; esac'
	fails "Debian's package linux-source-7.3 can't be had: its mirror does not answer (KSRC_TAR=FILE takes any source of Linux 7.3)" \
		build/base-7.3.stamp KERNEL=7.3 KSRC_TAR=
	run -0 make -C "$clone" kernel
}

@test "source: a package that has gone" {
	stub_apt 7.2 7.4 7.11
	fails "Debian has no package linux-source-7.3 any more; its newest is linux-source-7.11 (KSRC_TAR=FILE" \
		build/base-7.3.stamp KERNEL=7.3 KSRC_TAR=
}

@test "source: this machine's apt stays as it is" {
	local before

	before=$(find /etc/apt /var/lib/apt/lists /var/lib/dpkg -newer "$BUILT" -type f)
	run -100 env http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 \
		"$TOP/scripts/apt-root" "$BATS_TEST_TMPDIR/apt" trixie-backports sid
	[[ $output == *trixie-backports*InRelease* ]]
	[ "$(find /etc/apt /var/lib/apt/lists /var/lib/dpkg -newer "$BUILT" -type f)" = "$before" ]
	! grep -v 'signed-by=/usr/share/keyrings/debian-archive-keyring.gpg' \
		"$BATS_TEST_TMPDIR/apt/sources.list" || false
}
