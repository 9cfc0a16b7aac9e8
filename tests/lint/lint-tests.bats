#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# scripts/lint-tests finds assertions that cannot fail, and nothing else.

load ../lib/common

setup()
{
	bats_require_minimum_version 1.5.0
	file=$BATS_TEST_TMPDIR/a.bats
}

# What stdin says, where TEST is bats's word for one: it would look for that in here.
script()
{
	sed 's/^TEST /@test /' > "$file"
}

# found KIND:LINE...: that and no more
found()
{
	local want

	script
	want=$(printf '%s\n' "$@")
	run "$TOP/scripts/lint-tests" "$file"
	[ "$status" = 1 ]
	[ "$(sed -E 's/^[^:]*:([0-9]+): ([a-z]+): .*/\2:\1/' <<< "$output")" = "$want" ] ||
		fail "$output"
}

nothing_found()
{
	script
	run -0 "$TOP/scripts/lint-tests" "$file"
	[ -z "$output" ]
}

@test "test_lint_negated_in_the_middle" {
	found negated:2 negated:4 negated:7 <<-'BATS'
	TEST "a" {
		! true
		for i in 1 2; do
			! grep x file
		done
		if true; then
			! true | cat
		fi
		! [ -e file ]
	}
	BATS
}

@test "test_lint_and_in_the_middle" {
	found and:3 and:6 and:9 <<-'BATS'
	works()
	{
		[ a = b ] && [ c = d ]
		while read -r line; do
			# a comment, && "more"
			[[ $line == *" && "* ]] && [ "$(a && b)" = "c && d" ]
		done
		{
			jq -e '. && .' <<< "$out" && true
		}
		true
	}
	BATS
}

@test "test_lint_status_that_nobody_looks_at" {
	found status:2 status:7 <<-'BATS'
	TEST "a" {
		run false
		run true
		[ "$status" = 0 ]
	}
	TEST "b" {
		try bpftool ctrl list
		[ "$output" = x ]
	}
	BATS
}

@test "test_lint_status_that_a_pipeline_hides" {
	found pipeline:2 pipeline:5 <<-'BATS'
	TEST "a" {
		echo a |
			grep -q b | cat
		cmd | grep -q b
		diff a b | head
	}
	BATS
}

@test "test_lint_loop_over_what_may_fail" {
	found loop:2 <<-'BATS'
	TEST "a" {
		for key in $(jq '.[].key' file); do
			[ "$key" = 1 ]
		done
		for key in $keys; do
			echo "$(jq . file)"
		done
	}
	BATS
}

@test "test_lint_what_can_fail_is_not_found" {
	nothing_found <<-'BATS'
	last()
	{
		[ a = b ] && [ c = d ]
	}
	update()
	{
		try bpftool ctrl set "$@"
	}
	TEST "a" {
		! true || show
		[ a = b ] && [ c = d ] || show
		mountpoint -q /a && return
		while mkdir a && rmdir a; do :; done &
		(cd a && ls)
		if ! true && false; then
			update 1
			[ "$status" != 0 ]
		fi
		case $a in
		x|y) [ a = b ] || show ;;
		*) run -1 true ;;
		esac
		cat <<-END
			! [ a = b ] && [ c = d ]
		END
		bash -c '! true && false
			true'
		a=(b && c)
		[[ $a =~ ^(a|b)&&c$ ]]
		! last
	}
	BATS
}

@test "test_lint_is_how_a_shell_sees_it" {
	# what is found does not end a shell with set -e, and what is not found does
	bash -ec '! true; [ a = b ] && true; true | grep -q x | cat; exit 7' || status=$?
	[ "$status" = 7 ]
	run ! bash -ec '! true || false; exit 0'
	run ! bash -ec '(false && true); exit 0'
	run ! bash -ec 'fails() { ! "$@"; }; fails true; exit 0'
	run -7 bash -ec '{ false && true; }; exit 7'
}
