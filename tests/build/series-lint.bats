#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# shellcheck disable=SC2154 # set by run
# shellcheck disable=SC2016 # expanded by the scripts that are made here
#
# scripts/series-lint, with trees of a few files whose Makefile does what the kernel's would.

setup()
{
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p scripts kconfig build/linux-base-9.9/net bin
	cp "$BATS_TEST_DIRNAME"/../../scripts/{series-lint,build-env} scripts
	echo CONFIG_NET=y > kconfig/common
	sed 's/^>/\t/' > build/linux-base-9.9/Makefile <<-'MAKEFILE'
		allnoconfig:
		>@cp $(KCONFIG_ALLCONFIG) $(O)/.config
		%.o:
		>@mkdir -p $(O)/net
		>$(CC) -Wall -c -o $(O)/$@ $(CURDIR)/$*.c
	MAKEFILE
	printf '%s\n' 'void old(void)' '{' '	int unused;' '}' > build/linux-base-9.9/net/old.c
	cp -r build/linux-base-9.9 build/linux-9.9
	printf '%s\n' net/old.c net/new.c tools/t.c > build/linux-9.9.patched
	echo 'void new(void) { }' > build/linux-9.9/net/new.c
}

@test "series-lint: what was said before is not said of the series, wherever it is now" {
	run -0 scripts/series-lint 9.9 x86_64
	[ "$output" = "x86_64: 1 complaints, 0 of them new" ]
	sed -i '1i /* another line */' build/linux-9.9/net/old.c
	run -0 scripts/series-lint 9.9 x86_64
	[ "$output" = "x86_64: 1 complaints, 0 of them new" ]
}

@test "series-lint: a warning of a new file, and one more of an old one" {
	echo 'static int nobody;' >> build/linux-9.9/net/new.c
	run -1 scripts/series-lint 9.9 x86_64
	[ "${lines[0]}" = "x86_64: 2 complaints, 1 of them new" ]
	[[ ${lines[1]} = "net/new.c: warning: 'nobody' defined but not used"* ]] ||
		[[ ${lines[1]} = "net/new.c: warning: ‘nobody’ defined but not used"* ]]
	echo 'void new(void) { }' > build/linux-9.9/net/new.c
	sed 's/old/older/' build/linux-base-9.9/net/old.c >> build/linux-9.9/net/old.c
	run -1 scripts/series-lint 9.9 x86_64
	[ "${lines[0]}" = "x86_64: 2 complaints, 1 of them new" ]
}

@test "series-lint: what does not compile, and what is not configured as it should be" {
	echo 'void new(void) { nowhere; }' > build/linux-9.9/net/new.c
	run -1 scripts/series-lint 9.9 x86_64
	[[ $output = *"net/new.c: error: not compiled"* ]]
	[[ $output = *"net/new.c: error: "*"undeclared"* ]]
	echo 'void new(void) { }' > build/linux-9.9/net/new.c
	sed -i 's/@cp .*/@true/' build/linux-*9.9/Makefile
	run -1 scripts/series-lint 9.9 rt
	[[ ${lines[-1]} = "error: rt can't be configured"* ]]
}

@test "series-lint: semantic patches say what is new" {
	mkdir -p build/linux-{,base-}9.9/scripts/coccinelle
	tee build/linux-{,base-}9.9/scripts/coccinelle/a.cocci > /dev/null <<< 'virtual report'
	cat > bin/spatch <<-'SPATCH'
		#!/bin/sh
		for file; do
			case $file in
			*.c) echo "$file:7:1-3: WARNING: of $file" ;;
			esac
		done
	SPATCH
	chmod +x bin/spatch
	PATH=$PWD/bin:$PATH run -1 scripts/series-lint 9.9 coccicheck
	[ "$output" = "coccicheck: 2 complaints, 1 of them new
net/new.c: WARNING: of net/new.c" ]
}

@test "series-lint: the first clang that is new enough, or none" {
	mkdir -p build/linux-9.9/scripts
	printf '#!/bin/sh\necho "$least"\n' > build/linux-9.9/scripts/min-tool-version.sh
	printf '#!/bin/sh\n[ "$1" != -dumpversion ] || { echo 15.0.7; exit; }\nexec gcc "$@"\n' > bin/clang
	sed 's/15.0.7/19.1.7/' bin/clang > bin/clang-19
	cp bin/clang bin/clang-16
	chmod +x bin/* build/linux-9.9/scripts/min-tool-version.sh
	export PATH=$PWD/bin:$PATH CCACHE_DISABLE=1 least=17.0.1
	run -0 scripts/series-lint 9.9 clang
	[ "$output" = "clang: 1 complaints, 0 of them new" ]
	grep -q 'clang-19 .*net/new.c' build/series-lint-9.9/clang/log
	least=20.0.0
	run -1 scripts/series-lint 9.9 clang
	[ "$output" = "error: Linux 9.9 takes clang 20.0.0 or later" ]
}
