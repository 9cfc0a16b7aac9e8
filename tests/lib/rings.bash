# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# What tests of redirect rings share: a third device whose program redirects into a veth device,
# the peer of which has neither program nor GRO. Made anew for each test.
#
#	src/s0 --- dut/d0  dut/d1 --- dst/t1

load ../lib/traffic

QUEUES=4

setup_file()
{
	namespaces src dut dst
	load_programs
}

# wide DEV DEV: a veth pair with several queues, up.
wide()
{
	local a=$1 b=$2

	ip -n "${a%/*}" link add "${a#*/}" numrxqueues $QUEUES numtxqueues $QUEUES type veth \
		peer name "${b#*/}" numrxqueues $QUEUES numtxqueues $QUEUES netns "${b%/*}"
	up "$a" "$b"
}

setup()
{
	pair src/s0 dut/d0
	wide dut/d1 dst/t1
	target devs 0 dut/d1
	attach native dut/d0 to_dev
}

teardown()
{
	remove src/s0
	ip -n dut link del d1 2> /dev/null || true
}

# rings DEV WORD...: set its redirect rings
rings()
{
	local dev=$1

	shift
	on "${dev%/*}" bpftool ctrl xdp set redirect-rings dev "${dev#*/}" "$@"
}

# rings_are DEV JSON: what "xdp show" says about them
rings_are()
{
	on "${1%/*}" bpftool -j ctrl xdp show dev "${1#*/}" > "$BATS_TEST_TMPDIR/rings"
	jq -e --argjson want "$2" '.[0].redirect_rings == $want' "$BATS_TEST_TMPDIR/rings" > /dev/null ||
		fail "$1: should be $2, is $(< "$BATS_TEST_TMPDIR/rings")"
}

# arrive NUMBER: so many of 200 frames that s0 sends arrive at t1
arrive()
{
	frames 200 100 src/s0 "dst/t1=$1"
}
