#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# shellcheck disable=SC2154 # set by run
#
# Kernels that are not built again: scripts/cache, scripts/kernel-key.

load helper

setup()
{
	bats_require_minimum_version 1.5.0
	make_source
	make_clone one
}

# kernel TIMES [VARIABLE=VALUE]: made in $clone, and TIMES of all so far it was built.
kernel()
{
	local times=$1

	shift
	run make -C "$clone" kernel "$@"
	echo "$output"
	[ "$status" = 0 ]
	[ "$(wc -l < "$BUILT")" = "$times" ]
	[ "$(head -n 1 "$clone/build/um/linux")" = patched ]
	[ "$(tail -n 1 "$clone/build/um/linux")" = um ]
	[ -s "$clone/build/um/.config" ]
	[ "$(cat "$clone/build/um/System.map")" = map ]
	[ -s "$clone/build/um/lib/test.ko" ]
}

entries()
{
	find "$CACHE" -type f | wc -l
}

teardown()
{
	! mountpoint -q "$CACHE" || umount "$CACHE"
}

@test "cache: what was built is not built again, and another clone needs no source" {
	kernel 1
	kernel 1
	[ "$(entries)" = 1 ]
	make_clone two
	kernel 1
	[[ $output == *"was built before"* ]]
	[ ! -e "$clone/build/linux" ]
	[ ! -e "$clone/build/linux-base" ]
	# it is there: nothing is said, nothing done
	kernel 1
	[[ $output != *"was built before"* ]]
}

@test "cache: what a kernel is made of counts: patches, options, source" {
	kernel 1
	echo 'CONFIG_MORE=y' >> "$clone/kconfig/um"
	kernel 2
	patch_of kernel.c base patched > "$series/core/0001.patch"
	echo core/0002.patch >> "$series/series"
	sed 's/^+patched/&\n+twice/; s/+1 @@/+1,2 @@/' "$series/core/0001.patch" \
		> "$series/core/0001.new"
	mv "$series/core/0001.new" "$series/core/0001.patch"
	patch_of tools/testing/test.c test tested > "$series/core/0002.patch"
	kernel 3
	grep -q twice "$clone/build/um/linux"
	touch -d 2001-01-01 "$KSRC_TAR"
	kernel 3
	echo other > "$BATS_TEST_TMPDIR/tree/tools/testing/other.c"
	tar -C "$BATS_TEST_TMPDIR" -cf "$KSRC_TAR" tree
	kernel 4
	[ "$(entries)" = 4 ]
}

@test "cache: what it is not made of does not: a patch's text, the tree's tests" {
	kernel 1
	patch_of kernel.c base patched "in other words" > "$series/core/0001.patch"
	patch_of tools/testing/test.c test tested > "$series/core/0002.patch"
	echo core/0002.patch >> "$series/series"
	kernel 1
}

@test "cache: back to what was built before" {
	kernel 1
	echo 'CONFIG_MORE=y' >> "$clone/kconfig/um"
	kernel 2
	cp "$TOP/kconfig/um" "$clone/kconfig/um"
	kernel 2
	run -1 grep CONFIG_MORE "$clone/build/um/.config"
	# with its own configuration, not that which was built here last
	rm -r "$CACHE" "$clone/build/um/.key"
	kernel 3
	run -1 grep CONFIG_MORE "$clone/build/um/linux"
}

@test "cache: half an entry and a damaged one are not used, and made again" {
	local entry

	kernel 1
	entry=$(echo "$CACHE"/*)
	truncate -s -20 "$entry"
	make_clone two
	kernel 2
	[[ $output == *"warning: $entry is damaged: removed"* ]]
	make_clone three
	kernel 2

	printf 'XXXX' | dd of="$entry" bs=1 seek=60 conv=notrunc status=none
	make_clone four
	kernel 3
	: > "$entry"
	make_clone five
	kernel 4
}

@test "cache: a build that fails leaves no entry, nor what could pass for a kernel" {
	kernel 1
	patch_of kernel.c base broken > "$series/core/0001.patch"
	printf 'all: fails\nfails: ; false\n' >> "$BATS_TEST_TMPDIR/tree/Makefile"
	tar -C "$BATS_TEST_TMPDIR" -cf "$KSRC_TAR" tree
	run -2 make -C "$clone" kernel
	run -2 make -C "$clone" kernel
	[ "$(entries)" = 1 ]
}

@test "cache: CACHE= is without" {
	kernel 1 CACHE=
	[ ! -e "$CACHE" ]
	kernel 1 CACHE=
	kernel 1
	make_clone two
	kernel 2
	make_clone three
	kernel 3 CACHE=
	CACHE='' kernel 3
}

@test "cache: it has a size, and what was not used for longest goes" {
	local clone=$BATS_TEST_TMPDIR/dir key n=0

	mkdir "$clone"
	head -c 700000 /dev/urandom > "$clone/file"
	for key in a b c; do
		CACHE_MB=2 "$TOP/scripts/cache" put $key "$clone" file
		touch -d "2001-01-0$((++n))" "$CACHE/$key.tar.zst"
	done
	[ "$(entries)" = 2 ]
	run -1 "$TOP/scripts/cache" get a "$BATS_TEST_TMPDIR/other"
	"$TOP/scripts/cache" get b "$BATS_TEST_TMPDIR/other"
	cmp "$clone/file" "$BATS_TEST_TMPDIR/other/file"
	CACHE_MB=2 "$TOP/scripts/cache" put d "$clone" file
	run -1 "$TOP/scripts/cache" get c "$BATS_TEST_TMPDIR/new"
	"$TOP/scripts/cache" get b "$BATS_TEST_TMPDIR/new"
	# one that is too large by itself stays
	CACHE_MB=0 "$TOP/scripts/cache" put e "$clone" file
	[ "$(ls "$CACHE")" = e.tar.zst ]
}

@test "cache: nobody else's kernels" {
	kernel 1
	[ "$(stat -c %a "$CACHE")" = 700 ]
	chmod 777 "$CACHE"
	make_clone two
	kernel 2
	[[ $output == *"others can write there"* ]]
	[ "$(id -u)" = 0 ] || skip "takes root"
	chmod 700 "$CACHE"
	chown 1 "$CACHE"
	make_clone three
	kernel 3
	[[ $output == *"others can write there"* ]]
}

@test "cache: where nothing can be kept kernels are built all the same" {
	: > "$CACHE"
	kernel 1
	rm "$CACHE"
	[ "$(id -u)" = 0 ] || skip "takes root"
	mkdir -m 700 "$CACHE"
	mount -t tmpfs -o size=16k,mode=700 none "$CACHE" || skip "cannot mount here"
	make_clone two
	kernel 2
	[[ $output == *"warning: build/um is not kept in $CACHE"* ]]
}
