#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# bpftool ctrl socket, and the control type in the generic commands, with tcpdump's filter.

# set by try and by setup, for each test; "|| show" is meant for either
# shellcheck disable=SC2154,SC2015,SC2030,SC2031
load ../lib/command

# expedited 0|1: a packet socket that is closed waits for all processors, 30 ms or much less.
# Kernels for one processor need not wait.
expedited()
{
	[ ! -e /sys/kernel/rcu_expedited ] || echo "$1" > /sys/kernel/rcu_expedited
}

setup_file()
{
	ip link add d0 up type dummy
	expedited 1
}

teardown_file()
{
	expedited 0
}

setup()
{
	local before after

	before=$(bpftool -j ctrl dump socket_filter | jq -c 'map(.key)')
	tcpdump -ni d0 -w /dev/null udp port 9 2> "$BATS_TEST_TMPDIR/tcpdump" 3>&- &
	tcpdump=$!
	wait_for grep -q listening "$BATS_TEST_TMPDIR/tcpdump"
	after=$(bpftool -j ctrl dump socket_filter | jq -c 'map(.key)')
	cookie=$(jq -n "$after - $before | .[0]")
}

teardown()
{
	kill "$tcpdump" 2> /dev/null || true
	wait || true
}

@test "test_socket_wrong_words_change_nothing" {
	refuses "unexpected word 'more'" socket set cookie "$cookie" lock more
	[ "$(value socket_filter "$cookie" .locked)" = 0 ]
}

@test "test_socket_what_does_not_exist" {
	for words in "show cookie 99999999" "set cookie 99999999 lock" "set cookie 99999999 detach"; do
		# shellcheck disable=SC2086 # words
		try bpftool ctrl socket $words
		[ "$status" != 0 ] && [ "$err" = "Error: can't get socket filter 99999999: it does not exist" ] || show
	done
	kill "$tcpdump"
	wait "$tcpdump" || true
	refuses "can't get socket filter $cookie: it does not exist" socket set cookie "$cookie" lock
}

@test "test_socket_without_capabilities" {
	try without net_admin bpftool ctrl socket show
	[ "$status" != 0 ] && [[ $err == "Error: can't open control type socket_filter: Operation not permitted"* ]] || show
	try without net_admin bpftool ctrl socket set cookie "$cookie" detach
	[ "$status" != 0 ] && [[ $err == "Error: can't open"* ]] || show
	[ "$(value socket_filter "$cookie" .len)" -gt 2 ]
}

@test "test_socket_set_needs_net_admin_even_with_a_map" {
	local map=/sys/fs/bpf/socket_map bytes

	bpftool ctrl pin socket_filter "$map"
	bytes=$(printf '%d 0 0 0 0 0 0 0' "$((cookie & 255))")
	[ "$cookie" -lt 256 ] || bytes="$((cookie & 255)) $((cookie >> 8 & 255)) 0 0 0 0 0 0"
	# shellcheck disable=SC2046,SC2086 # words
	try without net_admin bpftool map update pinned "$map" key $bytes \
		value $(printf '0 %.0s' {1..8}) 1 $(printf '0 %.0s' {1..7}) 1 $(printf '0 %.0s' {1..207})
	[ "$status" != 0 ] && [[ $err == *"Operation not permitted"* ]] || show
	[ "$(value socket_filter "$cookie" .locked)" = 0 ]
	rm "$map"
}

@test "test_socket_dump_knows_tcpdump" {
	local instructions

	instructions=$(tcpdump -i d0 -ddd udp port 9 | head -1)
	json ".[0].value | .family == 17 and .type == 3 and .protocol == 3 and
		.ifindex == $(< /sys/class/net/d0/ifindex) and .ifindex_ifname == null // true and
		(.kind | tostring | test(\"CLASSIC|1\")) and .len == $instructions and
		.locked == 0 and .prog_id == 0 and .drops == 0" ctrl dump socket_filter key "$cookie"
	[ "$(value socket_filter "$cookie" .inode)" = \
		"$(find -L "/proc/$tcpdump/fd" -inum "$(value socket_filter "$cookie" .inode)" \
			-printf '%i\n' | head -1)" ]
}

@test "test_socket_show_has_processes" {
	json ".[0] | .key == $cookie and .type == \"socket_filter\" and
		.pids == [ { pid: $tcpdump, comm: \"tcpdump\" } ]" ctrl socket show cookie "$cookie"
	json "map(select(.pids[0].pid == $tcpdump).key) == [ $cookie ]" ctrl socket show
	[ "$(bpftool -j ctrl socket show | jq -c 'map(del(.pids, .family, .local))')" = \
		"$(bpftool -j ctrl dump socket_filter | jq -c .)" ]
}

@test "test_socket_processes_are_those_of_ss" {
	ss -0Hanpe | sed -E 's/.*users:\(\((.*)\)\) ino:([0-9]+) .*/\2 \1/
		s/"([^"]*)",pid=([0-9]+),fd=[0-9]+/\1 \2/g' | sort > "$BATS_TEST_TMPDIR/ss"
	grep -q " tcpdump $tcpdump\$" "$BATS_TEST_TMPDIR/ss"
	bpftool -j ctrl socket show |
		jq -r '.[] | select(.family == "packet") | "\(.value.inode) \(.pids | map("\(.comm) \(.pid)") | join("),("))"' | sort |
		diff "$BATS_TEST_TMPDIR/ss" -
}

@test "test_socket_table" {
	works bpftool ctrl socket
	[[ $out == *"COOKIE  FAMILY  TYPE"*"PROCESS"* ]] || show
	grep -Eq "^ *$cookie +packet +raw +all +d0 +classic +- +[0-9]+ +- +no +1 +0 +[0-9]+ +tcpdump\($tcpdump\)\$" \
		<<< "$out" || show
}

# sockets KIND...: opens one of each, with a filter, until it is killed ($sockets).
sockets()
{
	filtersockets "$@" 3>&- > "$BATS_TEST_TMPDIR/sockets" &
	sockets=$!
	wait_for grep -q '^open$' "$BATS_TEST_TMPDIR/sockets"
}

# local_of FAMILY TYPE: what the socket that "sockets" has opened is bound to
local_of()
{
	bpftool -j ctrl socket show | jq -r ".[] | select(.pids[0].pid == $sockets and
		.family == \"$1\" and .value.type == $2).local"
}

@test "test_socket_of_each_family" {
	ip link set lo up
	sockets icmp udp udp6 tcp unix netlink
	[ "$(local_of inet 3)" = 127.0.0.1 ]
	[ "$(local_of inet 2)" = 127.0.0.1%lo:1234 ]
	[ "$(local_of inet6 2)" = "[::1]:1234" ]
	[ "$(local_of inet 1)" = "*:1234" ]
	[ "$(local_of unix 2)" = "@filtersockets" ]
	[ "$(local_of netlink 3)" = "$sockets" ]
	works bpftool ctrl socket show
	grep -Eq " inet +dgram +udp +127.0.0.1%lo:1234 +ebpf +[0-9]+ +2 +[0-9a-f]{16} +no +1 +" <<< "$out" || show
	grep -Eq " inet6 +dgram +udp +\[::1\]:1234 +classic +- +1 +- +no +1 +" <<< "$out" || show
	kill "$sockets"
}

# What a filter has that the tool shows by another command
@test "test_socket_tag_and_id_are_those_of_the_program" {
	local id

	sockets udp
	id=$(bpftool -j ctrl socket show | jq ".[] | select(.pids[0].pid == $sockets).value.prog_id")
	tag=$(bpftool -j prog show id "$id" | jq -r .tag)
	works bpftool ctrl socket show
	grep -Eq " ebpf +$id +2 +$tag " <<< "$out" || show
	kill "$sockets"
}

@test "test_socket_instructions_are_those_of_tcpdump" {
	tcpdump -i d0 -d udp port 9 > "$BATS_TEST_TMPDIR/expected"
	works bpftool ctrl socket show cookie "$cookie"
	diff "$BATS_TEST_TMPDIR/expected" <(tail -n +3 <<< "$out")
	works bpftool -j ctrl socket show cookie "$cookie"
	diff <(tcpdump -i d0 -ddd udp port 9 | tail -n +2) \
		<(jq -r '.[0].instructions[] | "\(.code) \(.jt) \(.jf) \(.k)"' <<< "$out")
	diff "$BATS_TEST_TMPDIR/expected" <(jq -r '.[0].instructions[].text' <<< "$out")
	json 'map(has("instructions")) | any | not' ctrl socket show
}

@test "test_socket_instructions_need_a_process_that_may_be_traced" {
	try without sys_ptrace bpftool ctrl socket show cookie "$cookie"
	[ "$status" = 0 ] && [[ $out == *" classic "* && $out != *"(000)"* ]] || show
	[[ $err == *"can't get the instructions: no process that may be looked at has the socket"* ]] || show
}

@test "test_socket_that_is_closed_has_its_clones_filter" {
	ip link set lo up
	sockets clone
	cookie=$(bpftool -j ctrl socket show | jq '.[] | select(.family == "inet").key')
	json ".[0] | .value.sockets == 1 and .value.settable == null // 0 and .pids == [] and
		has(\"local\") == false" ctrl socket show cookie "$cookie"
	refuses "can't detach socket filter $cookie: the socket that it was attached to is closed" \
		socket set cookie "$cookie" detach
	refuses "can't lock socket filter $cookie: the socket that it was attached to is closed" \
		socket set cookie "$cookie" lock
	works bpftool ctrl socket show cookie "$cookie"
	grep -Eq "^ *$cookie +inet +stream +- +- +classic +- +1 +- +no +1 +- +- +-\$" <<< "$out" || show
	kill "$sockets"
}

@test "test_socket_detach_and_again" {
	works bpftool ctrl socket set cookie "$cookie" detach
	refuses "can't get socket filter $cookie: it does not exist" socket show cookie "$cookie"
	refuses "can't get socket filter $cookie: it does not exist" \
		socket set cookie "$cookie" detach
}

port_11_is_seen()
{
	echo x > /dev/udp/192.0.2.2/11
	tcpdump -nr "$file" | grep -F 192.0.2.2.11
}

@test "test_socket_detached_filter_lets_all_through" {
	local file=$BATS_TEST_TMPDIR/all

	kill "$tcpdump"
	wait "$tcpdump" || true
	ip addr replace 192.0.2.1/24 dev d0
	tcpdump -Uni d0 -w "$file" udp port 9 2> "$BATS_TEST_TMPDIR/other" 3>&- &
	tcpdump=$!
	wait_for grep -q listening "$BATS_TEST_TMPDIR/other"
	cookie=$(bpftool -j ctrl socket show | jq "map(select(.pids[0].pid == $tcpdump))[0].key")
	ip neigh replace 192.0.2.2 lladdr 02:00:00:00:00:01 dev d0
	echo x > /dev/udp/192.0.2.2/10
	works bpftool ctrl socket set cookie "$cookie" detach
	# libpcap goes on filtering the blocks that were in its ring when it set the filter
	wait_for port_11_is_seen
	run grep -F 192.0.2.2.10 <(tcpdump -nr "$file" 2> /dev/null)
	[ "$status" = 1 ]
}

# edited FILTER [OPTION]: what is dumped of the socket, and then said to be
edited()
{
	bpftool -j ctrl dump socket_filter key "$cookie" | jq "map($1)" > "$BATS_TEST_TMPDIR/edited"
	try bpftool -j ctrl apply "${@:2}" "$BATS_TEST_TMPDIR/edited"
}

@test "test_socket_edited_dump_is_applied" {
	edited .
	[ "$status" = 0 ] && [ "$(jq -c 'map(.outcome)' <<< "$out")" = '["unchanged"]' ] || show
	edited '.value.locked = 1' --dry-run
	[ "$status" = 0 ] && [ "$(value socket_filter "$cookie" .locked)" = 0 ] || show
	edited '.value.locked = 1'
	[ "$status" = 0 ] && [ "$(value socket_filter "$cookie" .locked)" = 1 ] || show
	edited '.value.locked = 0'
	[ "$status" = 255 ] && [ "$(jq -r '.[0].error' <<< "$out")" = "What is locked cannot be unlocked" ] || show
	edited '.value.len = 0'
	[ "$status" = 0 ] && [ "$(jq -c '.[0].ignored' <<< "$out")" = '["len"]' ] || show
}

@test "test_socket_lock_is_one_way" {
	works bpftool ctrl socket set cookie "$cookie" lock
	[ "$(value socket_filter "$cookie" .locked)" = 1 ]
	works bpftool ctrl socket set cookie "$cookie" lock
	refuses "can't detach socket filter $cookie: it is locked" \
		socket set cookie "$cookie" detach
	refuses "can't set key '$cookie' of socket_filter: What is locked cannot be unlocked" \
		set socket_filter key "$cookie" locked 0
	[ "$(value socket_filter "$cookie" .locked)" = 1 ]
	[ "$(value socket_filter "$cookie" .len)" -gt 2 ]
	works bpftool ctrl socket show cookie "$cookie"
	grep -q ' yes ' <<< "$out" || show
}

@test "test_socket_of_another_netns" {
	ip netns add elsewhere
	try nsenter --net=/run/netns/elsewhere bpftool ctrl socket set cookie "$cookie" lock
	[ "$status" != 0 ] && [ "$err" = "Error: can't get socket filter $cookie: it does not exist" ] || show
	[ "$(nsenter --net=/run/netns/elsewhere bpftool -j ctrl socket show)" = "[]" ]
	[ "$(value socket_filter "$cookie" .locked)" = 0 ]
	ip netns del elsewhere
}

# open_sockets NUMBER: until close_sockets; their cookies are in $cookies.
open_sockets()
{
	cookies=$BATS_TEST_TMPDIR/cookies
	mkfifo "$BATS_TEST_TMPDIR/stdin"
	packetsockets "$1" < "$BATS_TEST_TMPDIR/stdin" > "$cookies" 3>&- &
	opener=$!
	exec 4> "$BATS_TEST_TMPDIR/stdin"
	wait_for are_open "$1"
}

are_open()
{
	[ "$(wc -l < "$cookies")" = "$1" ]
}

close_sockets()
{
	exec 4>&-
	wait "$opener"
}

@test "test_socket_thousands_while_others_come_and_go" {
	local churn i

	packetsockets 20 churn 3>&- &
	churn=$!
	open_sockets 3000
	for i in 1 2 3 4 5; do
		bpftool -j ctrl dump socket_filter | jq '.[].key' > "$BATS_TEST_TMPDIR/walk"
		sort -cnu "$BATS_TEST_TMPDIR/walk"
		[ -z "$(comm -13 <(sort "$BATS_TEST_TMPDIR/walk") <(sort "$cookies"))" ]
	done
	kill "$churn"
	wait "$churn" || true
	close_sockets
}

@test "test_socket_set_while_they_come_and_go" {
	local churn i key keys

	packetsockets 5 churn 3>&- &
	churn=$!
	for ((i = 0; i < 20; i++)); do
		keys=$(bpftool -j ctrl dump socket_filter | jq ".[].key | select(. != $cookie)")
		for key in $keys; do
			try bpftool ctrl socket set cookie "$key" detach
			[ "$status" = 0 ] || [[ $err == *"does not exist" ]] || show
		done
	done
	kill "$churn"
	wait "$churn" || true
	[ "$(value socket_filter "$cookie" .len)" -gt 2 ]
}
