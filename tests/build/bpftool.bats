#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
# shellcheck disable=SC2154 # set by run
#
# What is made again of the tool when the kernel's series changes.

setup()
{
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_DIRNAME/../.." || return
	tool=$(pwd)/build/bpftool
	header=$(cd build/linux && pwd)/tools/include/uapi/linux/bpf_ctrl.h
}

# Programs and types that are loaded into a kernel have its layouts in them.
@test "bpftool: with the UAPI, what is not C is made again, too" {
	local file

	for file in xdp_stats_ctrl.skel.h types_ctrl.btf; do
		run -0 scripts/build-bpftool build/linux build -n "$tool/$file"
		[[ $output != *"skeleton/${file%%.*}.bpf.c"* ]]
		run -0 scripts/build-bpftool build/linux build -n -W "$header" "$tool/$file"
		[[ $output == *"skeleton/${file%%.*}.bpf.c"* ]]
	done
}
