#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: debian-6.12 debian-7.3
# boot: own
#
# XDP statistics without control maps, switched by several at once, and by who is killed.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

setup_file()
{
	pins=$(find "$BPF" | sort)
	export pins
}

teardown()
{
	rm -f "$PIN"*
}

links()
{
	bpftool -j link show | jq 'map(select(.type == "tracing" or .type == "raw_tracepoint")) | length'
}

has_links()
{
	[ "$(links)" = "$1" ]
}

# Everything is there, or nothing.
is_on()
{
	works bpftool ctrl xdp counting
	[ "$out" = "on, by 1 map, pinned at $PIN" ] || show
	wait_for has_links 4
	[ "$(find "$BPF" -name 'bpftool_ctrl_xdp_stats*' | wc -l)" = 7 ]
}

is_off()
{
	works bpftool ctrl xdp counting
	[ "$out" = off ] || show
	wait_for has_links 0
	[ "$(find "$BPF" | sort)" = "$pins" ]
}

# killed VERB NEXT: whenever VERB is killed behind a system call that changes something, NEXT
# does what it says.
killed()
{
	local nr=1 status

	while :; do
		status=0
		syscalls kill "$nr" bpftool ctrl xdp set stats "$1" || status=$?
		[ "$status" != 0 ] || break
		[ "$status" = 137 ]
		works bpftool ctrl xdp set stats "$2"
		"is_$2"
		nr=$((nr + 1))
	done
	"is_$1"
	# what was to be cut short was: three maps and four links
	[ "$nr" -gt 7 ]
}

@test "test_stats_on_is_killed_and_off_follows" {
	killed on off
}

@test "test_stats_off_is_killed_and_on_follows" {
	bpftool ctrl xdp set stats on
	killed off on
}

# is_good COMMAND...: it ends well, whatever others do
is_good()
{
	local said

	said=$("$@" 2>&1) || fail "$*: $said"
}

@test "test_stats_are_switched_and_read_by_ten_at_once" {
	local i pids=()

	for i in 1 2 3 4; do
		is_good bpftool ctrl xdp set stats on 3>&- &
		pids+=($!)
		is_good bpftool -j ctrl xdp stats all 3>&- &
		pids+=($!)
	done
	for i in 1 2; do
		is_good bpftool ctrl xdp set stats off 3>&- &
		pids+=($!)
	done
	[ "${#pids[@]}" = 10 ]
	for i in "${pids[@]}"; do
		wait "$i"
	done
	works bpftool ctrl xdp set stats on
	is_on
	works bpftool ctrl xdp set stats off
	is_off
}

# A part that is missing is what is missing: it counts as off, and is made anew.
@test "test_stats_that_lost_a_part" {
	local part id

	bpftool ctrl xdp set stats on
	for part in "${PIN}"_more "${PIN}"_count_run; do
		id=$(bpftool -j map show pinned "$PIN" | jq .id)
		rm "$part"
		works bpftool ctrl xdp counting
		[ "$out" = off ] || show
		works bpftool ctrl xdp set stats on
		is_on
		[ "$(bpftool -j map show pinned "$PIN" | jq .id)" != "$id" ]
	done
}

# Who may read the files may read the counters, and needs nothing else.
@test "test_stats_to_read_take_read_permission_only" {
	local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups) dir

	bpftool ctrl xdp set stats on
	chmod 755 "$BPF"
	chmod 444 "$PIN"*
	json '.[0].stats.packets == 0' ctrl xdp stats dev lo
	works "${nobody[@]}" bpftool -j ctrl xdp stats dev lo
	jq -e '.[0].stats.packets == 0' <<< "$out"
	# all of them: without one, devices would seem to have no packets
	chmod 600 "${PIN}_home"
	try "${nobody[@]}" bpftool -j ctrl xdp stats dev lo
	[ "$status" != 0 ] && [ "$out" = "{\"error\":\"can't open ${PIN}_home: Permission denied\"}" ] || show
	chmod 444 "${PIN}_home"
	chmod 700 "$BPF"
	for command in "stats dev lo" counting; do
		# shellcheck disable=SC2086 # words
		try "${nobody[@]}" bpftool ctrl xdp $command
		[ "$status" != 0 ] && [ "$err" = "Error: can't open $PIN: Permission denied" ] || show
	done
	# metrics stay what they were
	dir=$(mktemp -d)
	chmod 777 "$dir"
	echo old > "$dir/m.prom"
	try "${nobody[@]}" bpftool ctrl metrics xdp_stats output "$dir/m.prom"
	[ "$status" != 0 ] && [ "$err" = "Error: can't open $PIN: Permission denied" ] || show
	[ "$(ls -A "$dir")" = m.prom ] && [ "$(< "$dir/m.prom")" = old ] || show
	rm -r "$dir"
	# nor does a list say that there are none
	works "${nobody[@]}" bpftool -j ctrl list xdp_stats
	jq -e '.[0] | has("source") and (has("users") | not)' <<< "$out"
	works "${nobody[@]}" bpftool ctrl list xdp_stats
	[[ $out == *"  users ?  source fallback" ]] || show
}

# What is there is opened by way of /proc: without that it is not that nothing is there.
@test "test_stats_take_proc" {
	local command

	bpftool ctrl xdp set stats on
	for command in counting "stats all" "set stats on" "set stats off"; do
		try unshare --mount sh -c "mount -t tmpfs none /proc; exec bpftool ctrl xdp $command"
		[ "$status" = 255 ] && [ "$err" = "Error: can't open $PIN: it takes /proc, which is not mounted here" ] || show
	done
	is_on
}
