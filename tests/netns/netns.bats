#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um debian-6.12 debian-7.3
#
# bpftool ctrl netns NETNS COMMAND

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/completion

setup_file()
{
	ip netns add away
	ip netns add 77
	ip link add home0 type dummy
	ip -n away link add away0 type dummy
	ip -n 77 link add number0 type dummy
}

# devices WORD...: what is there, in order
devices()
{
	bpftool -j ctrl "$@" xdp show all | jq -r 'map(.ifname) | sort | join(" ")'
}

@test "test_netns_what_is_none" {
	refuses "can't find network namespace 'lost': no such name" netns lost list
	refuses "can't find network namespace '/lost': no such file" netns /lost list
	refuses "can't find network namespace '999999999': no such name, and no such process" \
		netns 999999999 list
	refuses "can't enter network namespace '/etc/passwd': it is none" netns /etc/passwd list
	refuses "can't enter network namespace '': it is none" netns '' list
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	refuses "can't enter network namespace '$BATS_TEST_TMPDIR/fifo': it is none" \
		netns "$BATS_TEST_TMPDIR/fifo" list
	refuses "'netns' needs at least 2 arguments, 1 found" netns away
	refuses "unknown command 'lost', see 'bpftool ctrl help'" netns away lost
}

@test "test_netns_by_name_path_and_process" {
	local pid

	[ "$(devices)" = "home0 lo" ]
	[ "$(devices netns away)" = "away0 lo" ]
	[ "$(devices netns /run/netns/away)" = "away0 lo" ]
	# a name comes before a process, as with ip
	[ "$(devices netns 77)" = "lo number0" ]
	nsenter --net=/run/netns/away sleep 100 3>&- &
	pid=$!
	wait_for test "/proc/$pid/ns/net" -ef /run/netns/away
	[ "$(devices netns "$pid")" = "away0 lo" ]
	[ "$(devices netns "$pid" netns 77)" = "lo number0" ]
	kill "$pid"
	wait "$pid" || [ $? = 143 ]
}

@test "test_netns_of_every_command" {
	json '.[0].ifname == "away0"' ctrl netns away dump xdp_attr key away0
	json '.[0].ifname == "away0"' ctrl netns away xdp stats dev away0
	json '.ifname == "away0"' ctrl netns away watch xdp_stats key away0 interval 0.01 count 1
	json '.[0].outcome == "unchanged"' ctrl netns away apply --dry-run \
		<<< '{"type":"xdp_attr","ifname":"away0","value":{}}'
	refuses "can't find device 'home0' in network namespace 'away': No such device" \
		netns away xdp show dev home0
	refuses "can't find device 'home0' in network namespace 'away': No such device" \
		netns away dump xdp_attr key home0
	refuses "can't find device 'away0': No such device" xdp show dev away0
}

@test "test_netns_ends_with_its_command_in_a_batch" {
	printf 'ctrl %s\n' 'netns away xdp show dev away0' 'xdp show dev home0' \
		> "$BATS_TEST_TMPDIR/batch"
	json 'map(.output[0].ifname) == [ "away0", "home0" ]' batch file "$BATS_TEST_TMPDIR/batch"
	printf 'ctrl %s\n' 'netns away dump lost' 'xdp show dev home0' > "$BATS_TEST_TMPDIR/batch"
	try bpftool batch file "$BATS_TEST_TMPDIR/batch"
	[ "$status" != 0 ]
}

# What is switched on there is on for all, and lasts.
@test "test_netns_keeps_bpffs" {
	[ "$CTRL_TEST_KERNEL" != host ]
	works bpftool ctrl netns away xdp set stats on
	[ -e "$PIN" ]
	json '.[0].users == 1' ctrl list xdp_stats
	works bpftool ctrl xdp set stats off
	json '.[0].users == 0' ctrl netns away list xdp_stats
}

@test "test_netns_takes_cap_sys_admin" {
	try without sys_admin bpftool ctrl netns away xdp show
	[ "$status" != 0 ]
	[ "$err" = "Error: can't enter network namespace 'away': Operation not permitted: it takes CAP_SYS_ADMIN" ] || show
}

@test "test_netns_completion" {
	tab "77 away" ctrl netns ""
	tab_has "xdp dump apply" ctrl netns away ""
	tab "away0 lo" ctrl netns away xdp show dev ""
	tab "away0 lo" ctrl netns /run/netns/away dump xdp_attr key ""
	tab "home0 lo" ctrl netns $$ dump xdp_attr key ""
}
