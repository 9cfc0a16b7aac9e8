# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# What tests of metadata share: src sends to dut, whose programs include the header that
# bpftool writes for its device.
#
#	src/s0 --- dut/d0

# shellcheck disable=SC2034,SC2154 # used by the tests; set by bats and traffic.bash
load ../lib/traffic

SENDER=src

namespaces_and_programs()
{
	namespaces src dut dst
	pair src/s0 dut/d0
	on dut bpftool ctrl xdp metadata dev d0 format c > "$BATS_FILE_TMPDIR/xdp_metadata.h"
	compile look
	remove src/s0
	bpftool prog loadall "$BATS_FILE_TMPDIR/look.o" "$PROGS" pinmaps "$MAPS"
}

# For each test a new device d0. Files that need something else define theirs after this.
setup_file()
{
	namespaces_and_programs
}

setup()
{
	pair src/s0 dut/d0
	addresses
	forget
}

teardown()
{
	remove src/s0
}

# compile NAME: tests/xdp-metadata/NAME.bpf.c
compile()
{
	clang -O2 -g -target bpf -mcpu=v3 -Wall -Werror -I "$BATS_FILE_TMPDIR" \
		-isystem "$TOP/build/usr/include" -I "$TOP/build/bpftool/libbpf/include" \
		-c "$TOP/tests/xdp-metadata/$1.bpf.c" -o "$BATS_FILE_TMPDIR/$1.o"
}

# addresses: for packets of s0 to 192.0.2.2, and with VLAN tag 7 to 198.51.100.2. Nobody
# answers.
addresses()
{
	sender src/s0
	on src sh -c 'ip link add link s0 name s0.7 up type vlan id 7
		ip addr add 198.51.100.1/24 dev s0.7
		ip neigh add 198.51.100.2 lladdr 02:00:00:00:00:01 dev s0.7'
}

metadata()
{
	on "${1%/*}" bpftool ctrl xdp set metadata dev "${1#*/}" "${@:2}"
}

# cookie_of DEV: what marks its metadata
cookie_of()
{
	on "${1%/*}" bpftool -j ctrl xdp metadata dev "${1#*/}" | jq .metadata.cookie
}

# tell DEV: the programs what marks its metadata
tell()
{
	on "${1%/*}" setmap "$MAPS/cookie" 0 "$(cookie_of "$1")"
}

forget()
{
	local zeros

	printf -v zeros '00 %.0s' {1..64}
	# shellcheck disable=SC2086 # a word each
	bpftool map update pinned "$MAPS/seen" key 0 0 0 0 value hex $zeros
}

# has_seen FILTER: it holds for what the programs have seen; seen FILTER: soon.
has_seen()
{
	local value

	value=$(bpftool -j map lookup pinned "${MAP:-$MAPS/seen}" key 0 0 0 0)
	jq -e ".formatted.value | $1" <<< "$value" > /dev/null || fail "not $1: $value"
}

seen()
{
	wait_for has_seen "$1"
}
