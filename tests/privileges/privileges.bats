#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um x86_64
#
# Who may create (without that: "-"), read (r) and set (s) with a control map, and by having it
# make the kernel count (n): build/tests/tools/whocan. A token delegates BPF, and a
# container is root of its own network namespace; what is the whole machine's is for neither.

# shellcheck disable=SC2154 # set by run
load ../lib/command

# may TABLE TYPE...: this is what anybody may do with these types
may()
{
	run "$TOP/build/tests/tools/whocan" "${@:2}"
	[ "$status" = 0 ] || fail "$output"
	diff -bu <(echo "$1") <(echo "$output")
}

@test "test_privileges" {
	may "\
                            registry  xdp_stats  xdp_attr  cgroup  socket_filter
root                        r         rn         rs        r       rs
CAP_BPF                     r         -          -         -       -
CAP_NET_ADMIN               -         -          -         -       -
CAP_BPF, CAP_NET_ADMIN      r         rn         rs        r       rs
CAP_BPF, CAP_PERFMON        r         -          -         -       -
nobody                      -         -          -         -       -
user namespace              -         -          -         -       -
user namespace, token       r         -          -         -       -
container                   -         -          -         -       -
container, token            r         r          rs        -       rs" \
		registry xdp_stats xdp_attr cgroup socket_filter
}

# Another type has a table here or in the folder of its name.
@test "test_privileges_of_all_types" {
	json 'map(.type) - [ "kprobe", "test" ] | sort ==
		[ "cgroup", "registry", "socket_filter", "xdp_attr", "xdp_stats" ]' ctrl list
}
