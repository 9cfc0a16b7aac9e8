# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# A source tree whose "kernel" says what it was built of, and makes a note of that in $BUILT,
# and clones of this repository for it.

TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

# Of Linux 6.12.1, in $KSRC_TAR.
make_source()
{
	local tree=$BATS_TEST_TMPDIR/tree

	export BUILT=$BATS_TEST_TMPDIR/built CACHE=$BATS_TEST_TMPDIR/cache
	export KSRC_TAR=$BATS_TEST_TMPDIR/source.tar
	unset MAKEFLAGS MFLAGS MAKELEVEL CACHE_MB KERNEL
	: > "$BUILT"
	mkdir -p "$tree/scripts/kconfig" "$tree/tools/testing/selftests/bpf"
	cat > "$tree/Makefile" <<-'END'
		VERSION = 6
		PATCHLEVEL = 12
		SUBLEVEL = 1
		all: ; set -e; cd $(O); mkdir -p lib; head -c 65536 /dev/urandom > lib/test.ko; \
			echo map > System.map; echo built >> $(BUILT); \
			{ cat $(CURDIR)/kernel.c .config; echo $(ARCH); } > linux
		allnoconfig: ; cp $(O)/$(KCONFIG_ALLCONFIG) $(O)/.config
	END
	cat > "$tree/scripts/kconfig/merge_config.sh" <<-'END'
		#!/bin/sh
		shift 2
		cat "$@" > $KCONFIG_CONFIG
	END
	chmod +x "$tree/scripts/kconfig/merge_config.sh"
	echo base > "$tree/kernel.c"
	echo test > "$tree/tools/testing/test.c"
	tar -C "$BATS_TEST_TMPDIR" -cf "$KSRC_TAR" tree
}

# be_linux VERSION PATCHLEVEL SUBLEVEL: the source is that from now on.
be_linux()
{
	sed -i "1,3{1s/=.*/= $1/;2s/=.*/= $2/;3s/=.*/= $3/}" "$BATS_TEST_TMPDIR/tree/Makefile"
	tar -C "$BATS_TEST_TMPDIR" -cf "$KSRC_TAR" tree
}

# patch_of FILE OLD NEW [SUBJECT]
patch_of()
{
	printf 'Subject: %s\n---\ndiff --git a/%s b/%s\n--- a/%s\n+++ b/%s\n@@ -1 +1 @@\n-%s\n+%s\n' \
		"${4:-a patch}" "$1" "$1" "$1" "$1" "$2" "$3"
}

# $series has its one patch, core/0001.patch; that of 7.3 is the same.
make_clone()
{
	clone=$BATS_TEST_TMPDIR/$1
	series=$clone/kernel-patch/6.12
	mkdir -p "$series/core" "$clone/tests" "$clone/vm"
	cp -r "$TOP/Makefile" "$TOP/scripts" "$TOP/kconfig" "$clone/"
	cp "$TOP/tests/tiers" "$clone/tests/"
	cp "$TOP/vm/debian-kernels" "$clone/vm/"
	echo 6.12.1 > "$series/BASE"
	echo core/0001.patch > "$series/series"
	patch_of kernel.c base patched > "$series/core/0001.patch"
	cp -r "$series" "$clone/kernel-patch/7.3"
	echo 7.3.1 > "$clone/kernel-patch/7.3/BASE"
}
