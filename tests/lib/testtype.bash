# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# The control type "test" that no tool knows, of a module of the kernel's own selftests
# (bpf_test_ctrl.c), loaded for a file of tests. Objects 1 to 8; 4 and 5 can't be set
# (EPERM, ENOSPC), 6 can't be
# read (EIO), 7 is read-only, and of 8 the member pair is.

# shellcheck disable=SC2154 # set by command

load_test_type()
{
	insmod "$TOP/build/$CTRL_TEST_KERNEL/bpf_test_ctrl/bpf_test_ctrl.ko"
	bpftool ctrl list test > /dev/null
}

# is KEY FILTER: it holds for the value
is()
{
	[ "$(value test "$1" "$2")" = true ] || fail "$(value test "$1")"
}
