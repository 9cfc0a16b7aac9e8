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
