#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# The BTF that a control map has is enough: no command loads the megabytes of vmlinux's.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/btf

setup_file()
{
	bpftool ctrl xdp set stats on
	prog btfdrop 1
	pair btf0 btf1
	bpftool net attach xdpdrv pinned /sys/fs/bpf/btfdrop dev btf0
}

@test "test_btf_of_vmlinux_is_noticed_if_opened" {
	opens_vmlinux bpftool struct_ops show
	[[ $opened == *'"/sys/kernel/btf/vmlinux"'* ]]
	opens_vmlinux bpftool btf show
	[[ $opened == *BPF_BTF_GET_FD_BY_ID* ]]
}

@test "test_btf_of_vmlinux_is_not_loaded_to_read" {
	loads_no_vmlinux ctrl list
	loads_no_vmlinux ctrl dump registry
	loads_no_vmlinux ctrl dump xdp_stats
	loads_no_vmlinux ctrl watch xdp_stats interval 0.1 count 1
	loads_no_vmlinux ctrl pin xdp_stats /sys/fs/bpf/btf_test
	loads_no_vmlinux ctrl schema xdp_attr format c
	loads_no_vmlinux ctrl schema xdp_attr format json
	loads_no_vmlinux ctrl xdp show
	loads_no_vmlinux ctrl xdp stats dev btf0
	loads_no_vmlinux ctrl xdp metadata dev btf0 format c
	loads_no_vmlinux ctrl cgroup show
	loads_no_vmlinux ctrl socket show
}

@test "test_btf_of_vmlinux_is_not_loaded_to_set" {
	loads_no_vmlinux ctrl set xdp_attr key btf1 command SETUP_REDIRECT rings.num 1
	bpftool -j ctrl dump xdp_attr key btf1 |
		jq '.[0].value |= (.command = "SETUP_REDIRECT" | .rings.num = 0)' \
		> "$BATS_TEST_TMPDIR/attr.json"
	loads_no_vmlinux ctrl apply "$BATS_TEST_TMPDIR/attr.json"
	[[ $out == *"1 changed, 0 unchanged, 0 failed" ]] || show
	loads_no_vmlinux ctrl xdp set redirect-rings dev btf1 num 1
	loads_no_vmlinux ctrl xdp set metadata dev btf1 on
	loads_no_vmlinux ctrl xdp set stats on
}
