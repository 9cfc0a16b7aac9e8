#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um debian-6.12
# needs: build/prometheus/versions
#
# Debian's Prometheus and node_exporter, on the loopback device: what is counted of real packets
# arrives there as it is.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

EXAMPLES=$TOP/examples/prometheus
PROMETHEUS=$TOP/build/prometheus/usr/bin
DROPPED='xdp_packets_total{device="xdp0",action="drop"}'

ask()
{
	"$BATS_TEST_DIRNAME/prometheus.py" "$@"
}

# says EXPR VALUE: soon
says()
{
	[ "$(ask value "$1")" = "$2" ]
}

write_metrics()
{
	bpftool ctrl metrics xdp_stats xdp_attr output "$TEXTFILES/bpftool-ctrl.prom"
}

setup_file()
{
	export TEXTFILES=$BATS_FILE_TMPDIR/textfiles

	mkdir "$TEXTFILES"
	cat > "$BATS_FILE_TMPDIR/prometheus.yml" <<-YML
	global:
	  scrape_interval: 500ms
	rule_files: [ "$EXAMPLES/alerts.yml" ]
	scrape_configs:
	  - job_name: node
	    static_configs:
	      - targets: [ "127.0.0.1:9100" ]
	YML
	bpftool ctrl xdp set stats on
	prog xdpdrop 1
	pair xdp0 xdp1
	sender xdp1
	bpftool net attach xdpdrv pinned /sys/fs/bpf/xdpdrop dev xdp0
	send 1
	write_metrics
	"$PROMETHEUS/prometheus-node-exporter" --web.listen-address=127.0.0.1:9100 \
		--collector.disable-defaults --collector.textfile \
		--collector.textfile.directory="$TEXTFILES" > "$BATS_FILE_TMPDIR/exporter.log" 2>&1 3>&- &
	echo $! > "$BATS_FILE_TMPDIR/pids"
	"$PROMETHEUS/prometheus" --config.file="$BATS_FILE_TMPDIR/prometheus.yml" \
		--storage.tsdb.path="$BATS_FILE_TMPDIR/tsdb" \
		--web.listen-address=127.0.0.1:9090 > "$BATS_FILE_TMPDIR/prometheus.log" 2>&1 3>&- &
	echo $! >> "$BATS_FILE_TMPDIR/pids"
	wait_for says "$DROPPED" 1
}

teardown_file()
{
	local pid

	while read -r pid; do
		kill "$pid"
		wait "$pid" || true
	done < "$BATS_FILE_TMPDIR/pids"
	leave_nothing
}

teardown()
{
	enough
}

@test "test_prometheus_has_what_was_sent" {
	again write_metrics
	send 20
	wait_for says "$DROPPED" 21
	send 50
	wait_for says "$DROPPED" 71
	says 'xdp_bytes_total{device="xdp0"}' $((71 * 43))
	says 'sum(xdp_packets_total{device="xdp0"})' 71
	says 'xdp_counting' 1
	says 'node_textfile_scrape_error' 0
	# the first of them was there before
	[ "$(ask counted "$DROPPED")" = "70 0" ]
}

# Where counters stay when counting is off they go on; else they begin anew, and nothing is lost.
@test "test_prometheus_counting_begins_anew" {
	local resets=0

	again write_metrics
	bpftool ctrl xdp set stats off
	wait_for says xdp_counting 0
	bpftool ctrl xdp set stats on
	[ "$(value xdp_stats xdp0 '.drop // 0')" = 71 ] || resets=1
	send 7
	wait_for says "$DROPPED" "$((resets ? 7 : 78))"
	[ "$(ask counted "$DROPPED")" = "77 $resets" ]

	# and so they do with another device of that name
	ip link del xdp0
	wait_for says "count($DROPPED) or vector(0)" 0
	pair xdp0 xdp1
	sender xdp1
	bpftool net attach xdpdrv pinned /sys/fs/bpf/xdpdrop dev xdp0
	send 5
	wait_for says "$DROPPED" 5
	[ "$(ask counted "$DROPPED")" = "82 $((resets + 1))" ]
}

@test "test_prometheus_runs_the_dashboards_queries" {
	works "$EXAMPLES/plot" "$EXAMPLES/dashboard.json" http://127.0.0.1:9090 60
	grep -Eq '^[1-9][0-9]* values: Packets by action' <<< "$out"
	# all of them, but where nothing has rings
	[ "$(grep -Ec '^[1-9][0-9]* values: ' <<< "$out")" -ge 6 ] || show
	says 'count(ALERTS{alertname="XdpDrops"}) or vector(0)' 0
}
