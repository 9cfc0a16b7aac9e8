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

# Debian's mirror as apt finds it, with these sources of kernels. A download is $DEB.
stub_apt()
{
	local versions="${*/#/linux-source-}"

	stub apt-get 'case $1 in
		indextargets) echo http://localhost/debian ;;
		download) cp "$DEB" . ;;
		esac'
	stub apt-cache "printf '%s\n' $versions"
}

# package_source: $DEB is the package linux-source-7.3 of what the source is now.
package_source()
{
	local root=$BATS_TEST_TMPDIR/root

	export DEB=$BATS_TEST_TMPDIR/linux-source-7.3.deb
	mkdir -p "$root/DEBIAN" "$root/usr/src"
	xz -c "$KSRC_TAR" > "$root/usr/src/linux-source-7.3.tar.xz"
	printf '%s: %s\n' Package linux-source-7.3 Version 1 Architecture all \
		Maintainer tests Description tests > "$root/DEBIAN/control"
	dpkg-deb -b "$root" "$DEB"
}

# made_of LINE...: of which the kernel um-7.3 was built
made_of()
{
	local line

	for line; do
		grep -qxF "$line" "$clone/build/um-7.3/linux"
	done
}

# with_little_space GOAL...: 48 KiB for build/
with_little_space()
{
	[ "$(id -u)" = 0 ] || skip "takes root"
	mkdir -p "$clone/build"
	mount -t tmpfs -o size=48k none "$clone/build" || skip "cannot mount here"
	run env PATH="$STUBS:$PATH" make -C "$clone" "$@"
	umount "$clone/build"
	echo "$output"
	[ "$status" = 2 ]
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

@test "source: another release than the series was made for is a warning" {
	local warning="warning: the source is Linux 7.3.9; the series was made for 7.3.1"

	be_linux 7 3 1
	run -0 make -C "$clone" kernel KERNEL=7.3
	[[ $output != *warning:* ]]
	be_linux 7 3 9
	run -0 make -C "$clone" kernel KERNEL=7.3
	echo "$output"
	grep -qxF "$warning" <<< "$output"
	made_of patched um
	# what does not apply there is one sentence
	patch_of kernel.c other patched > "$clone/kernel-patch/7.3/core/0001.patch"
	fails "error: core/0001.patch does not apply to Linux 7.3.9 (the series was made for 7.3.1)" \
		kernel KERNEL=7.3
}

@test "source: a fix that another release has in other words is left out" {
	mkdir "$clone/kernel-patch/7.3/fixes"
	printf '%s\n' fixes/0001.patch core/0001.patch > "$clone/kernel-patch/7.3/series"
	patch_of kernel.c faulty base > "$clone/kernel-patch/7.3/fixes/0001.patch"
	be_linux 7 3 9
	run -0 make -C "$clone" kernel KERNEL=7.3
	echo "$output"
	grep -qxF "warning: fixes/0001.patch does not apply to Linux 7.3.9 (the series was made for 7.3.1): left out" <<< "$output"
	made_of patched um
	# not of the release that the series is for
	be_linux 7 3 1
	fails "error: fixes/0001.patch does not apply to Linux 7.3.1" kernel KERNEL=7.3
}

@test "source: 7.3 that was built with another series is built again" {
	be_linux 7 3 1
	run -0 make -C "$clone" kernel KERNEL=7.3
	made_of patched um
	patch_of kernel.c base anew > "$clone/kernel-patch/7.3/core/0001.patch"
	run -0 make -C "$clone" kernel KERNEL=7.3
	made_of anew um
	[ "$(wc -l < "$BUILT")" = 2 ]
	# back: of that nothing is left, and nothing is compiled
	patch_of kernel.c base patched > "$clone/kernel-patch/7.3/core/0001.patch"
	run -0 make -C "$clone" kernel KERNEL=7.3
	made_of patched um
	[ "$(wc -l < "$BUILT")" = 2 ]
}

@test "source: no space is left" {
	head -c 65536 /dev/urandom > "$BATS_TEST_TMPDIR/tree/large"
	be_linux 6 12 1
	with_little_space kernel
	[[ $output == *"$KSRC_TAR can't be unpacked: it is damaged, or there is no space left"* ]]
	be_linux 7 3 1
	package_source
	stub_apt 7.3
	with_little_space kernel KERNEL=7.3 KSRC_TAR=
	[[ $output == *"Debian's package linux-source-7.3 could not be downloaded: no network, or no space is left (KSRC_TAR=FILE"* ]]
}

# apt is a stub, the package is one.
@test "source: 7.3 is Debian's package, got once for all clones" {
	be_linux 7 3 2
	package_source
	stub_apt 7.3 7.4
	PATH="$STUBS:$PATH" run -0 make -C "$clone" kernel KERNEL=7.3 KSRC_TAR=
	echo "$output"
	[[ $output == *"warning: the source is Linux 7.3.2; the series was made for 7.3.1"* ]]
	made_of patched um
	# gone since then: another clone has it, and again after it was damaged
	stub_apt 7.4
	make_clone two
	PATH="$STUBS:$PATH" run -0 make -C "$clone" build/base-7.3.stamp KERNEL=7.3 KSRC_TAR=
	truncate -s -50 "$clone/build/source-7.3/linux-source-7.3.tar.xz"
	touch "$clone/scripts/unpack-source"
	fails "it is damaged, or there is no space left (below build/ it is got again once it is removed)" \
		build/base-7.3.stamp KERNEL=7.3 KSRC_TAR=
	rm "$clone/build/source-7.3/linux-source-7.3.tar.xz"
	PATH="$STUBS:$PATH" run -0 make -C "$clone" build/base-7.3.stamp KERNEL=7.3 KSRC_TAR=
}

@test "source: without network, 7.3 can't be had, and 6.12 is built all the same" {
	stub_apt
	stub apt-get 'case $1 in indextargets) echo http://localhost/debian ;; *) exit 100 ;; esac'
	fails "error: Debian's package linux-source-7.3 can't be had: its mirror does not answer, or no space is left (KSRC_TAR=FILE takes any source of Linux 7.3)" \
		kernel KERNEL=7.3 KSRC_TAR=
	# one sentence, and where the rest is
	[[ $output != *"  | "* ]]
	run -0 make -C "$clone" kernel
}

@test "source: a package that has gone" {
	stub_apt 7.2 7.4 7.11
	fails "error: Debian has no package linux-source-7.3 any more; its newest is linux-source-7.11 (KSRC_TAR=FILE" \
		kernel KERNEL=7.3 KSRC_TAR=
}

@test "source: without network there are no newest clients, which is a warning" {
	stub_apt
	stub apt-get 'case $1 in indextargets) echo http://localhost/debian ;; *) exit 100 ;; esac'
	PATH="$STUBS:$PATH" run -0 make -C "$clone" newest-if-any
	echo "$output"
	[[ $output == *"error: the newest clients can't be had: Debian's mirror does not answer"* ]]
	[[ $output == *"warning: the tests of the newest clients are left out"* ]]
	[ ! -e "$clone/build/newest" ]
}

@test "source: without network a QEMU of before igb has none, which is a warning" {
	stub_apt
	stub apt-get 'case $1 in indextargets) echo http://localhost/debian ;; *) exit 100 ;; esac'
	stub qemu-system-x86_64 'echo "QEMU emulator version 7.2.22 (Debian 1:7.2)"'
	PATH="$STUBS:$PATH" run -0 make -C "$clone" qemu-if-any
	echo "$output"
	[[ $output == *"error: a QEMU with an igb can't be had: Debian's mirror has no "*"-backports, does not answer, or no space is left"* ]]
	[[ $output == *"warning: the tests of an igb are left out"* ]]
	[ ! -e "$clone/build/qemu" ]
	mkdir -p "$clone/build/qemu/usr"
	stub qemu-system-x86_64 'echo "QEMU emulator version 10.0.2 (Debian 1:10.0.2)"'
	PATH="$STUBS:$PATH" run -0 make -C "$clone" qemu
	[ "$(cat "$clone/build/qemu/version")" = "the machine's own, 10.0.2" ]
	[ ! -e "$clone/build/qemu/usr" ]
}

@test "source: without network jq 1.6 is all there is, which is a warning" {
	stub_apt
	stub apt-get 'case $1 in indextargets) echo http://localhost/debian ;; *) exit 100 ;; esac'
	stub jq 'echo jq-1.6'
	PATH="$STUBS:$PATH" run -0 make -C "$clone" jq-if-any
	echo "$output"
	[[ $output == *"error: a jq that starts fast can't be had: Debian's mirror has no trixie, does not answer, or no space is left"* ]]
	[[ $output == *"warning: tests in emulated machines take longer"* ]]
	[ ! -e "$clone/build/jq" ]
	mkdir -p "$clone/build/jq/bin"
	stub jq 'echo jq-1.7.1'
	PATH="$STUBS:$PATH" run -0 make -C "$clone" jq-if-any
	[ "$(cat "$clone/build/jq/version")" = "the machine's own, 1.7.1" ]
	[ ! -e "$clone/build/jq/bin" ]
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
