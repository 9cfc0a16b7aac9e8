#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# shellcheck disable=SC2154 # set by run
#
# scripts/series-diff, with trees of one file.

setup()
{
	bats_require_minimum_version 1.5.0
	export GIT_CONFIG_GLOBAL=$BATS_TEST_TMPDIR/config
	git config --global user.name tests
	git config --global user.email tests@localhost
	diff=$BATS_TEST_DIRNAME/../../scripts/series-diff
	cd "$BATS_TEST_TMPDIR" || return
}

# tree NAME LINE...: a commit for each on top of a base of its own
tree()
{
	local dir=$1 line

	shift
	git init -q -b base "$dir"
	printf '%s\n' 1 2 3 4 5 6 7 8 > "$dir/$dir-only"
	git -C "$dir" add -A
	git -C "$dir" commit -q -m base
	git -C "$dir" checkout -q -b series
	for line; do
		printf '%s\n' "${line#*:}" same same same same > "$dir/${line%:*}"
		git -C "$dir" add -A
		git -C "$dir" commit -q -m "add ${line%:*}"
	done
}

@test "series-diff: what is in one only, and what differs" {
	tree a one:1 two:2 three:3
	tree b one:1 three:4
	run -0 "$diff" a b
	echo "$output"
	grep -qE '^1: +[0-9a-f]+ = +1: +[0-9a-f]+ add one$' <<< "$output"
	grep -qE '^2: +[0-9a-f]+ < +-: +-+ add two$' <<< "$output"
	grep -qE '^3: +[0-9a-f]+ ! +2: +[0-9a-f]+ add three$' <<< "$output"
	grep -qE '^    \++\+4$|^    -\+3$' <<< "$output"
	# neither tree has anything of the other
	run -1 git -C a cat-file -e "$(git -C b rev-parse series)"
	[ "$(git -C a for-each-ref | wc -l)" = 2 ]
}

@test "series-diff: a tree that was not made" {
	tree a one:1
	run -1 "$diff" a b
	[ "$output" = "error: no b: make series-edit makes it" ]
}
