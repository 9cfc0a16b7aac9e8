#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: host
#
# "make lint"

@test "test_lint" {
	cd "$BATS_TEST_DIRNAME/../.." || return
	scripts/lint build/linux
}

# What has passed is remembered by its bytes, what has not is found each time.
@test "test_lint_finds_what_has_changed_since" {
	local clone=$BATS_TEST_TMPDIR/clone top

	bats_require_minimum_version 1.5.0
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	git clone -q "$top" "$clone"
	mkdir "$clone/build"
	ln -s "$top"/build/{linux,bpftool} "$clone/build/"
	# what passed is here, or where kernels are kept
	[ ! -d "$top/build/lint" ] || cp -r "$top/build/lint" "$clone/build/"
	cd "$clone" || return
	echo 'int  bad ;' >> src/ctrl.c
	for _ in 1 2; do
		run -1 scripts/lint build/linux
		[[ $output == *"-- in src/ctrl.c"* ]]
	done
}
