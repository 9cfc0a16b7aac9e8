#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# Help, manual page and completion say the same.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

# usage WORD...: usage lines of "bpftool ctrl WORD... help" and of what it refers to,
# one blank between words
usage()
{
	local line level

	bpftool ctrl "$@" help 2>&1 |
		sed -nE 's/^(Usage:)? *bpftool ctrl +//p' | tr -s ' ' > "$BATS_TEST_TMPDIR/usage-$*"
	while IFS= read -r line; do
		if [[ $line =~ ^(.*[a-z])\ \{\ [A-Z]+\ \|\ help\ \}$ ]]; then
			read -ra level <<< "${BASH_REMATCH[1]}"
			[ "${level[*]}" = "$*" ] || usage "${level[@]}"
		elif [[ $line != *help ]]; then
			printf '%s\n' "$line"
		fi
	done < "$BATS_TEST_TMPDIR/usage-$*"
}

# The same lines of the manual page.
manual()
{
	sed -nE '/^CTRL COMMANDS/,/^DESCRIPTION/s/^\| \*\*bpftool\*\* \*\*ctrl //p' \
		"$BATS_TEST_DIRNAME/../../docs/bpftool-ctrl.rst" | tr -d '*' | grep -v '^help$'
}

setup()
{
	usage | sort -u > "$BATS_TEST_TMPDIR/help"
	manual | sort -u > "$BATS_TEST_TMPDIR/manual"
	[ "$(wc -l < "$BATS_TEST_TMPDIR/help")" -ge 8 ]
	[ "$(wc -l < "$BATS_TEST_TMPDIR/manual")" -ge 8 ]
}

@test "test_sync_help_and_manual_have_the_same_lines" {
	diff "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/manual"
}

@test "test_sync_manual_describes_all" {
	local line

	# in a heading, as help has it
	while IFS= read -r line; do
		sed -n '/^DESCRIPTION/,$p' "$BATS_TEST_DIRNAME/../../docs/bpftool-ctrl.rst" |
			tr -d '*' | tr ',' '\n' | sed 's/^ *//' | grep -qxF "bpftool ctrl $line" || {
			echo "not described: $line"
			return 1
		}
	done < "$BATS_TEST_TMPDIR/manual"
}

@test "test_sync_manual_names_all_commands_in_its_synopsis" {
	local synopsis word words

	synopsis=$(sed -n '/^SYNOPSIS/,/^CTRL COMMANDS/p' "$BATS_TEST_DIRNAME/../../docs/bpftool-ctrl.rst")
	mapfile -t words < <(sed -E 's/^\{ ([a-z]+) \| ([a-z]+) \}.*/\1\n\2/; s/^([a-z]+) .*/\1/' \
		"$BATS_TEST_TMPDIR/manual")
	for word in "${words[@]}"; do
		[[ $synopsis == *"**$word**"* ]]
	done
}

@test "test_sync_manual_is_built_and_looks_like_those_of_bpftool" {
	local page=$BATS_TEST_DIRNAME/../../build/man/bpftool-ctrl.8

	try man -l "$page"
	[ "$status" = 0 ]
	[[ $out == *NAME*SYNOPSIS*"CTRL COMMANDS"*DESCRIPTION*OPTIONS*EXAMPLES*"SEE ALSO"*bpftool-map* ]] || show
	# what bpftool's own Makefile lists
	grep -q 'bpftool\\-ctrl' "$BATS_TEST_DIRNAME/../../build/man/bpftool-map.8"
}

# Word by word along each line of help, completion offers what comes next.
@test "test_sync_completion_knows_what_help_has" {
	local line words word typed

	# shellcheck source=/dev/null
	source "$BATS_TEST_DIRNAME/../../bash-completion/bpftool-ctrl" 2> /dev/null || true
	_filedir() { :; }
	while IFS= read -r line; do
		typed=()
		# of alternatives the first, and what is optional, too
		read -ra words < <(sed -E 's/\{ ([^ |]+)[^}]*\}/\1/g; s/[][]//g; s/ \.\.\.//' <<< "$line")
		for word in "${words[@]}"; do
			if [[ $word != [A-Z]* ]]; then
				# shellcheck disable=SC2034 # of the function
				args=("${typed[@]}") cur=
				_bpftool_ctrl
				[[ " ${COMPREPLY[*]} " == *" $word "* ]] || {
					echo "not after 'bpftool ctrl ${typed[*]}': $word in $line"
					return 1
				}
			fi
			typed+=("$word")
		done
	done < "$BATS_TEST_TMPDIR/help"
}
