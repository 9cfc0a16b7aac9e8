# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# What tests with virtio_net devices (vm/run --net) share: packets arrive at dut/d0, whose
# XDP program redirects them into a device of namespace dut; the device that this is
# connected to, in namespace far, receives them.

# shellcheck disable=SC2154 # set by run
# shellcheck source-path=SCRIPTDIR source=traffic.bash
. "${BASH_SOURCE[0]%/*}/traffic.bash"

virtio_setup()
{
	local dev

	[ -e /sys/class/net/eth3 ] ||
		fail "no eth2 and eth3: this machine allows no network namespace with taps"
	namespaces src dut far
	load_programs
	# promisc: unlike veth these know whose frames are not theirs
	for dev in eth0 eth2; do
		ip link set "$dev" netns dut
		ip -n dut link set "$dev" promisc on up
	done
	for dev in eth1 eth3; do
		ip link set "$dev" netns far
		ip -n far link set "$dev" promisc on up
	done
	pair src/s0 dut/d0
	attach native dut/d0 to_dev
}

# on_each_cpu COMMAND...: the packets it sends are dealt with on its CPU.
on_each_cpu()
{
	local cpu

	for cpu in /sys/devices/system/cpu/cpu[0-9]*; do
		taskset -pc "${cpu##*cpu}" "$BASHPID" > /dev/null
		"$@"
	done
	taskset -pc 0-1023 "$BASHPID" > /dev/null
}

# forwarded N DEV PEER: N frames redirected into DEV arrive at PEER.
forwarded()
{
	target devs 0 "dut/$2"
	frames "$1" 100 src/s0 "far/$3=$1"
}

# combined DEV: its queue pairs, those of XDP included
combined()
{
	on dut ethtool -l "$1" | sed -n 's/^Combined:[[:space:]]*//p' | tail -n 1
}

# rings DEV NUM [SIZE]: set its redirect rings.
rings()
{
	on dut bpftool ctrl xdp set redirect-rings dev "$1" num "$2" ${3:+size "$3"}
}

# attr DEV FILTER: what jq makes of its XDP attributes
attr()
{
	on dut bpftool -j ctrl dump xdp_attr key "$1" | jq -c ".[0].value | $2"
}

# has_rings DEV WANTED GRANTED MAX: numbers of redirect rings
has_rings()
{
	[ "$(attr "$1" '[.rings.num, .rings_granted.num, .rings_max.num]')" = "[$2,$3,$4]" ] ||
		fail "$1 should have $2 rings and $3 of at most $4: $(attr "$1" .)"
}

# ndo_xmit DEV BIT: whether tools see that packets can be redirected into it
ndo_xmit()
{
	[ "$(attr "$1" '(.features / 4 | floor) % 2')" = "$2" ]
}

# refused TEXT DEV NUM [SIZE]: the rings are refused, with the text in the reason, and
# nothing changes.
refused()
{
	local text=$1 dev=$2 before queues

	shift
	before=$(attr "$dev" .)
	queues=$(combined "$dev")
	run rings "$@"
	[ "$status" != 0 ] || fail "rings $* should be refused"
	[[ $output == *"$text"* ]] || fail "rings $* should be refused with '$text': $output"
	[ "$(attr "$dev" .)" = "$before" ] || fail "rings $* changed $before to $(attr "$dev" .)"
	[ "$(combined "$dev")" = "$queues" ]
}
