#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# Wrong words: one sentence, an exit status, valid JSON, and nothing changed.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/testtype

setup()
{
	maps=$(bpftool -j map list | jq -c 'map(.id)')
	pins=$(find /sys/fs/bpf)
}

teardown()
{
	[ "$(bpftool -j map list | jq -c 'map(.id)')" = "$maps" ]
	[ "$(find /sys/fs/bpf)" = "$pins" ]
}

@test "test_errors_unknown_type_names_those_there_are" {
	local known

	known=$(bpftool -j ctrl list | jq -r 'map(.type) | join(", ")')
	for command in list dump schema; do
		refuses "no control type 'lost' in this kernel, it has: $known" $command lost
	done
	refuses "no control type 'lost' in this kernel, it has: $known" \
		pin lost /sys/fs/bpf/lost
	# a name is not a prefix
	refuses "no control type 'xdp' in this kernel, it has: $known" dump xdp
}

@test "test_errors_no_such_device" {
	refuses "can't find device 'lost': No such device" xdp show dev lost
	refuses "can't find device 'lost': No such device" xdp stats dev lost
	refuses "can't find device 'lost': No such device" dump xdp_stats key lost
	refuses "can't look up key '99999' of xdp_stats: no such key" dump xdp_stats key 99999
}

# One parser reads them all: decimal or 0x, no sign, no rest, no second prefix, 64 bits at most.
@test "test_errors_numbers" {
	local word at=61

	ip link add num0 type veth peer name num1
	for word in 0x 0x0x1 08x +1 18446744073709551616; do
		refuses "can't parse cookie '$word': not a number or too large" \
			socket show cookie "$word"
		refuses "count '$word' is no number from 1 on" watch xdp_stats count "$word"
		refuses "'num' needs a number of up to 32 bits, got: '$word'" \
			xdp set redirect-rings dev lo num "$word"
		refuses "member 'rings.num' is __u32, 0 to 4294967295, got: '$word'" \
			set xdp_attr key num0 rings.num "$word"
		echo "[{\"type\":\"xdp_attr\",\"ifname\":\"num0\",\"value\":{\"rings\":{\"num\":\"$word\"}}}]" \
			> "$BATS_TEST_TMPDIR/json"
		refuses "$BATS_TEST_TMPDIR/json:1:$at: member 'rings.num' is __u32, 0 to 4294967295, got: '$word'" \
			apply "$BATS_TEST_TMPDIR/json"
	done
	for word in 1e1 -1 0x0x1 .; do
		refuses "interval '$word' is no number of seconds from 0.01 to 86400" \
			watch xdp_stats interval "$word"
	done
	ip link del num0
}

@test "test_errors_numbers_are_never_octal" {
	refuses "can't get socket filter 10: it does not exist" socket show cookie 010
	refuses "can't get socket filter 16: it does not exist" socket show cookie 0x10
	refuses "can't get socket filter 16: it does not exist" socket show cookie 0X010
	[ "$(bpftool -j ctrl watch xdp_stats key lo interval 0.01 count 0x2 | wc -l)" = 2 ]
}

# With -j, too, the sentence is on stderr: where else?
@test "test_errors_output_that_is_lost" {
	local options command

	for options in "" "-j "; do
		for command in list "dump xdp_stats" "dump xdp_attr" "dump registry" "schema xdp_stats" "xdp show all"; do
			try sh -c "bpftool ${options}ctrl $command > /dev/full"
			[ "$status" != 0 ] || show
			[[ $err == *"Error: can't write to standard output"?(": No space left on device") ]] || show
			# what is opened meanwhile, sockets and maps, gets nothing of it
			try sh -c "bpftool ${options}ctrl $command >&-"
			[ "$status" != 0 ] || show
			[[ $err == *"Error: can't write to standard output"?(": Bad file descriptor") ]] || show
		done
	done
}

@test "test_errors_quotes_stay_json" {
	local known

	known=$(bpftool -j ctrl list | jq -r 'map(.type) | join(", ")')
	refuses "no control type 'a\"b\\c' in this kernel, it has: $known" dump 'a"b\c'
}

@test "test_errors_without_capabilities" {
	try setpriv --bounding-set -all --inh-caps -all bpftool ctrl list
	[ "$status" != 0 ]
	[ "$err" = "Error: can't open control type registry: Operation not permitted: it takes CAP_BPF, and CAP_NET_ADMIN or, for probes, CAP_PERFMON" ] ||
		show

	try setpriv --bounding-set -sys_admin,-net_admin bpftool -j ctrl xdp stats
	[ "$status" != 0 ]
	jq -e '.error | startswith("can'"'"'t open control type xdp_stats: Operation not permitted")' <<< "$out" ||
		show
}

@test "test_errors_btf_takes_sys_admin" {
	works setpriv --bounding-set -sys_admin bpftool ctrl list
	try setpriv --bounding-set -sys_admin bpftool ctrl dump xdp_stats
	[ "$status" != 0 ]
	[[ $err == "Error: can't get BTF of xdp_stats by id ("*"): Operation not permitted: it takes CAP_SYS_ADMIN" ]] ||
		show
	# the table does without
	try setpriv --bounding-set -sys_admin bpftool ctrl xdp stats all
	[ "$status" = 0 ] && [[ $out == DEV* ]] || show
}

# refusing ERRNO [CTRL_TYPE] COMMAND...: the kernel says that of control maps, but as it is with
# a seccomp filter
refusing()
{
	gcc -shared -fPIC -o "$BATS_TEST_TMPDIR/refusing.so" -x c - <<-'C'
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <errno.h>
		#include <stdarg.h>
		#include <stdlib.h>
		#include <sys/syscall.h>
		#include <linux/bpf.h>

		static int refuses(long command, union bpf_attr *attr)
		{
			return atoi(getenv("REFUSED")) == command && (command != BPF_MAP_CREATE ||
			       atoi(getenv("REFUSED_TYPE")) < 0 ||
			       attr->map_extra == (unsigned int)atoi(getenv("REFUSED_TYPE")));
		}

		long syscall(long number, ...)
		{
			static long (*next)(long number, ...);
			va_list args;
			long a[6];

			va_start(args, number);
			for (int i = 0; i < 6; i++)
				a[i] = va_arg(args, long);
			va_end(args);
			if (number == __NR_bpf && refuses(a[0], (union bpf_attr *)a[1])) {
				errno = atoi(getenv("REFUSED_BY"));
				return -1;
			}
			if (!next)
				next = dlsym(RTLD_NEXT, "syscall");
			return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
		}
	C
	env REFUSED="$1" REFUSED_TYPE="$2" REFUSED_BY="$3" LD_PRELOAD="$BATS_TEST_TMPDIR/refusing.so" "${@:4}"
}

# 0: BPF_MAP_CREATE, 2: BPF_MAP_UPDATE_ELEM, 15: BPF_OBJ_GET_INFO_BY_FD
@test "test_errors_eperm_with_all_capabilities" {
	try refusing 0 -1 1 bpftool ctrl list
	[ "$status" = 255 ]
	[ "$err" = "Error: can't open control type registry: Operation not permitted: the capabilities are there, so seccomp or a security module (LSM) refuses it" ] || show
}

@test "test_errors_einval_is_not_that_there_are_no_control_maps" {
	try refusing 0 1 22 bpftool ctrl xdp set stats on
	[ "$status" = 255 ]
	[ "$err" = "Error: can't open control type xdp_stats: Invalid argument" ] || show
}

@test "test_errors_that_have_no_name" {
	try refusing 15 -1 524 bpftool ctrl list
	[ "$status" = 255 ]
	[ "$err" = "Error: can't get map info of registry: Not supported by this kernel" ] || show
}

@test "test_errors_exit_statuses_of_what_the_kernel_says" {
	load_test_type
	# of the test's objects the fourth can't be set
	local two='{"type":"test","key":1,"value":{}}
		{"type":"test","key":4,"value":{"u32":77}}'

	try bpftool ctrl dump lost
	[ "$status" = 2 ]
	try bpftool ctrl dump registry key 99
	[ "$status" = 2 ]
	try bpftool ctrl set xdp_attr key lost rings.num 1
	[ "$status" = 2 ]
	try bpftool ctrl set xdp_attr key lo lost 1
	[ "$status" = 1 ]
	try bpftool ctrl dump registry key x
	[ "$status" = 1 ]
	try bpftool ctrl set xdp_attr key lo mode 1
	[ "$status" = 255 ]
	try bpftool ctrl apply <<< "$two"
	[ "$status" = 3 ] && [[ $out == *"0 changed, 1 unchanged, 1 failed" ]] || show
	try bpftool ctrl apply <<< "${two#*$'\n'}"
	[ "$status" = 255 ]
	try without net_admin bpftool ctrl xdp show
	[ "$status" = 255 ]
	# a batch reads what it applies from where it is told
	echo 'ctrl apply -' > "$BATS_TEST_TMPDIR/batch"
	try bpftool batch file "$BATS_TEST_TMPDIR/batch" <<< "${two%%$'\n'*}"
	[ "$status" = 0 ] && [[ $out == *"0 changed, 1 unchanged, 0 failed"* ]] || show
	# one that is read from there itself goes on with it to the end
	try bpftool batch file - <<< "ctrl apply -"$'\n'"${two%%$'\n'*}"
	[ "$status" = 0 ] && [[ $out == *"0 changed, 1 unchanged, 0 failed"* ]] || show
	try bpftool batch file - <<< $'ctrl apply -\nctrl list'
	[ "$status" = 255 ] && [ "$err" = "Error: stdin:1:5: '[' or '{' expected near 'ctrl'" ] || show
}

@test "test_errors_in_a_batch" {
	printf 'ctrl list\nctrl dump lost\nctrl list\n' > "$BATS_TEST_TMPDIR/batch"
	try bpftool batch file "$BATS_TEST_TMPDIR/batch"
	[ "$status" != 0 ] && [[ $err == "Error: no control type 'lost' in this kernel"* ]] || show
	try bpftool -j batch file "$BATS_TEST_TMPDIR/batch"
	[ "$status" != 0 ] && [ -z "$err" ] || show
	jq -e 'length == 2 and (.[1].output.error | startswith("no control type"))' <<< "$out" || show
}

# words: each usage line of the manual page, of alternatives the first and of what is
# optional all
words()
{
	sed -nE '/^CTRL COMMANDS/,/^DESCRIPTION/s/^\| \*\*bpftool\*\* \*\*ctrl //p' \
		"$BATS_TEST_DIRNAME/../../docs/bpftool-ctrl.rst" |
		sed -E 's/\*|\\//g; s/\{ ([^ |]+)[^}]*\}/\1/g; s/[][]//g; s/ \.\.\.//'
}

# Wherever a command line ends: one line of JSON, an error unless the exit status is 0.
@test "test_errors_json_of_every_command_line" {
	local words i printed=$BATS_TEST_TMPDIR/printed

	while read -ra words; do
		for ((i = 1; i <= ${#words[@]}; i++)); do
			try timeout 120 bpftool -j ctrl "${words[@]:0:i}" < /dev/null
			[[ $status =~ ^(0|1|2|255)$ && -z $err && $out != *$'\n'* ]] || show
			echo "$status $out" >> "$printed"
		done
	done < <(words)
	bpftool ctrl xdp set stats off
	[ "$(wc -l < "$printed")" -ge 60 ]
	cat "$printed"
	jq -nRe '[ inputs | capture("^(?<status>[0-9]+) (?<text>.*)$") | (.text | fromjson) as $json |
		.status == "0" or ($json | keys == [ "error" ]) ] | all' "$printed"
}
