#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
# needs: build/port/clang/done
#
# What "make port" built for other machines, and by other compilers: all that takes no kernel
# is the same there. Programs of other machines are run by QEMU.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

PORT=$TOP/build/port
KINDS=(i386 s390x lto clang)

# runner KIND: in $runner what runs a program of that kind, with its own libraries only
runner()
{
	local usr=$PORT/root/usr lib

	case $1 in
	i386) runner=("$usr/bin/qemu-i386" "$usr/lib/ld-linux.so.2") lib=i386 ;;
	s390x) runner=("$usr/bin/qemu-s390x" "$usr/lib/ld64.so.1") lib=s390x ;;
	*) runner=("$usr/lib64/ld-linux-x86-64.so.2") lib=x86_64 ;;
	esac
	runner+=(--library-path "$usr/lib/$lib-linux-gnu")
}

# bytes FILE: its class and the order of its bytes, as ELF has them
bytes()
{
	od -An -tx1 -j4 -N2 "$1" | tr -d ' '
}

@test "test_port_is_what_it_is_called" {
	[ "$(bytes "$PORT/i386/bpftool/bpftool")" = 0101 ]
	[ "$(bytes "$PORT/s390x/bpftool/bpftool")" = 0202 ]
	[ "$(bytes "$PORT/lto/bpftool/bpftool")" = 0201 ]
	[[ $(strings -a "$PORT/clang/bpftool/bpftool") =~ clang\ version\ ([0-9]+) ]]
	[ "${BASH_REMATCH[1]}" -ge 19 ]
}

@test "test_port_unit_programs_pass" {
	local kind unit

	for kind in "${KINDS[@]}"; do
		runner "$kind"
		for unit in value json name metrics btf; do
			works "${runner[@]}" "$PORT/$kind/unit/$unit" \
				"$TOP/tests/fuzz/corpus/$unit"/*
		done
	done
}

# The BTF that is built in has the order of this machine, whoever reads it.
@test "test_port_schemas_are_the_same" {
	local kind type format

	for kind in "${KINDS[@]}"; do
		runner "$kind"
		for type in xdp_stats xdp_attr kprobe cgroup registry; do
			for format in c json; do
				works "${runner[@]}" "$PORT/$kind/bpftool/bpftool" \
					ctrl schema $type format $format
				bpftool ctrl schema $type format $format | diff - "$BATS_TEST_TMPDIR/out"
			done
		done
	done
}

# What is refused before a kernel is asked
@test "test_port_words_are_refused_alike" {
	local kind only

	for kind in "${KINDS[@]}"; do
		runner "$kind"
		mkdir "$BATS_TEST_TMPDIR/$kind"
		printf '#!/bin/sh\nexec %s "$@"\n' "${runner[*]} $PORT/$kind/bpftool/bpftool" \
			> "$BATS_TEST_TMPDIR/$kind/bpftool"
		chmod +x "$BATS_TEST_TMPDIR/$kind/bpftool"
		# QEMU has no generic netlink, without which no device can be asked for
		only=.
		[[ ${runner[0]} != */qemu-* ]] || only='(words|damage|commands?|names)$'
		CTRL_TEST_BIN=$BATS_TEST_TMPDIR/$kind try bats -f "$only" "$TOP/tests/errors/words.bats" \
			"$TOP/tests/xdp-redirect/words.bats" "$TOP/tests/set/words.bats"
		[ "$status" = 0 ] || show
	done
}
