# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# The samples in docs/json.md: blocks of a line "$ COMMAND" and of the JSON that it prints.

# split_samples: the Nth into $BATS_TEST_TMPDIR/N.command and N.json
split_samples()
{
	local doc=$BATS_TEST_DIRNAME/../../docs/json.md

	awk -v dir="$BATS_TEST_TMPDIR" '
		/^```/ { file = ""; next }
		sub(/^\$ /, "") { file = dir "/" ++n; print > (file ".command"); next }
		file { print > (file ".json") }' "$doc"
	[ "$(grep -c '^```' "$doc")" = $(($(cat "$BATS_TEST_TMPDIR"/*.command | wc -l) * 2)) ]
}

# shape FILE: of the JSON in it the path of each member and element, and what type is there
shape()
{
	jq -cs '[ paths as $path | [ ($path | map(if type == "number" then 0 else . end)),
		(getpath($path) | type) ] ] | unique | .[]' "$1"
}

# samples_are_true FILE.command...: these commands print JSON of the shape that is shown
samples_are_true()
{
	local command sample

	for command; do
		sample=${command%.command}
		echo "$(< "$command")"
		# an error is a sample, too
		bash -c "$(< "$command")" > "$sample.real" || true
		shape "$sample.json" > "$sample.wanted"
		shape "$sample.real" > "$sample.got"
		[ -s "$sample.wanted" ]
		diff "$sample.wanted" "$sample.got"
	done
}
