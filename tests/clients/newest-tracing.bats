#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: x86_64
# needs: build/newest/versions
# vm: -m 1024
#
# Clients that are newer than the series, unmodified, where they need tracing and trampolines.

# shellcheck disable=SC2154 # set by run
load ../lib/traffic
load ../lib/newest

setup_file()
{
	namespaces src
	bpftool ctrl pin xdp_stats "$BPF/newest"
	pair n0 src/s0
	enter_newest
}

teardown()
{
	[ -z "${tracer:-}" ] || { kill "$tracer" && wait "$tracer"; } || true
	ip link del n1 2> /dev/null || true
}

@test "test_newest_bpftrace_iterates_over_control_maps" {
	run newest bpftrace -e \
		'iter:bpf_map { printf("%s is of type %d\n", ctx->map->name, ctx->map->map_type) }'
	[ "$status" = 0 ]
	grep -qx "xdp_stats is of type 60" <<< "$output"
}

# probe: the link of the tracer's probe of __x64_sys_ftruncate
probe()
{
	bpftool -j ctrl kprobe show | jq -e '.[] | select(.value.target == "__x64_sys_ftruncate").key'
}

# hit N: another process is traced, the Nth time
hit()
{
	truncate -s 0 "$BATS_TEST_TMPDIR/file"
	wait_for has_lines "$1"
}

has_lines()
{
	[ "$(grep -cx hit "$BATS_TEST_TMPDIR/trace")" = "$1" ]
}

@test "test_newest_bpftrace_is_shown_and_paused" {
	local id

	"${IN_NEWEST[@]}" bpftrace -B line -e 'kprobe:__x64_sys_ftruncate /comm == "truncate"/ { printf("hit\n") }' \
		> "$BATS_TEST_TMPDIR/trace" 2>&1 3>&- &
	tracer=$!
	wait_for probe
	id=$(probe)
	hit 1
	bpftool ctrl kprobe set id "$id" enabled off
	truncate -s 0 "$BATS_TEST_TMPDIR/file"
	bpftool ctrl kprobe set id "$id" enabled on
	hit 2
}

@test "test_newest_xdp_tools_run_programs_that_are_counted" {
	local programs=/usr/lib/x86_64-linux-gnu/bpf

	newest xdp-loader load -m native n0 $programs/xdpfilt_alw_all.o
	newest xdp-loader load -m native n0 $programs/xdpfilt_alw_eth.o
	run newest xdp-loader status n0
	frames 100 100 src/s0
	bpftool -j ctrl xdp show dev n0 > "$BATS_TEST_TMPDIR/show"
	bpftool ctrl xdp show dev n0 > "$BATS_TEST_TMPDIR/table"
	newest xdp-loader unload n0 --all
	[ "$status" = 0 ]
	grep -qE "^n0 +xdp_dispatcher +native +$(jq '.[0].prog_id' "$BATS_TEST_TMPDIR/show") " <<< "$output"
	grep -qE '^ => +[0-9]+ +xdpfilt_alw_all ' <<< "$output"
	jq -e '.[0] | .mode == "native" and .stats.packets == 100 and .stats.pass == 100' \
		"$BATS_TEST_TMPDIR/show"
	# as xdp-loader has them, in the order in which they run
	[ "$(sed -n 's/^ => *[0-9]* *\([^ ]*\) *[0-9]* *\([^ ]*\) .*/\1 \2/p' <<< "$output")" = \
		"$(jq -r '.[0].dispatches[] | "\(.prog_name) \(.prog_tag)"' "$BATS_TEST_TMPDIR/show")" ]
	grep -qF " xdp_dispatcher($(jq -r '.[0].dispatches | map(.prog_name) | join(",")' \
		"$BATS_TEST_TMPDIR/show"))  " "$BATS_TEST_TMPDIR/table"
}

# counted_at DEV COUNTERS: their sum
counted_at()
{
	bpftool -j ctrl xdp stats dev "$1" | jq "[.[0].stats | $2 // 0] | add"
}

# It redirects as if from lo, and what it returns says nothing.
@test "test_newest_xdp_trafficgen_sends_what_is_counted" {
	pair n1 src/s1
	bpftool ctrl xdp set redirect-rings dev n1 num 1 size 4096
	newest xdp-trafficgen udp -n 3000 n1 > "$BATS_TEST_TMPDIR/sent" 2>&1 || true
	grep -q '^Transmitting on n1 ' "$BATS_TEST_TMPDIR/sent"
	[ "$(counted_at n1 '.xmit_packets, .xmit_drops')" = 3000 ]
	[ "$(counted_at n1 .xmit_packets)" = "$(driver src/s1 xdp_packets)" ]
}

@test "test_newest_xdp_bench_redirects_what_is_counted" {
	local before

	pair n1 src/s1
	bpftool ctrl xdp set redirect-rings dev n1 num 1
	before=$(counted_at n0 .redirect)
	"${IN_NEWEST[@]}" xdp-bench redirect n0 n1 > "$BATS_TEST_TMPDIR/bench" 2>&1 3>&- &
	tracer=$!
	wait_for runs_natively
	frames 300 100 src/s0 src/s1=300
	[ $(($(counted_at n0 .redirect) - before)) = 300 ]
	[ "$(counted_at n1 .xmit_packets)" = 300 ]
	# and what finds no rings
	bpftool ctrl xdp set redirect-rings dev n1 num 0
	frames 200 100 src/s0 src/s1=0
	[ $(($(counted_at n0 .redirect) - before)) = 500 ]
	[ "$(counted_at n0 .redirect_errors)" = 200 ]
	kill -INT "$tracer"
	wait "$tracer" || true
	tracer=
}

runs_natively()
{
	[[ $(ip link show n0) == *" xdp/"* || $(ip link show n0) == *" prog/xdp "* ]]
}
