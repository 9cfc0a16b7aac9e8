#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
# needs: build/prometheus/versions
#
# What Debian's Prometheus has to say of files for it.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

PROMTOOL=$TOP/build/prometheus/usr/bin/promtool

@test "test_promtool_alerts_fire_when_they_shall" {
	cd "$TOP/examples/prometheus" || return
	try "$PROMTOOL" check rules alerts.yml
	[ "$status" = 0 ] || show
	try "$PROMTOOL" test rules alerts-test.yml
	[ "$status" = 0 ] || show
	# each of them is tried, and does fire
	sed -n 's/^ *- alert: //p' alerts.yml > "$BATS_TEST_TMPDIR/alerts"
	[ "$(wc -l < "$BATS_TEST_TMPDIR/alerts")" -ge 5 ]
	while IFS= read -r alert; do
		grep -A 1 "alertname: $alert\$" alerts-test.yml | grep -q exp_alerts
	done < "$BATS_TEST_TMPDIR/alerts"
}

# As Debian has it, changed by the commands in README.md
@test "test_promtool_configuration_of_the_readme" {
	local command dir=$BATS_TEST_TMPDIR/etc

	mkdir "$dir"
	cp "$TOP/build/prometheus/etc/prometheus/prometheus.yml" "$TOP/examples/prometheus/alerts.yml" "$dir"
	command=$(sed -n "s,^    \(sed -i .*\) /etc/prometheus/prometheus.yml,\1,p" "$TOP/README.md")
	[ -n "$command" ]
	bash -c "$command $dir/prometheus.yml"
	try "$PROMTOOL" check config "$dir/prometheus.yml"
	[ "$status" = 0 ] && [[ $out == *"6 rules found"* ]] || show
}

# "ctrl metrics" of any bytes is checked line by line in tests/fuzz/metrics.c; this is what it
# compares as a whole, and the devices of this machine.
@test "test_promtool_has_nothing_to_say_of_metrics" {
	bpftool ctrl metrics all > "$BATS_TEST_TMPDIR/metrics"
	try "$PROMTOOL" check metrics < "$BATS_TEST_TMPDIR/metrics"
	[ "$status" = 0 ] && [ -z "$out$err" ] || show
	sed -n 's/^	"\(.*\)\\n".*/\1/p' "$TOP/tests/fuzz/metrics.c" | sed 's/\\\(.\)/\1/g' \
		> "$BATS_TEST_TMPDIR/golden"
	grep -q queue_busy_seconds_total "$BATS_TEST_TMPDIR/golden"
	try "$PROMTOOL" check metrics < "$BATS_TEST_TMPDIR/golden"
	[ "$status" = 0 ] && [ -z "$out$err" ] || show
}

@test "test_promtool_strict_parser_of_openmetrics" {
	bpftool ctrl metrics all format openmetrics > "$BATS_TEST_TMPDIR/metrics"
	works env PYTHONPATH="$TOP/build/prometheus/usr/lib/python3/dist-packages" python3 -c '
import sys
from prometheus_client.openmetrics.parser import text_fd_to_metric_families
print(sorted(family.name for family in text_fd_to_metric_families(open(sys.argv[1]))))
' "$BATS_TEST_TMPDIR/metrics"
	[[ $out == *"'xdp_counting'"* ]] || show
}
