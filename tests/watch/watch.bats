#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# bpftool ctrl watch TYPE, bpftool ctrl xdp stats watch

# shellcheck disable=SC2154,SC2015,SC2030,SC2031 # set by try; "|| show" is meant for either
load ../lib/command

TERMINAL=$BATS_TEST_DIRNAME/../lib/terminal.py

setup_file()
{
	bpftool ctrl xdp set stats on
	prog xdpdrop 1
	pair xdp0 xdp1
	sender xdp1
	ip link add idle0 type dummy
	bpftool net attach xdpdrv pinned /sys/fs/bpf/xdpdrop dev xdp0
	send 5
}

setup()
{
	packets=$(bpftool -j ctrl dump xdp_stats key xdp0 | jq '.[0].value.packets')
}

# Packets until the test ends.
traffic()
{
	again send_some
}

send_some()
{
	send 10
	sleep 0.02
}

teardown()
{
	enough
}

# lines FILTER COMMAND...: each line is JSON of its own, and FILTER holds for the array
lines()
{
	local filter=$1 line

	shift
	works bpftool -j "$@"
	while IFS= read -r line; do
		jq -e 'type == "object"' <<< "$line" > /dev/null || show
	done <<< "$out"
	jq -es "$filter" <<< "$out" > /dev/null || show
	works bpftool -p "$@"
	jq -es "$filter" <<< "$out" > /dev/null || show
}

@test "test_watch_json_is_what_dump_prints_and_rates" {
	lines 'length == 2 and all(.type == "xdp_stats" and .ifname == "xdp0" and
		.value.packets == '"$packets"' and .value.drop == '"$packets"' and .delta.drop == 0 and .rate.drop == 0 and
		(.delta | keys) == (.value | keys) and (.rate | keys) == (.value | keys)) and
		.[1].time > .[0].time' \
		ctrl watch xdp_stats key xdp0 interval 0.1 count 2
}

@test "test_watch_interval" {
	local start=$EPOCHREALTIME

	# on a busy machine each may be late, but none is early
	works bpftool -j ctrl watch xdp_stats key xdp0 interval 0.7 count 2
	jq -es --argjson start "$start" '.[0].time - $start > 0.69 and .[1].time - $start > 1.39' \
		<<< "$out" > /dev/null || show
}

@test "test_watch_counts_what_comes" {
	works bpftool -j ctrl watch xdp_stats key xdp0 interval 0.2 count 5
	[ "$(jq -s 'map(.delta.packets) | add' <<< "$out")" = 0 ] || show

	traffic
	works bpftool -j ctrl watch xdp_stats key xdp0 interval 0.5 count 6
	# deltas are the differences of the values
	jq -es '[.[1:], .[:-1]] | transpose | all(.[0].value.drop - .[1].value.drop == .[0].delta.drop)' \
		<<< "$out" > /dev/null || show
	jq -es 'map(.delta.drop) | add > 3' <<< "$out" > /dev/null || show
	# the last total is the sum of all deltas
	jq -es '(map(.delta.drop) | add) == .[-1].total.drop' <<< "$out" > /dev/null || show
	# rates are deltas by about the time between them
	jq -es '[.[1:], .[:-1]] | transpose | map(.[0] + { s: (.[0].time - .[1].time) }) |
		(map(.rate.drop * .s) | add) / (map(.delta.drop) | add) | . > 0.5 and . < 2' \
		<<< "$out" > /dev/null || show
}

@test "test_watch_all_keys" {
	local names

	names=$(find /sys/class/net/ -type l -printf '%f\n' | jq -Rcs 'split("\n")[:-1] | sort')
	lines "map(.ifname) | sort == $names" ctrl watch xdp_stats interval 0.1 count 1
}

@test "test_watch_plain_is_a_line_a_sample" {
	works bpftool ctrl watch xdp_stats key xdp0 interval 0.1 count 3
	[ "$(wc -l <<< "$out")" = 4 ] || show
	[[ $(tail -n 1 <<< "$out") =~ ^total\ in\ [0-9]+\.[0-9]\ s$ ]] || show
	[[ $(sed -n 3p <<< "$out") =~ ^[0-9:]{8}\ [0-9]+\ xdp0:\ \ packets\ $packets\ \+0\ 0.0/s\ \ bytes\ [0-9]+\ \+0\ 0.0/s\ .*\ (xmit_drops|redirect_other)\ 0\ \+0\ 0.0/s$ ]] ||
		show
}

@test "test_watch_output_is_not_held_back" {
	local line

	exec 5< <(exec bpftool -j ctrl watch xdp_stats key lo interval 0.1)
	read -r -t 120 line <&5
	jq -e '.ifname == "lo"' <<< "$line" > /dev/null
	read -r -t 120 line <&5
	jq -e '.ifname == "lo"' <<< "$line" > /dev/null
	# and it ends when nobody reads
	exec 5<&-
	wait $! || true
}

@test "test_watch_any_type" {
	lines 'map(.key) == [ 1, 1 ] and .[0].value.users == 1 and .[1].delta.users == 0' \
		ctrl watch registry key 1 interval 0.1 count 2
}

@test "test_watch_every_type_of_this_kernel" {
	local type all

	# but the one for tests, of which an object can't be read
	all=$(bpftool -j ctrl list | jq -er '.[].type | select(. != "test")')
	for type in $all; do
		try bpftool -j ctrl watch "$type" interval 0.1 count 1
		[ "$status" = 0 ] || [[ $out == *"its values have no counters"* ]] || show
		# of nothing it is null, and never an empty line
		[ "$out" = null ] || jq -es 'all(has("error") or (has("delta") and has("value")))' \
			<<< "$out" > /dev/null || show
	done
}

@test "test_watch_in_a_batch" {
	printf '%s\n' 'ctrl watch xdp_stats interval 0.1 count 2' 'ctrl xdp stats watch interval 0.1 count 1' \
		> "$BATS_TEST_TMPDIR/batch"
	json 'map(.output | type) == [ "array", "array" ] and (.[0].output | length % 2 == 0) and
		.[1].output[0].rate.drop == 0' batch file "$BATS_TEST_TMPDIR/batch"
	works bpftool batch file "$BATS_TEST_TMPDIR/batch"
}

# until_samples FILTER: the samples so far satisfy it
until_samples()
{
	wait_for jq -es "$1" "$BATS_TEST_TMPDIR/samples"
}

# del_when_seen DEV: when try has printed a sample
del_when_seen()
{
	wait_for test -s "$BATS_TEST_TMPDIR/out"
	ip link del "$1"
}

@test "test_watch_devices_come_and_go" {
	bpftool -j ctrl watch xdp_stats interval 0.2 > "$BATS_TEST_TMPDIR/samples" 3>&- &
	watch=$!
	until_samples 'map(select(.ifname == "xdp0")) | length > 0'
	ip link add come0 type dummy
	# first there is nothing to compare with
	until_samples 'map(select(.ifname == "come0")) | length > 1 and
		(.[0] | has("delta") or has("rate") | not) and (.[1] | has("delta") and has("rate"))'
	ip link del come0
	# what comes after it goes on
	until_samples '[.[].ifname] | length - (rindex("come0") // length) > 10'
	kill "$watch"
}

@test "test_watch_a_device_that_goes" {
	for command in "watch xdp_stats key gone0" "xdp stats dev gone0 watch"; do
		ip link add gone0 type dummy
		id=$(< /sys/class/net/gone0/ifindex)
		rm -f "$BATS_TEST_TMPDIR/out"
		del_when_seen gone0 3>&- &
		# shellcheck disable=SC2086 # words
		try bpftool -j ctrl $command interval 0.1
		[ "$status" != 0 ] || show
		jq -es '.[0].stats // .[0].value | .packets == 0' <<< "$out" > /dev/null || show
		jq -es '.[-1].error | endswith(" is gone")' <<< "$out" > /dev/null || show
		wait
	done
	refuses "can't look up key '$id' of xdp_stats: no such key" watch xdp_stats key "$id"
}

@test "test_watch_what_is_not_counted_is_not_shown" {
	local sim

	clang -O2 -g --target=bpf -c "$BATS_FILE_TMPDIR/xdpdrop.c" -o "$BATS_TEST_TMPDIR/hw.o"
	echo "10 1" > /sys/bus/netdevsim/new_device
	sim=$(ls /sys/bus/netdevsim/devices/netdevsim10/net)
	bpftool prog load "$BATS_TEST_TMPDIR/hw.o" /sys/fs/bpf/xdphw type xdp offload_dev "$sim"
	bpftool net attach xdpoffload pinned /sys/fs/bpf/xdphw dev "$sim"

	lines 'all((.value | keys) == [ "xmit_bytes", "xmit_drops", "xmit_packets" ] and
		(.rate | keys) == [ "xmit_bytes", "xmit_drops", "xmit_packets" ])' \
		ctrl watch xdp_stats key "$sim" interval 0.1 count 1
	works bpftool ctrl watch xdp_stats key "$sim" interval 0.1 count 1
	[[ $out == *" $sim:  xmit_packets 0 +0 0.0/s  xmit_bytes 0 +0 0.0/s  xmit_drops 0 +0 0.0/s"$'\n'* ]] || show
	works bpftool ctrl xdp stats dev "$sim" watch interval 0.1 count 1
	[[ $out == *" $sim:  xmit 0  xmit-bit/s 0  xmit-drop 0"$'\n'* ]] || show

	bpftool net detach xdpoffload dev "$sim"
	rm /sys/fs/bpf/xdphw
	echo 10 > /sys/bus/netdevsim/del_device
}

@test "test_watch_xdp_rates" {
	lines 'all(.ifname == "xdp0" and .stats.drop == '"$packets"' and .rate.drop == 0)' \
		ctrl xdp stats watch interval 0.1 count 2
	lines 'map(.ifname) | index("idle0")' ctrl xdp stats all watch interval 0.1 count 1

	traffic
	works bpftool ctrl xdp stats dev xdp0 watch interval 1 count 2
	[[ $(tail -n 1 <<< "$out") =~ ^xdp0:\ \ packets\ \+[0-9]+\ \ bytes\ \+[0-9]+\ \ drop\ \+[0-9]+$ ]] || show
	[[ $(sed -n 2p <<< "$out") =~ ^[0-9:]{8}\ xdp0:\ \ pps\ ([0-9]+)\ \ bit/s\ ([0-9.]+k?)\ .*\ drop\ ([0-9]+)\  ]] || show
	[ "${BASH_REMATCH[1]}" -gt 0 ] && [ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[3]}" ] || show
}

# on_terminal STEP... -- COMMAND...: and the terminal is afterwards what it was before
on_terminal()
{
	try "$TERMINAL" "$@"
	[ "$status" = 0 ] || show
	[[ $out == *$'\nrestored\ncursor shown\nmain screen' ]] || show
}

@test "test_watch_on_a_terminal_q_quits" {
	on_terminal wait:xmit_drops send:q -- bpftool ctrl watch xdp_stats key xdp0
	[[ $out == *"KEY "*"COUNTER "*"VALUE "*"DELTA "*PER-SECOND* ]] || show
	[[ $out == *" xdp0 "*" packets "* && $out == *$'\nexit 0\n'* ]] || show
	on_terminal size:24,132 wait:XMIT-DROP send:xq -- bpftool ctrl xdp stats watch
	[[ $out == *DEV*PPS*BIT/S*XMIT-DROP* && $out == *$'\nexit 0\n'* ]] || show
}

@test "test_watch_on_a_terminal_signals_leave_it_as_it_was" {
	local name

	on_terminal wait:xdp0 'send:\x03' -- bpftool ctrl watch xdp_stats
	[[ $out == *$'\nsignal 2\n'* ]] || show
	for name in INT:2 TERM:15 HUP:1; do
		on_terminal wait:xdp0 "signal:${name%:*}" -- bpftool ctrl xdp stats watch
		[[ $out == *$'\n'"signal ${name#*:}"$'\n'* ]] || show
	done
}

@test "test_watch_on_a_terminal_stops_and_goes_on" {
	on_terminal wait:xdp0 'send:\x1a' stopped signal:CONT wait:xdp0 send:q -- \
		bpftool ctrl watch xdp_stats interval 60
	[[ $out == "stopped: restored"* && $out == *$'\nexit 0\n'* ]] || show
}

@test "test_watch_on_a_terminal_that_is_resized" {
	local frame

	# 12 counters each: too many lines, and too long ones
	on_terminal wait:xdp0 size:10,40 wait:more size:5,20 wait:more size:60,200 wait:idle0 send:q -- \
		bpftool ctrl watch xdp_stats interval 60
	sed -n 's/^-- frame of \([0-9]*\) lines, the longest of \([0-9]*\)$/\1 \2/p' <<< "$out" \
		> "$BATS_TEST_TMPDIR/frames"
	[ "$(wc -l < "$BATS_TEST_TMPDIR/frames")" -ge 4 ] || show
	read -ra frame < <(sed -n 2p "$BATS_TEST_TMPDIR/frames")
	[ "${frame[0]}" -le 10 ] && [ "${frame[1]}" -le 40 ] || show
	read -ra frame < <(sed -n 3p "$BATS_TEST_TMPDIR/frames")
	[ "${frame[0]}" -le 5 ] && [ "${frame[1]}" -le 20 ] || show

	on_terminal wait:xdp0 size:4,10 wait:more size:24,80 wait:xdp0 send:q -- \
		bpftool ctrl xdp stats all watch interval 60
}

@test "test_watch_on_a_terminal_ends_after_count" {
	on_terminal -- bpftool ctrl watch xdp_stats key xdp0 interval 0.1 count 3
	[ "$(grep -c '^-- frame' <<< "$out")" = 4 ] && [[ $out == *$'\nexit 0\n'* ]] || show
}

@test "test_watch_on_a_terminal_errors_are_seen_afterwards" {
	ip link add gone0 type dummy
	on_terminal wait:gone0 "run:ip link del gone0" -- \
		bpftool ctrl watch xdp_stats key gone0 interval 0.1
	[[ $out == *"Error: key 'gone0' of xdp_stats is gone"$'\n'* ]] || show
	[[ $out != *$'\nexit 0\n'* ]] || show
}

@test "test_watch_on_a_terminal_that_goes" {
	try "$TERMINAL" wait:xdp0 hangup -- bpftool ctrl watch xdp_stats interval 60
	[ "$status" = 0 ] && [[ $out == *$'\nsignal 1' || $out == *$'\nexit '* ]] || show
}

@test "test_watch_on_a_dumb_terminal_prints_lines" {
	WATCH_TERM=dumb on_terminal -- bpftool ctrl watch xdp_stats key xdp0 interval 0.1 count 2
	[ "$(grep -c " xdp0:  packets $packets " <<< "$out")" = 2 ] || show
	[[ $out != *"-- frame"* ]] || show
	# JSON is never a table
	on_terminal -- bpftool -j ctrl watch xdp_stats key xdp0 interval 0.1 count 2
	[ "$(grep -c '^{"type":"xdp_stats"' <<< "$out")" = 2 ] && [[ $out != *"-- frame"* ]] || show
}
