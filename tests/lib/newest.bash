# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# The newest clients that there are (scripts/fetch-newest), in a tree of their own that has
# this machine's devices and files of this repository besides.

# shellcheck disable=SC2154 # of common.bash

NEWEST=$TOP/build/newest

enter_newest()
{
	local dir

	for dir in /proc /sys /dev /tmp; do
		mount --rbind "$dir" "$NEWEST$dir"
	done
	mkdir -p "$NEWEST$TOP"
	mount --bind "$TOP" "$NEWEST$TOP"
}

# newest COMMAND...: there. For one in the background, whose process is to be known, there are
# the words.
IN_NEWEST=(env PATH=/usr/sbin:/usr/bin chroot "$NEWEST")
newest()
{
	"${IN_NEWEST[@]}" "$@"
}

# at_least PACKAGE VERSION: it is this, or newer
at_least()
{
	local version

	version=$(sed -n "s/^$1 \([0-9]*:\)\?//p" "$NEWEST/versions")
	[ "$(printf '%s\n' "$2" "$version" | sort -V | head -n 1)" = "$2" ] ||
		fail "$1 is of version '$version', which is older than $2"
}
