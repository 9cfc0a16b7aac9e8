# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# What tests with traffic share: namespaces, devices, programs, frames and counters.
# Nothing but the tests' own frames is on the wires: there is no IPv6, and IPv4 only where a
# test gives an address.

# shellcheck disable=SC2034 # used by the tests
# shellcheck source-path=SCRIPTDIR source=common.bash
. "${BASH_SOURCE[0]%/*}/common.bash"

PROGS=$BPF/progs
MAPS=$BPF/maps

namespaces()
{
	local ns

	for ns; do
		ip netns add "$ns"
		on "$ns" sh -c 'echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
				echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6'
	done
}

# napi DEV...: these receive through NAPI, so that frames can be redirected to their peers.
napi()
{
	local dev

	for dev; do
		on "${dev%/*}" ethtool -K "${dev#*/}" gro on
	done
}

ifindex()
{
	local line

	line=$(ip -n "${1%/*}" -o link show dev "${1#*/}")
	echo "${line%%:*}"
}

# The programs of tests/progs/xdp.bpf.c in $PROGS, their maps in $MAPS.
load_programs()
{
	bpftool prog loadall "$TOP/build/tests/progs/xdp.bpf.o" "$PROGS" pinmaps "$MAPS"
}

# attach MODE DEV PROGRAM: MODE is native or generic. It replaces a program.
attach()
{
	local mode=xdpdrv

	[ "$1" = native ] || mode=xdpgeneric
	on "${2%/*}" ip -force link set "${2#*/}" "$mode" pinned "$PROGS/$3"
}

# detach MODE DEV
detach()
{
	local mode=xdpdrv

	[ "$1" = native ] || mode=xdpgeneric
	on "${2%/*}" ip link set "${2#*/}" "$mode" off
}

# target MAP KEY DEV [PROGRAM]: redirect there, and run PROGRAM on the way out. With the device
# goes the target.
target()
{
	on "${3%/*}" setmap "$MAPS/$1" "$2" "$(ifindex "$3")" ${4:+"$PROGS/$4"}
}

COUNTERS="packets bytes aborted drop pass tx redirect redirect_errors invalid
	xmit_packets xmit_bytes xmit_drops redirect_other"
# What a fallback does not count, between blanks
UNCOUNTED=
case ${CTRL_TEST_KERNEL:-} in
debian-*) UNCOUNTED=" xmit_bytes redirect_other " ;;
esac

# counts DEV [NAME=VALUE]...: these are the counters of the device and all others are 0, in
# "xdp stats" and in "dump"; counted: soon. Compared as text: a jq for each would be half of the
# tests' time.
counted()
{
	wait_for counts "$@"
}

counts()
{
	local dev=$1 name=${1#*/} pair want='' got
	local -A value=()

	shift
	for pair; do
		value[${pair%=*}]=${pair#*=}
	done
	for pair in $COUNTERS; do
		[[ $UNCOUNTED == *" $pair "* ]] || want+=",\"$pair\":${value[$pair]:-0}"
		unset "value[$pair]"
	done
	[ "${#value[@]}" = 0 ] || {
		fail "no such counter: ${!value[*]}"
		return
	}
	want="{${want#,}}"

	printf '%s\n' "ctrl xdp stats dev $name" "ctrl dump xdp_stats key $name" > "$BATS_TEST_TMPDIR/batch"
	got=$(on "${dev%/*}" bpftool -j batch file "$BATS_TEST_TMPDIR/batch")
	[[ $got == *",\"stats\":$want}]},"*",\"value\":$want}]}]" ]] || fail "$dev
	should be $want
	got $got"
}

# driver DEV COUNTER: what veth itself has counted, of all queues.
driver()
{
	local text sum=0 name value

	text=$(on "${1%/*}" ethtool -S "${1#*/}")
	while read -r name value; do
		[[ $name != [rt]x_queue_[0-9]*_$2: ]] || sum=$((sum + value))
	done <<< "$text"
	echo "$sum"
}

# driver_counted DEV COUNTER=VALUE...: of a device with one queue, soon
driver_counted()
{
	wait_for driver_counts "$@"
}

driver_counts()
{
	local dev=$1 pair text

	shift
	text=$(on "${dev%/*}" ethtool -S "${dev#*/}")$'\n'
	for pair; do
		[[ $text == *"x_queue_0_${pair%=*}: ${pair#*=}"$'\n'* ]] ||
			{ fail "veth should have counted $pair for $dev: $text"; return; }
	done
}

# The devices that a namespace shows without "all", in ascending order of ifindex.
shown()
{
	local text names=() name rest

	text=$(on "$1" bpftool ctrl xdp stats)
	while read -r name rest; do
		names+=("$name")
	done <<< "$text"
	echo "${names[*]:1}"
}
