#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
# boot: own
#
# "make demo" is the first thing that somebody sees.

# without_tag [FILE]: of the program, which kernels and compilers make differently
without_tag()
{
	sed -E 's/(wire) +[0-9a-f]{16} /\1  TAG /' "$@"
}

@test "test_demo_counts_what_was_sent_and_is_what_the_readme_shows" {
	local line

	demo/run > "$BATS_TEST_TMPDIR/demo"
	without_tag "$BATS_TEST_TMPDIR/demo" > "$BATS_TEST_TMPDIR/out"
	grep -q '^Yes: 100 pings redirected each way, 30 datagrams dropped' "$BATS_TEST_TMPDIR/out"
	# shellcheck disable=SC2016 # these are no commands
	sed -n '/^From `make demo`/,/^The output for people/s/^    //p' README.md | without_tag |
		grep -vx ' *\.\.\.' > "$BATS_TEST_TMPDIR/shown"
	[ "$(wc -l < "$BATS_TEST_TMPDIR/shown")" -gt 10 ]
	while IFS= read -r line; do
		grep -qxF -e "$line" "$BATS_TEST_TMPDIR/out" || { echo "not so: $line"; false; }
	done < "$BATS_TEST_TMPDIR/shown"
}
