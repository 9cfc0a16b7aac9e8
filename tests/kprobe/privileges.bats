#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: x86_64
#
# As tests/privileges. Probes are the whole machine's, and show addresses of the kernel: to see
# them takes CAP_PERFMON, to pause somebody's CAP_SYS_ADMIN.

# shellcheck disable=SC2154 # set by run
load ../lib/command

@test "test_kprobe_privileges" {
	run "$TOP/build/tests/tools/whocan" kprobe
	[ "$status" = 0 ] || fail "$output"
	diff -bu - <(echo "$output") << "END"
                            kprobe
root                        rs
CAP_BPF                     -
CAP_NET_ADMIN               -
CAP_BPF, CAP_NET_ADMIN      -
CAP_BPF, CAP_PERFMON        r
nobody                      -
user namespace              -
user namespace, token       -
container                   -
container, token            -
END
}
