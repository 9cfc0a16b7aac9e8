#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: host
#
# The series for 6.12 and for 7.3: topics as they are mailed, and one interface. What
# compares the patched trees and kernels is skipped where the source of 7.3 is not.

# shellcheck disable=SC2154 # output is set by run
setup()
{
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_DIRNAME/../.." || exit
}

topics()
{
	scripts/series-list "kernel-patch/$1" | sed 's,/.*,,' | uniq
}

# The patches of a topic of one kernel
patches()
{
	scripts/series-list "kernel-patch/$1" | grep "^$2/"
}

# The lines that the series adds to a UAPI header: FILE SUFFIX
added()
{
	local differences

	# 1: they differ
	run -1 diff -N "build/linux-base$2/$1" "build/linux$2/$1"
	differences=$output
	sed -n 's/^> //p' <<< "$differences"
}

need_both()
{
	ls build/linux/Makefile build/linux-7.3/Makefile > /dev/null 2>&1 || skip "the source of 7.3 is not there"
}

# Types of control maps in the BTF of a kernel, each on a line of its own
ctrl_types()
{
	build/bin/bpftool btf dump file "$1" format c | awk '
		/^(struct|enum) bpf_ctrl_[a-z0-9_]+ \{/ { block = ""; inside = 1 }
		inside { block = block " " $0 }
		inside && /^}/ { print block; inside = 0 }
		/^typedef .* bpf_ctrl_[a-z0-9_]+;/' | sort
}

@test "test_series_topics_are_those_of_the_other_kernel" {
	local wanted="fixes core xdp-stats xdp-redirect xdp-metadata cgroup socket-filter probes tools"

	[ "$(topics 6.12 | xargs)" = "$wanted" ]
	[ "$(topics 7.3 | xargs)" = "$wanted" ]
}

@test "test_series_names_every_patch_and_no_other" {
	local kernel

	for kernel in 6.12 7.3; do
		diff <(scripts/series-list kernel-patch/$kernel | sort) \
			<(cd kernel-patch/$kernel && find . -name '*.patch' ! -name '0000-*' | sed 's,^\./,,' | sort)
	done
}

@test "test_series_topic_has_a_cover_letter_and_at_most_15_patches" {
	local kernel list topic count total

	for kernel in 6.12 7.3; do
		list=$(topics $kernel)
		for topic in $list; do
			count=$(patches $kernel "$topic" | wc -l)
			[ "$count" -le 15 ]
			total=$(sed -nE '1s,^Subject: \[PATCH 0+/([0-9]+)\] .+,\1,p' \
				"kernel-patch/$kernel/$topic/0000-cover-letter.patch")
			[ "$total" = "$count" ] || {
				echo "$kernel/$topic: $count patches, the cover letter says '$total'"
				false
			}
		done
	done
}

@test "test_series_fixes_say_what_they_fix" {
	local kernel list patch

	for kernel in 6.12 7.3; do
		list=$(patches $kernel fixes)
		for patch in $list; do
			grep -qE '^Fixes: [0-9a-f]{12} \(".+"\)$' "kernel-patch/$kernel/$patch"
		done
	done
	for patch in kernel-patch/*/*/0*.patch; do
		run grep -n '^Topic:' "$patch"
		[ "$status" = 1 ]
	done
}

@test "test_series_adds_the_same_to_the_uapi" {
	local file

	need_both
	for file in include/uapi/linux tools/include/uapi/linux; do
		cmp "build/linux/$file/bpf_ctrl.h" "build/linux-7.3/$file/bpf_ctrl.h"
		added "$file/bpf.h" "" > "$BATS_TEST_TMPDIR/6.12"
		added "$file/bpf.h" -7.3 > "$BATS_TEST_TMPDIR/7.3"
		grep -q BPF_MAP_TYPE_CONTROL "$BATS_TEST_TMPDIR/6.12"
		diff "$BATS_TEST_TMPDIR/6.12" "$BATS_TEST_TMPDIR/7.3"
	done
}

@test "test_series_btf_of_both_kernels_is_the_same" {
	need_both
	[ -e build/um-7.3/linux ] || skip "no kernel um-7.3"
	ctrl_types build/um/linux > "$BATS_TEST_TMPDIR/6.12"
	ctrl_types build/um-7.3/linux > "$BATS_TEST_TMPDIR/7.3"
	grep -q 'struct bpf_ctrl_xdp_stats {' "$BATS_TEST_TMPDIR/6.12"
	diff "$BATS_TEST_TMPDIR/6.12" "$BATS_TEST_TMPDIR/7.3"
}
