#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: debian-6.12 debian-7.3
# boot: own
#
# A kernel without control maps and, for its JIT is off, without BPF programs that follow
# functions, as those for User-mode Linux or 32-bit Arm are: it can't count XDP, and says so;
# the rest works.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

setup_file()
{
	echo 0 > /proc/sys/net/core/bpf_jit_enable
	prog setdrop 1
	pair set0 set1
}

@test "test_no_fexit_xdp_cannot_be_counted" {
	refuses "can't count XDP: this kernel can't have BPF programs follow bpf_dispatcher_xdp_func() (no fexit, or no BPF JIT)" \
		xdp set stats on
	[ -z "$(find /sys/fs/bpf -name 'bpftool_ctrl*')" ]
	json 'all(.name != "count_run")' prog show
	# it is off already
	works bpftool ctrl xdp set stats off
}

@test "test_no_fexit_attributes_are_there" {
	bpftool net attach xdpdrv pinned /sys/fs/bpf/setdrop dev set0
	json '.[0] | .mode == "native" and .stats == {} and (.features | index("redirect"))' \
		ctrl xdp show dev set0
	json 'map(select(.ifname == "set0"))[0].value.mode == "BPF_CTRL_XDP_MODE_NATIVE"' ctrl dump xdp_attr
	bpftool net detach xdpdrv dev set0
}

@test "test_no_fexit_rings_work_all_the_same" {
	json '.method == "GRO of its peer"' ctrl xdp set redirect-rings dev set1 num 1
	json '.[0].redirect_rings | .num == 1 and .granted.num == 1' ctrl xdp show dev set1
	[[ $(ethtool -k set0) == *"generic-receive-offload: on"* ]]
	works bpftool ctrl xdp set redirect-rings dev set1 num 0
	[[ $(ethtool -k set0) == *"generic-receive-offload: off"* ]]
}
