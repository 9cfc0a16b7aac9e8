#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
#
# The words of ctrl metrics, and where its text goes.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

# holds TEXT: the file that the tests write, and it alone is where it is
holds()
{
	[ "$(< "$FILE")" = "$1" ] && [ "$(ls -A "${FILE%/*}")" = "${FILE##*/}" ]
}

setup()
{
	mkdir "$BATS_TEST_TMPDIR/dir"
	FILE=$BATS_TEST_TMPDIR/dir/metrics.prom
}

@test "test_metrics_refuses_words" {
	refuses "no control type 'nonsense' in this kernel, it has: $(types)" metrics nonsense
	refuses "no control type 'al' in this kernel, it has: $(types)" metrics al
	refuses "expected 'prometheus' or 'openmetrics', got: 'json'" metrics format json
	refuses "'output' needs at least 1 arguments, 0 found" metrics all output
	refuses "'format' needs at least 1 arguments, 0 found" metrics format
	refuses "can't make metrics of registry: its values have no counters" \
		metrics registry output "$FILE"
	[ ! -e "$FILE" ]
}

@test "test_metrics_are_no_json" {
	try bpftool -j ctrl metrics xdp_stats
	[ "$status" != 0 ] && [ -z "$err" ] || show
	[ "$out" = "{\"error\":\"metrics are no JSON: they need 'output' and the name of a file\"}" ] || show
	json '. == null' ctrl metrics xdp_stats output "$FILE"
	grep -qx '# EOF' "$FILE"
}

@test "test_metrics_file_is_whole_or_what_it_was" {
	echo old > "$FILE"
	refuses "can't make metrics of registry: its values have no counters" \
		metrics xdp_stats registry output "$FILE"
	holds old
	works bpftool ctrl metrics xdp_stats output "$FILE"
	holds "$(bpftool ctrl metrics xdp_stats)"
	[ "$(stat -c %a "$FILE")" = 644 ]
}

@test "test_metrics_file_keeps_link_and_devices" {
	ln -s dir/metrics.prom "$BATS_TEST_TMPDIR/link"
	touch "$FILE"
	works bpftool ctrl metrics xdp_stats output "$BATS_TEST_TMPDIR/link"
	[ -L "$BATS_TEST_TMPDIR/link" ]
	holds "$(bpftool ctrl metrics xdp_stats)"
	# one of another user may lead anywhere
	chown -h 65534 "$BATS_TEST_TMPDIR/link"
	refuses "can't write $BATS_TEST_TMPDIR/link: it is another user's link" \
		metrics xdp_stats output "$BATS_TEST_TMPDIR/link"
	ln -s loop "$BATS_TEST_TMPDIR/loop"
	refuses "can't write $BATS_TEST_TMPDIR/loop: Too many levels of symbolic links" \
		metrics xdp_stats output "$BATS_TEST_TMPDIR/loop"
	refuses "can't write /dev/full: it is no file" metrics xdp_stats output /dev/full
	refuses "can't write ${FILE%/*}: Is a directory" metrics xdp_stats output "${FILE%/*}"
	refuses "can't write $FILE/below: Not a directory" metrics xdp_stats output "$FILE/below"
	rm -r "${FILE%/*}"
	refuses "can't write $FILE: No such file or directory" metrics xdp_stats output "$FILE"
}

@test "test_metrics_output_that_is_lost" {
	try bash -c 'bpftool ctrl metrics xdp_stats > /dev/full'
	[ "$status" != 0 ] || show
	[ "$err" = "Error: can't write to standard output: No space left on device" ] || show
}

@test "test_metrics_of_a_kernel_that_counts_nothing" {
	works bpftool ctrl metrics xdp_stats all
	[ "$out" = "# HELP xdp_counting Whether XDP is counted on this machine.
# TYPE xdp_counting gauge
xdp_counting 0
# EOF" ] || show
}

@test "test_metrics_completion" {
	# shellcheck source=/dev/null
	source "$BATS_TEST_DIRNAME/../../bash-completion/bpftool-ctrl" 2> /dev/null || true
	_filedir() { COMPREPLY+=(files); }
	# shellcheck disable=SC2034 # of the function
	args=(metrics) cur=
	_bpftool_ctrl
	[[ " ${COMPREPLY[*]} " == *" xdp_stats "*" all format output "* ]]
	args=(metrics xdp_stats xdp_attr all output)
	_bpftool_ctrl
	[[ " ${COMPREPLY[*]} " == *" files "* ]]
	# shellcheck disable=SC2034 # of the function
	args=(metrics format)
	_bpftool_ctrl
	[[ " ${COMPREPLY[*]} " == *" prometheus openmetrics "* ]]
}
