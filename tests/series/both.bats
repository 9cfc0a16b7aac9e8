#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: host
#
# The series for 6.12 and for 7.3: topics as they are mailed, and one interface. What
# compares the kernels is skipped where the source of 7.3 can't be had.

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

# header KERNEL DIR: the UAPI headers of control maps as the patches make them, in DIR, and
# what they add to others in DIR/bpf.h
header()
{
	local patch list

	list=$(scripts/series-list "kernel-patch/$1")
	mkdir -p "$2"
	for patch in $list; do
		(cd "$2" && git apply --include='include/uapi/linux/bpf_ctrl.h' \
			--include='tools/include/uapi/linux/bpf_ctrl.h' "$OLDPWD/kernel-patch/$1/$patch")
		awk '/^diff --git / { inside = $3 ~ "/uapi/linux/bpf.h$" } inside && /^[-+][^-+]/' \
			"kernel-patch/$1/$patch" >> "$2/bpf.h"
	done
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
	local wanted="fixes fixes-drivers core xdp-stats xdp-redirect xdp-metadata cgroup socket-filter probes tools"

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
			total=$(sed -nE '1s,^Subject: \[PATCH( [a-z-]+)? 0+/([0-9]+)\] .+,\2,p' \
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
		list=$(patches $kernel fixes; patches $kernel fixes-drivers)
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
	local kernel

	for kernel in 6.12 7.3; do
		header $kernel "$BATS_TEST_TMPDIR/$kernel"
		grep -q BPF_MAP_TYPE_CONTROL "$BATS_TEST_TMPDIR/$kernel/bpf.h"
		grep -q 'struct bpf_ctrl_info {' "$BATS_TEST_TMPDIR/$kernel/include/uapi/linux/bpf_ctrl.h"
		cmp "$BATS_TEST_TMPDIR/$kernel"/{,tools/}include/uapi/linux/bpf_ctrl.h
	done
	diff -r "$BATS_TEST_TMPDIR/6.12" "$BATS_TEST_TMPDIR/7.3"
}

@test "test_series_btf_of_both_kernels_is_the_same" {
	[ -e build/um-7.3/linux ] || skip "there is no kernel um-7.3"
	ctrl_types build/um/linux > "$BATS_TEST_TMPDIR/6.12"
	ctrl_types build/um-7.3/linux > "$BATS_TEST_TMPDIR/7.3"
	grep -q 'struct bpf_ctrl_xdp_stats {' "$BATS_TEST_TMPDIR/6.12"
	diff "$BATS_TEST_TMPDIR/6.12" "$BATS_TEST_TMPDIR/7.3"
}
