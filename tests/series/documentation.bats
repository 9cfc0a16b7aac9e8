#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: host
#
# What the series documents: the kernel's own page and the comments of its headers and
# functions are without a warning.

# shellcheck disable=SC2154 # output is set by run
setup()
{
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_DIRNAME/../../build/linux" || exit
}

# touched PATTERN: the files of which the series makes or changes lines
touched()
{
	sed -nE 's,^\+\+\+ b/,,p' ../../kernel-patch/6.12/*/*.patch | sort -u | grep -E "$1"
}

@test "test_documentation_of_the_kernel_is_valid" {
	local file pages

	pages=$(touched '^Documentation/.*map_.*\.rst$')
	for file in $pages; do
		run -0 "$BATS_TEST_DIRNAME/rst.py" "$file"
		[ -z "$output" ]
		grep -q BPF_MAP_TYPE_CONTROL "$file"
	done
}

@test "test_documentation_faults_are_found" {
	printf '%s\n' 'A page' '======' '.. kernel-doc:: include/linux/bpf_ctrl.h' \
		'   :identifiers: nothing_of_that_name' > "$BATS_TEST_TMPDIR/page.rst"
	run -1 "$BATS_TEST_DIRNAME/rst.py" "$BATS_TEST_TMPDIR/page.rst"
	printf '%s\n' 'A page' '===' '``open' > "$BATS_TEST_TMPDIR/page.rst"
	run -1 "$BATS_TEST_DIRNAME/rst.py" "$BATS_TEST_TMPDIR/page.rst"
	printf '/**\n * f() - x\n * @a: a\n */\nint f(int a, int b)\n{\n}\n' > "$BATS_TEST_TMPDIR/f.c"
	run -0 scripts/kernel-doc -none -Wall "$BATS_TEST_TMPDIR/f.c"
	[[ $output == *"'b' not described"* ]]
}

@test "test_documentation_of_functions_and_structs_is_valid" {
	local file files

	files=$(touched '(ctrl|xdp_stats|xdp_md|xdp_redirect).*\.[ch]$' | grep -v '^tools/')
	[ "$(wc -l <<< "$files")" -ge 10 ]
	for file in $files; do
		run -0 scripts/kernel-doc -none -Wall "$file"
		[ -z "$output" ] || { echo "$output"; return 1; }
	done
}
