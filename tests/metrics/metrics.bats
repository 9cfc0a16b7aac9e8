#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um debian-6.12
#
# ctrl metrics: each number is that of "ctrl dump", and is there if it is counted.

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

# metrics WORD...: in $BATS_TEST_TMPDIR/metrics
metrics()
{
	works bpftool ctrl metrics "$@"
	printf '%s\n' "$out" > "$BATS_TEST_TMPDIR/metrics"
}

# is SAMPLE: it is there, once
is()
{
	[ "$(grep -cxF -e "$1" "$BATS_TEST_TMPDIR/metrics")" = 1 ] ||
		fail "no $1 in $(< "$BATS_TEST_TMPDIR/metrics")"
}

# none PATTERN: there is no such line
none()
{
	fails grep -E -e "$1" "$BATS_TEST_TMPDIR/metrics"
}

@test "test_metrics_of_xdp" {
	local action

	metrics xdp_stats
	is 'xdp_packets_total{device="xdp0",action="drop"} 5'
	for action in aborted pass tx redirect invalid; do
		is "xdp_packets_total{device=\"xdp0\",action=\"$action\"} 0"
	done
	is 'xdp_bytes_total{device="xdp0"} 215'
	is 'xdp_redirect_errors_total{device="xdp0"} 0'
	is 'xdp_counting 1'
	# never ran XDP; and what is the sum of others
	none '"(lo|xdp1)"|^xdp_packets_total\{[^,]*\}'
	metrics xdp_stats all
	is 'xdp_packets_total{device="lo",action="pass"} 0'
}

@test "test_metrics_leave_out_what_is_not_counted" {
	metrics xdp_stats all
	if [ "$(value xdp_stats xdp0 'has("xmit_bytes")')" = true ]; then
		is 'xdp_xmit_bytes_total{device="xdp0"} 0'
	else
		none xmit_bytes
	fi
}

# Of each family a HELP, a TYPE and its samples, all behind each other, once; # EOF is last.
@test "test_metrics_are_grouped" {
	metrics xdp_stats xdp_attr all
	awk '
		/^# HELP / { family = $3; if (seen[family]++) exit 1; next }
		/^# TYPE / { if ($3 != family) exit 1; typed = 1; next }
		/^# EOF$/ { eof = NR; next }
		{ sub(/[{ ].*/, ""); if ($0 != family || !typed) exit 1; samples++ }
		END { if (eof != NR || !samples) exit 1 }' "$BATS_TEST_TMPDIR/metrics"
	[ "$(grep -c '"xdp0"' "$BATS_TEST_TMPDIR/metrics")" -le 14 ]
}

@test "test_metrics_of_rings" {
	pair ring0 ring1
	metrics xdp_attr
	none xdp_redirect_rings
	bpftool ctrl xdp set redirect-rings dev ring0 num 1
	metrics xdp_attr
	is 'xdp_redirect_rings{device="ring0"} 1'
	is 'xdp_redirect_rings_granted{device="ring0"} 1'
	bpftool ctrl xdp set redirect-rings dev ring0 num 0
	metrics xdp_attr all
	is 'xdp_redirect_rings{device="ring0"} 0'
	# of who can have none there is none
	none '(rings|metadata)[a-z_]*\{device="lo"'
	remove ring0
}

# Of rings that the core has a driver make the number is not known: that is not 0.
# bats test_tags=patch
@test "test_metrics_of_rings_by_the_core" {
	local sim

	echo "13 1" > /sys/bus/netdevsim/new_device
	sim=$(ls /sys/bus/netdevsim/devices/netdevsim13/net)
	echo 0 > /sys/kernel/debug/netdevsim/netdevsim13/ports/0/redirect_rings
	works bpftool ctrl xdp set redirect-rings dev "$sim" num 1
	metrics xdp_attr
	is "xdp_redirect_rings{device=\"$sim\"} 1"
	none granted
	echo 13 > /sys/bus/netdevsim/del_device
}

@test "test_metrics_of_a_device_that_is_renamed" {
	ip link set xdp0 down
	ip link set xdp0 name 'x"p\0'
	metrics xdp_stats
	is 'xdp_packets_total{device="x\"p\\0",action="drop"} 5'
	none '"xdp0"'
	ip link set 'x"p\0' name $'x\xff'
	metrics xdp_stats
	is $'xdp_packets_total{device="x\uf7ff",action="drop"} 5'
	ip link set $'x\xff' name xdp0
	up xdp0
	metrics xdp_stats
	is 'xdp_packets_total{device="xdp0",action="drop"} 5'
}

@test "test_metrics_while_devices_swap_their_names" {
	local i

	bpftool net attach xdpdrv pinned /sys/fs/bpf/xdpdrop dev xdp1
	# so many between them that what was read first is in a file
	ip -batch - < <(
		printf 'link add s%d type veth peer name t%d\n' 1 1 2 2
		for ((i = 0; i < 50; i++)); do
			echo "link add u$i type veth peer name v$i"
		done
		printf 'link add s%d type veth peer name t%d\n' 3 3 4 4)
	swap()
	{
		ip -batch - <<-BATCH
		link set s1 name s0
		link set s2 name s1
		link set s3 name s2
		link set s4 name s3
		link set s0 name s4
		BATCH
	}
	again swap
	for i in 1 2 3 4 5 6 7 8 9 10; do
		metrics xdp_attr xdp_stats all
		[ -z "$(grep -v '^#' "$BATS_TEST_TMPDIR/metrics" | sed 's/ [0-9.]*$//' | sort | uniq -d)" ]
	done
	enough
	ip -batch - < <(printf 'link del t%d\n' 1 2 3 4; printf 'link del v%d\n' {0..49})
	bpftool net detach xdpdrv dev xdp1
}

@test "test_metrics_to_a_file_system_that_is_full_or_read_only" {
	local dir=$BATS_TEST_TMPDIR/mnt

	mkdir "$dir"
	mount -t tmpfs -o size=16k tmpfs "$dir"
	echo old > "$dir/m.prom"
	head -c 12288 /dev/zero > "$dir/filler" || true
	refuses "can't write $dir/m.prom: No space left on device" metrics xdp_stats output "$dir/m.prom"
	[ "$(< "$dir/m.prom")" = old ]
	[ "$(find "$dir" -type f | wc -l)" = 2 ]
	rm "$dir/filler"
	mount -o remount,ro "$dir"
	refuses "can't write $dir/m.prom: Read-only file system" metrics xdp_stats output "$dir/m.prom"
	[ "$(< "$dir/m.prom")" = old ]
	umount "$dir"
}

# A reader sees a whole text at any time, and nothing is left over.
@test "test_metrics_two_writers_of_a_file" {
	local dir=$BATS_TEST_TMPDIR/dir i

	mkdir "$dir"
	bpftool ctrl metrics xdp_stats output "$dir/m.prom"
	again bpftool ctrl metrics xdp_stats all output "$dir/m.prom"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		bpftool ctrl metrics xdp_stats all output "$dir/m.prom"
		[ "$(tail -n 1 "$dir/m.prom")" = "# EOF" ]
	done
	enough
	[ "$(ls -A "$dir")" = m.prom ]
}

# bats test_tags=patch
@test "test_metrics_without_permission" {
	local file=$BATS_TEST_TMPDIR/m.prom

	echo old > "$file"
	try without bpf,sys_admin,net_admin,perfmon bpftool ctrl metrics xdp_stats output "$file"
	[ "$status" != 0 ] && [[ $err == "Error: "* ]] || show
	[ "$(< "$file")" = old ]
}

@test "test_metrics_when_counting_is_switched_off" {
	local before

	metrics xdp_stats
	before=$(grep '^xdp_packets' "$BATS_TEST_TMPDIR/metrics")
	bpftool ctrl xdp set stats off
	metrics xdp_stats
	is 'xdp_counting 0'
	# they stand still, or nothing is known any more
	if [ "$(value xdp_stats xdp0)" = '{}' ]; then
		none '^xdp_packets'
	else
		[ "$(grep '^xdp_packets' "$BATS_TEST_TMPDIR/metrics")" = "$before" ]
	fi
	bpftool ctrl xdp set stats on
	send 2
	metrics xdp_stats
	is 'xdp_counting 1'
	is "xdp_packets_total{device=\"xdp0\",action=\"drop\"} $(value xdp_stats xdp0 .drop)"
}
