#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um-debug um-7.3 x86_64
#
# Filters, sockets and connections come and go while a control map looks at them and changes
# them: nothing complains, and in the end there are those that there were.

load ../lib/common

keys()
{
	bpftool -j ctrl dump socket_filter | jq -c 'map(.key)'
}

no_others()
{
	[ "$(keys)" = "$before" ]
}

@test "test_socket_race" {
	local before

	ip link set lo up
	before=$(keys)
	filterrace 5
	wait_for no_others
}
