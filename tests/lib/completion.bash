# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# What bash completes, by asking it: $COMPLETION is loaded, and the function that it
# registers is called as bash does when TAB is pressed.

# shellcheck disable=SC2154 # set by try
COMPLETION=$BATS_TEST_DIRNAME/../../build/bash-completion/bpftool

# complete_words WORD...: what may be the last WORD, sorted, in $got
complete_words()
{
	# shellcheck disable=SC2016 # for the other shell
	works bash -c '
		source /usr/share/bash-completion/bash_completion
		source "$1"
		shift
		[[ $(complete -p bpftool) =~ -F\ ([^ ]+)\ bpftool$ ]] || exit
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_TYPE=9
		COMP_POINT=${#COMP_LINE}
		"${BASH_REMATCH[1]}" bpftool "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
		printf "%s\n" "${COMPREPLY[@]}"
	' bash "$COMPLETION" bpftool "$@"
	got=$(sort -u <<< "$out" | xargs)
}

# tab WANTED WORD...
tab()
{
	local wanted=$1

	shift
	complete_words "$@"
	[ "$got" = "$(tr ' ' '\n' <<< "$wanted" | sort -u | xargs)" ] || {
		echo "words: $*"
		echo "got: $got, wanted: $wanted"
		return 1
	}
}

# tab_has WANTED WORD...: among others
tab_has()
{
	local word wanted=$1

	shift
	complete_words "$@"
	for word in $wanted; do
		[[ " $got " == *" $word "* ]] || {
			echo "words: $*, no $word in: $got"
			return 1
		}
	done
}
