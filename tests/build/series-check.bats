#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# shellcheck disable=SC2154 # set by run
# shellcheck disable=SC2016 # expanded by the scripts
#
# scripts/series-check, where building and booting leave a line in "steps".

setup()
{
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p scripts vm base series/one series/two
	cp "$BATS_TEST_DIRNAME"/../../scripts/{series-check,series-list,kernel-key,step} scripts
	printf '%s\n' '#!/bin/sh' 'echo "build $2" >> steps' > scripts/build-kernel
	printf '%s\n' '#!/bin/sh' 'echo "boot $*" >> steps' '[ ! -e broken ]' > vm/run
	printf '%s\n' '#!/bin/sh' 'echo "apply $2" >> steps' > scripts/prepare-source
	touch scripts/{configure-kernel,kbuild,build-env,unpack-source} fragment
	chmod +x scripts/* vm/run
	echo tarball > base/.tarball
	echo 9.9 > series/BASE
	patch one/0001.patch kernel/a.c
	patch one/0002.patch Documentation/a.rst
	patch two/0001.patch net/b.c
}

# patch NAME FILE: one that changes FILE
patch()
{
	printf 'diff --git a/%s b/%s\n--- a/%s\n+++ b/%s\n@@ -1 +1 @@\n-1\n+%s\n' \
		"$2" "$2" "$2" "$2" "$1" > "series/$1"
	echo "$1" >> series/series
}

check()
{
	rm -f steps
	scripts/series-check um base series build fragment
}

@test "series-check: builds and boots after each patch that changes the kernel" {
	run -0 check
	[ "${lines[-1]}" = "3 patches: the um kernel builds and boots after each (2 were built now)" ]
	[ "$(cat steps)" = "apply 1
build build/linux
boot -k um -- true
apply 3
build build/linux
boot -k um -- true" ]
}

@test "series-check: what was right is not built again, what was not is" {
	check
	run -0 check
	[[ ${lines[-1]} = *"(0 were built now)" ]]
	[ ! -e steps ]
	echo +more >> series/two/0001.patch
	touch broken
	run -1 check
	rm broken
	run -0 check
	[[ ${lines[-1]} = *"(1 were built now)" ]]
	grep -qx 'apply 3' steps
	run -1 grep 'apply [12]' steps
}
