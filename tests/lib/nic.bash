# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# What tests with NICs share (vm/run --nic MODEL): packets arrive at dut/d0, whose XDP program
# redirects them into dut/eth0, and far/eth1, which that is connected to, receives them.

# shellcheck disable=SC2154 # set by run
# shellcheck source-path=SCRIPTDIR source=traffic.bash
. "${BASH_SOURCE[0]%/*}/traffic.bash"

nic_setup()
{
	namespaces src dut far
	load_programs
	bpftool ctrl xdp set stats on
	pair src/s0 dut/d0
	attach native dut/d0 to_dev
	nic_take "$1"
}

# nic_take DRIVER: both devices, as they are when they have come
nic_take()
{
	[ "$(ethtool -i eth0 | sed -n 's/^driver: //p')" = "$1" ] || fail "eth0 is no $1"
	ip link set eth0 netns dut
	ip link set eth1 netns far
	# unlike veth these know whose frames are not theirs
	ip -n dut link set eth0 promisc on
	ip -n far link set eth1 promisc on
	nic_up
	target devs 0 dut/eth0
}

# nic_load DRIVER: the module, as vm/init has loaded it
nic_load()
{
	insmod "$(find "$TOP/build/$CTRL_TEST_KERNEL/drivers/net" -name "$1.ko")"
	wait_for test -e /sys/class/net/eth0
	wait_for test -e /sys/class/net/eth1
	nic_take "$1"
}

# nic_up: eth0, and what is sent to it arrives
nic_up()
{
	up dut/eth0 far/eth1
}

# rings WORD...: set redirect rings of eth0.
rings()
{
	on dut bpftool ctrl xdp set redirect-rings dev eth0 "$@"
}

# refused TEXT WORD...: they are, with the text as the reason
refused()
{
	local text=$1

	shift
	run rings "$@"
	[ "$status" != 0 ] || fail "rings $* should be refused"
	[ "$output" = "Error: can't set redirect rings of device 'eth0': $text" ] ||
		fail "rings $* should be refused with '$text': $output"
}

# shows FILTER: what "xdp show" says about eth0 is so
shows()
{
	on dut bpftool -j ctrl xdp show dev eth0 | jq -e ".[0] | $1" > /dev/null ||
		fail "not so: $1: $(on dut bpftool -j ctrl xdp show dev eth0)"
}

# no_program: nobody sees one
no_program()
{
	shows '.mode == "none" and (has("prog_id") | not)'
	[[ $(ip -n dut link show eth0) != *xdp* ]]
	[[ $(on dut bpftool net show) != *eth0* ]]
}

# arrive N: of N frames that are redirected into eth0 all arrive; lost: of 50 none does.
arrive()
{
	frames "$1" 100 src/s0 "far/eth1=$1"
}

lost()
{
	frames -w 0 50 100 src/s0 far/eth1=0
}

# counts_both COMMAND COUNTER NIC_COUNTER N: it adds N to either, the core's and the NIC's
counts_both()
{
	local before own

	before=$(counter "$2")
	own=$(nic_counter "$3")
	$1
	[ $(($(counter "$2") - before)) = "$4" ] || fail "$2 is not $4 more: $before, $(counter "$2")"
	[ $(($(nic_counter "$3") - own)) = "$4" ] || fail "the NIC's $3 is not $4 more: $own, $(nic_counter "$3")"
}

# nic_counter NAME: of the NIC's own statistics, over all queues
nic_counter()
{
	on dut ethtool -S eth0 | awk -F: -v name="$1" '
		{ gsub(/^ +| +$/, "", $1) }
		$1 == name { sum += $2 }
		END { print sum + 0 }'
}

# counter NAME: of "xdp stats"
counter()
{
	on dut bpftool -j ctrl xdp stats dev eth0 | jq ".[0].stats.$1 // 0"
}

# received N: of 100 frames that arrive at the NIC so many get to the stack
received()
{
	frames 100 100 far/eth1 "dut/eth0=$1"
}

# redirects_to_another COUNTER: what arrives at the NIC is sent by dut/d0, by either's counters
redirects_to_another()
{
	local before

	target target 0 dut/d0
	on src ethtool -K s0 gro on
	attach native dut/eth0 to_ifindex
	nic_up
	before=$(sent_by_d0)
	counts_both "frames 100 100 far/eth1 src/s0=100" redirect "$1" 100
	[ $(($(sent_by_d0) - before)) = 100 ] || fail "d0 sent $(sent_by_d0), before $before"
	on src ethtool -K s0 gro off
}

sent_by_d0()
{
	on dut bpftool -j ctrl xdp stats dev d0 | jq '.[0].stats.xmit_packets // 0'
}

# generic_is_counted: programs of generic XDP, to the packet
generic_is_counted()
{
	local action before

	for action in pass:100 drop:0; do
		attach generic dut/eth0 "${action%:*}"
		before=$(counter "${action%:*}")
		received "${action#*:}"
		[ $(($(counter "${action%:*}") - before)) = 100 ] || fail "${action%:*}: not 100"
		detach generic dut/eth0
	done
}

# rings_are_a_program: of a kernel without control maps, which people see
rings_are_a_program()
{
	lost
	shows '.redirect_rings | .num == 0 and .by == "core"'

	[ "$(rings num 1)" = "eth0 takes redirected packets by an XDP program that passes all" ] ||
		fail "it should say how packets are taken"
	shows '.mode == "native" and .redirect_rings.num == 1'
	nic_up
	arrive 200
	received 100
	rings num 0
	no_program
	nic_up
	lost
	nothing_pinned
}

# mtu_is_too_large: for that program. What the driver says is not among what a link tells.
mtu_is_too_large()
{
	ip -n dut link set eth0 mtu 9000
	nic_up
	fails rings num 1
	shows '.mode == "none" and .redirect_rings.num == 0'
	ip -n dut link set eth0 mtu 1500
	nic_up
	nothing_pinned
}

nothing_pinned()
{
	[ -z "$(find /sys/fs/bpf -name 'bpftool_ctrl_rings*')" ] || fail "rings are pinned"
}
