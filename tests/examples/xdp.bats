#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# The recipes in examples/, by the command that each says is its usage.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

setup_file()
{
	bpftool ctrl xdp set stats on
	prog xdpdrop 1
	pair xdp0 xdp1
	sender xdp1
	bpftool net attach xdpdrv pinned /sys/fs/bpf/xdpdrop dev xdp0
	send 5
}

setup()
{
	cd "$BATS_TEST_DIRNAME/../.." || return
}

# recipe NAME: run what the file says, and nothing on stderr
recipe()
{
	local usage

	usage=$(sed -n 's/^# usage: //p' "examples/$1.jq")
	[ -n "$usage" ]
	works bash -c "set -o pipefail; $usage"
}

@test "test_examples_are_all_tested_and_listed" {
	local file name

	for file in examples/*.jq; do
		name=$(basename "$file" .jq)
		grep -rqE "^	recipe $name|examples/$name.jq" --include='*.bats' tests
		grep -q "^| \[$name.jq\]($name.jq) |" examples/README.md
	done
	[ "$(find examples -name '*.jq' | wc -l)" -ge 8 ]
}

@test "test_examples_top_talkers" {
	recipe top-talkers
	[ "$out" = "xdp0 5 packets 215 bytes" ] || show
}

drops_are_shown()
{
	recipe droppers && [ -n "$out" ]
}

@test "test_examples_droppers" {
	recipe droppers
	[ -z "$out" ] || show
	again send 1000
	wait_for drops_are_shown
	enough
	[[ $out =~ ^[0-9T:-]+Z\ xdp0\ drops\ [0-9]+\ packets/s ]] || show
}

@test "test_examples_lost" {
	recipe lost
	[ "$out" = "xdp0 100%" ] || show
}

@test "test_examples_redirect_problems" {
	recipe redirect-problems
	[ -z "$out" ] || show
	try jq -r -f examples/redirect-problems.jq <<-'JSON'
	[{"ifname":"a","features":[],"redirect_rings":{"num":0},"stats":{"redirect":7,"redirect_errors":2,"redirect_other":5}},
	 {"ifname":"b","features":["ndo-xmit"],"redirect_rings":{"num":1,"granted":{"num":1,"size":16}},"stats":{"xmit_packets":1,"xmit_drops":3}},
	 {"ifname":"c","features":["basic"],"redirect_rings":{"num":0},"stats":{}},
	 {"ifname":"d","features":[]}]
	JSON
	[ "$status" = 0 ] && [ "$out" = "\
a: 2 of 7 redirected packets could not be handed over: their target is not there, is down, takes no redirected packets (no redirect rings: c), or is a socket that is full
a: 5 of 7 redirected packets were given to a CPU (cpumap) or a socket (AF_XDP): no counter says what became of them there
b: 3 of 4 packets redirected to it were lost there: its rings (1 of 16) were full, packets too long, or a program of the devmap dropped them" ] || show
}

@test "test_examples_totals" {
	recipe totals
	jq -e ".drop == $(bpftool -j ctrl dump xdp_stats | jq 'map(.value.drop) | add') and .tx == 0" \
		<<< "$out" > /dev/null || show
}

@test "test_examples_diff" {
	local old=$BATS_TEST_TMPDIR/old.json usage

	bpftool -j ctrl dump xdp_stats > "$old"
	ip link add come0 type dummy
	cd "$BATS_TEST_TMPDIR" || return
	ln -sfn "$BATS_TEST_DIRNAME/../../examples" examples
	send 2
	bpftool -j ctrl dump xdp_stats > new.json
	recipe diff
	[[ $out =~ xdp0\ drop:\ ([0-9]+)\ -\>\ ([0-9]+) ]] || show
	[ "${BASH_REMATCH[2]}" = $((BASH_REMATCH[1] + 2)) ] || show
	[[ $out == *"come0 came"* && $out != *lo* ]] || show
	ip link del come0
	cp new.json old.json
	bpftool -j ctrl dump xdp_stats > new.json
	recipe diff
	[ "$out" = "come0 went" ] || show
}

@test "test_examples_csv" {
	recipe csv
	[[ $out == '"key","ifname","packets","bytes",'* ]] || show
	grep -Eq '^[0-9]+,"xdp0",[0-9]+,' <<< "$out" || show
	[ "$(awk -F, '{ print NF }' <<< "$out" | sort -u)" = 15 ] || show
}

@test "test_examples_settable" {
	recipe settable
	[ "$(grep -c . <<< "$out")" = "$(bpftool -j ctrl list | jq 'map(select(.ops | index("update"))) | length')" ] || show
}

@test "test_examples_rings_for_veth" {
	if ! bpftool -j ctrl list | jq -e 'any(.type == "xdp_attr")' > /dev/null; then
		# what it makes of a kernel that has them
		try jq -c --argjson veths '[{"ifname":"a"},{"ifname":"b"}]' -f examples/rings-for-veth.jq <<-'JSON'
		[{"type":"xdp_attr","key":2,"ifname":"a","value":{"mode":"BPF_CTRL_XDP_MODE_NONE","rings":{"num":0},"rings_max":{"num":4}}},
		 {"type":"xdp_attr","key":3,"ifname":"b","value":{"mode":"BPF_CTRL_XDP_MODE_NATIVE","rings":{"num":0},"rings_max":{"num":4}}},
		 {"type":"xdp_attr","key":4,"ifname":"c","value":{"mode":"BPF_CTRL_XDP_MODE_NONE","rings":{"num":0},"rings_max":{"num":4}}}]
		JSON
		[ "$status" = 0 ] && [ "$out" = '[{"type":"xdp_attr","key":2,"ifname":"a","value":{"command":"BPF_CTRL_XDP_SETUP_REDIRECT","rings":{"num":1,"size":256}}}]' ] || show
		return
	fi
	recipe rings-for-veth
	bpftool -j ctrl dump xdp_attr key xdp1 | jq -e '.[0].value.rings == { num: 1, size: 256 }'
	# xdp0 has a program
	bpftool -j ctrl dump xdp_attr key xdp0 | jq -e '.[0].value.rings.num == 0'
}
