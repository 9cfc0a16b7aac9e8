#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um-7.3 um-debug-7.3
#
# Why a control map is not created, in the log that bpf(2) writes since Linux 7.3.

load ../lib/command

says()
{
	local wanted=$1 got

	shift
	got=$(createlog "$@")
	[ "$got" = "$wanted" ] || { echo "$*: $got"; return 1; }
}

@test "test_create_log_says_which_attribute_it_was" {
	says ""
	says "EOPNOTSUPP: This kernel has no such control type." ctrl_type=4711
	says "E2BIG: value_size is larger than a page." value_size=0x100000
	says "EINVAL: The control type has no keys, or no values, of that size." key_size=5
	says "EINVAL: The control type has no keys, or no values, of that size." value_size=12
	says "EINVAL: A control map takes no flags but BPF_F_RDONLY and BPF_F_WRONLY." map_flags=1
	says "EINVAL: A control map takes no BTF, it has the kernel's." btf_fd=1
	says "EINVAL: A control map takes no map_ifindex and no inner_map_fd." map_ifindex=1
}

@test "test_create_log_says_which_capability_it_was" {
	local says="EPERM: The control type takes CAP_NET_ADMIN in the network namespace."

	[ "$(without net_admin createlog ctrl_type=1)" = "$says" ]
}
