#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# bpftool ctrl xdp set metadata, ctrl xdp metadata: what is refused, in words, and changes
# nothing, and what is shown.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

CANNOT="can't set metadata of device"
NONE="its driver does not let timestamp, hash or VLAN tag be put in front of packets"

setup_file()
{
	bpftool ctrl xdp set stats on
	prog xdppass 2
	pair md0 md1
	ip link add none0 type dummy
	ip tuntap add mode tap name tap0
	ip link add bond0 type bond
}

setup()
{
	state=$(bpftool -j ctrl dump xdp_attr)
}

# unchanged: by what the test did
unchanged()
{
	[ "$(bpftool -j ctrl dump xdp_attr)" = "$state" ]
}

# cannot MESSAGE WORD...: setting metadata with these words is refused
cannot()
{
	local message=$1

	shift
	refuses "$message" xdp set metadata "$@"
	unchanged
}

# says_no DEV WORD: in the kernel's words
says_no()
{
	try bpftool ctrl xdp set metadata dev "$1" "$2"
	[ "$status" = 255 ] && [ -z "$out" ] || show
	[[ $err == "Error: $CANNOT '$1': The d"@(evice has no metadata|river lets no metadata be put in front of packets) ]] ||
		show
	unchanged
}

@test "test_set_metadata_device_without" {
	local dev

	for dev in none0 tap0 bond0 lo; do
		says_no "$dev" on
		says_no "$dev" off
		refuses "device '$dev' has no metadata: $NONE" xdp metadata dev "$dev"
		refuses "device '$dev' has no metadata: $NONE" xdp metadata dev "$dev" format c
		json '.[0] | has("metadata") | not' ctrl xdp show dev "$dev"
	done
}

@test "test_set_metadata_generic_program" {
	ip link set md0 xdpgeneric pinned /sys/fs/bpf/xdppass
	state=$(bpftool -j ctrl dump xdp_attr)
	cannot "$CANNOT 'md0': its XDP program is generic, and metadata is for native ones" dev md0 on
	# nothing to be refused
	works bpftool ctrl xdp set metadata dev md0 off
	unchanged
	ip link set md0 xdpgeneric off

	# a program that comes later is not refused for it, nor is what changes nothing
	works bpftool ctrl xdp set metadata dev md0 on
	ip link set md0 xdpgeneric pinned /sys/fs/bpf/xdppass
	works bpftool ctrl xdp set metadata dev md0 on keep
	works bpftool ctrl xdp set metadata dev md0 off
	ip link set md0 xdpgeneric off
}

# root of a user namespace, who is nobody in this network namespace
@test "test_set_metadata_not_permitted" {
	try unshare --user --map-root-user bpftool ctrl xdp set metadata dev md0 on
	[ "$status" != 0 ] && [[ $err == "Error: can't open control type xdp_attr: Operation not permitted: "* ]] || show
	unchanged
}

@test "test_set_metadata" {
	json 'map(select(.ifname == "md0")) == []' ctrl xdp show
	json '. == null' ctrl xdp set metadata dev md0 on
	json '.[0].metadata | .enabled and (.keep | not) and .size == 32 and .btf_id > 0 and .cookie > 0 and
		.type_id > 0 and .supported == [ "rx-timestamp", "rx-hash", "rx-vlan" ]' \
		ctrl xdp show dev md0
	json 'map(select(.ifname == "md0"))[0].metadata.enabled' ctrl xdp show
	works bpftool ctrl xdp show dev md0
	[[ $out == *"  MD  RINGS  FEATURES"*$'\n'"md0  none "*"  on  "* ]] || show
	works bpftool ctrl xdp set metadata on keep dev md0
	json '.[0].metadata | .enabled and .keep' ctrl xdp show dev md0
	works bpftool ctrl xdp show dev md0
	[[ $out == *$'\n'"md0  none "*"  keep  "* ]] || show
	works bpftool ctrl xdp set metadata dev md0 on
	json '.[0].metadata | .enabled and (.keep | not)' ctrl xdp show dev md0
	works bpftool ctrl xdp set metadata dev md0 off
	unchanged
	works bpftool ctrl xdp show dev md0
	[[ $out == *$'\n'"md0  none "*"  off  "* ]] || show
}

# a device that is down has it when it is up
@test "test_set_metadata_down" {
	ip link set md0 down
	works bpftool ctrl xdp set metadata dev md0 on
	ip link set md0 up
	json '.[0].metadata.enabled' ctrl xdp show dev md0
	works bpftool ctrl xdp set metadata dev md0 off
}

@test "test_metadata_plain" {
	works bpftool ctrl xdp metadata dev md0
	[[ $out == "md0: metadata off
	supported: rx-timestamp, rx-hash, rx-vlan
	struct bpf_ctrl_xdp_rx_md: 32 bytes in front of the packet, btf_id "*", type_id "[0-9]* ]] || show
	works bpftool ctrl xdp set metadata dev md0 on keep
	works bpftool ctrl xdp metadata dev md0
	[[ $out == "md0: metadata on, kept for the stack"*", cookie 0x"* ]] || show
	works bpftool ctrl xdp set metadata dev md0 off
}

@test "test_metadata_header" {
	local header

	works bpftool ctrl xdp metadata dev md0 format c
	header=$out
	[[ $out == "/* XDP metadata: struct bpf_ctrl_xdp_rx_md, 32 bytes in front of the packet */"* ]] || show
	gcc -Wall -Wextra -Werror -x c -c -o /dev/null - <<< "$header"
	works bpftool -j ctrl xdp metadata dev md0 format c
	jq -e --arg header "$header"$'\n' '.ifname == "md0" and .format == "c" and
		.schema == $header and .metadata.size == 32' <<< "$out" || show
	# the same type as any other tool finds it
	id=$(jq .metadata.btf_id <<< "$out")
	works bpftool btf dump id "$id"
	[[ $out == *"STRUCT 'bpf_ctrl_xdp_rx_md' size=32 vlen=9"* ]] || show
}

# The proposal's third program.
@test "test_metadata_example" {
	local example="$BATS_TEST_DIRNAME/../../build/examples/xdp_metadata"

	try "$example"
	[ "$status" = 2 ] && [[ $err == *"usage: xdp_metadata DEV"* ]] || show
	try "$example" none0
	[ "$status" = 1 ] && [[ $err == *": Operation not supported" ]] || show
	works "$example" md0
	json ".[0].metadata | .enabled and .btf_id == $out" ctrl xdp show dev md0
	works bpftool ctrl xdp set metadata dev md0 off
}
