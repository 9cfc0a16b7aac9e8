#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# bpftool ctrl cgroup: words that are refused, and paths of no cgroup.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

@test "test_cgroup_errors" {
	local some="expected 'id', 'path' or 'prog', got: 'some'"

	refuses "$some" cgroup show some
	refuses "expected 'id', 'path' or 'prog', got: 'all'" cgroup show all
	refuses "ambiguous word 'p': path or prog" cgroup show p 1
	refuses "unexpected word 'more'" cgroup show id 1 more
	refuses "'id' needs a number" cgroup show id
	refuses "'path' needs a directory" cgroup show path
	refuses "'prog' needs a number" cgroup show prog
	refuses "can't parse id 'x': not a number or too large" cgroup show id x
	refuses "can't parse id '-1': not a number or too large" cgroup show id -1
	refuses "can't parse id '18446744073709551616': not a number or too large" \
		cgroup show id 18446744073709551616
	refuses "can't parse prog 'egress': not a number or too large" cgroup show prog egress
	refuses "can't parse prog '4294967296': not a number or too large" cgroup show prog 4294967296
	refuses "can't find cgroup '/nowhere': No such file or directory" cgroup show path /nowhere
	refuses "can't find cgroup '/proc': not in a cgroup2 file system" cgroup show path /proc
	refuses "unknown command 'set', see 'bpftool ctrl help'" cgroup set
}
