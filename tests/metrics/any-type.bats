#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# ctrl metrics of types that the tool has never heard of, and of sockets, whose names may be
# anything.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/testtype

setup_file()
{
	load_test_type
}

@test "test_metrics_of_an_unknown_type" {
	# one of its objects can't be read
	refuses "can't read test: Input/output error" metrics test output "$BATS_TEST_TMPDIR/m.prom"
	[ ! -e "$BATS_TEST_TMPDIR/m.prom" ]
	# so it is here
	refuses "can't read test: Input/output error" metrics all output "$BATS_TEST_TMPDIR/m.prom"
}

# What a path may have, and a label as it is may not.
@test "test_metrics_of_a_socket_with_an_odd_name" {
	local path=$BATS_TEST_TMPDIR/'a"b\c'$'\n\xfe'

	cat > "$BATS_TEST_TMPDIR/bind.py" <<-'PY'
	import ctypes, os, socket, sys

	# what SO_ATTACH_FILTER takes: one instruction that lets all pass
	code = ctypes.create_string_buffer(bytes((6, 0, 0, 0, 0xff, 0xff, 0, 0)))
	sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	sock.bind(os.environb[b"SOCKET"])
	sock.setsockopt(socket.SOL_SOCKET, 26, b"\1\0\0\0\0\0\0\0" +
			ctypes.addressof(code).to_bytes(8, "little"))
	print("bound", flush=True)
	sys.stdin.read()
	PY
	mkfifo "$BATS_TEST_TMPDIR/end"
	SOCKET=$path python3 "$BATS_TEST_TMPDIR/bind.py" < "$BATS_TEST_TMPDIR/end" > "$BATS_TEST_TMPDIR/bound" 3>&- &
	exec 4> "$BATS_TEST_TMPDIR/end"
	wait_for grep -q bound "$BATS_TEST_TMPDIR/bound"
	works bpftool ctrl metrics socket_filter all
	grep -F '/a\"b\\c\n'$'\uf7fe''"} 0' <<< "$out" || show
	exec 4>&-
	wait
}
