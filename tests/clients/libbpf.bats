#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# The tree's libbpf: control maps in BPF objects, and probing for them.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

setup_file()
{
	local lib=$BATS_TEST_DIRNAME/../../build/bpftool/libbpf

	export LOADER=$BATS_FILE_TMPDIR/loader
	cat > "$LOADER.c" <<-'C'
	#include <stdio.h>
	#include <string.h>
	#include <bpf/libbpf.h>

	static int look_up(const struct bpf_map *map)
	{
		char value[4096];
		unsigned int key = 1;

		return bpf_map__lookup_elem(map, &key, sizeof(key), value,
					    bpf_map__value_size(map), 0);
	}

	int main(int argc, char **argv)
	{
		struct bpf_object *obj;
		struct bpf_map *map;
		int err;

		if (!strcmp(argv[1], "probe")) {
			printf("%d %s\n", libbpf_probe_bpf_map_type(60, NULL),
			       libbpf_bpf_map_type_str(60));
			return 0;
		}

		obj = bpf_object__open(argv[1]);
		err = obj ? bpf_object__load(obj) : 1;
		if (err)
			return 1;
		map = bpf_object__next_map(obj, NULL);
		printf("key %u value %u entries %u ctrl_type %llu lookup %d\n",
		       bpf_map__key_size(map), bpf_map__value_size(map),
		       bpf_map__max_entries(map),
		       (unsigned long long)bpf_map__map_extra(map), look_up(map));
		bpf_object__close(obj);
		return 0;
	}
	C
	gcc -Wall -I"$lib/include" "$LOADER.c" "$lib/libbpf.a" -lelf -lz -o "$LOADER"
}

teardown()
{
	rm -f /sys/fs/bpf/map
}

# object DEFINITION...: compile an object with the one map that is defined so.
object()
{
	{
		echo '#define __uint(name, val) int (*name)[val]'
		echo '#define __type(name, val) typeof(val) *name'
		echo 'struct {'
		printf '\t%s;\n' "$@"
		echo '} map __attribute__((section(".maps"), used));'
		echo 'char _license[] __attribute__((section("license"))) = "GPL";'
	} > "$BATS_TEST_TMPDIR/map.c"
	clang -O2 -g --target=bpf -c "$BATS_TEST_TMPDIR/map.c" -o "$BATS_TEST_TMPDIR/map.o"
}

@test "test_libbpf_refuses_ctrl_type_other_than_map_extra" {
	object '__uint(type, 60)' '__uint(ctrl_type, 1)' '__uint(map_extra, 2)'
	try "$LOADER" "$BATS_TEST_TMPDIR/map.o"
	[ "$status" != 0 ]
	[[ $err == *"map 'map': conflicting map_extra and ctrl_type 1 != 2."* ]] || show

	object '__uint(type, 60)' '__uint(map_extra, 1)' '__uint(ctrl_type, 1)'
	works "$LOADER" "$BATS_TEST_TMPDIR/map.o"
}

@test "test_libbpf_refuses_ctrl_type_of_another_map_type" {
	object '__uint(ctrl_type, 1)' '__uint(type, 1)' '__type(key, int)' '__type(value, long)' \
		'__uint(max_entries, 1)'
	try "$LOADER" "$BATS_TEST_TMPDIR/map.o"
	[ "$status" != 0 ]
	[[ $err == *"map 'map': ctrl_type in a map of another type."* ]] || show
}

@test "test_libbpf_takes_sizes_from_the_kernel" {
	object '__uint(type, 60)' '__uint(ctrl_type, 1)'
	works "$LOADER" "$BATS_TEST_TMPDIR/map.o"
	[ "$out" = "key 4 value 112 entries 4294967295 ctrl_type 1 lookup 0" ] || show
}

@test "test_libbpf_passes_no_btf_of_its_own" {
	object '__uint(type, 60)' '__uint(ctrl_type, 1)' '__uint(max_entries, 7)' \
		'__type(key, int)' '__type(value, struct { long valid; long packets; })'
	# nothing is said about a second try without BTF
	works "$LOADER" "$BATS_TEST_TMPDIR/map.o"
	[ "$out" = "key 4 value 16 entries 7 ctrl_type 1 lookup 0" ] || show
}

@test "test_libbpf_reuses_a_pin" {
	object '__uint(type, 60)' '__uint(ctrl_type, 1)' '__uint(pinning, 1)'
	works "$LOADER" "$BATS_TEST_TMPDIR/map.o"
	[ -e /sys/fs/bpf/map ]
	works "$LOADER" "$BATS_TEST_TMPDIR/map.o"
	[ "$out" = "key 4 value 112 entries 4294967295 ctrl_type 1 lookup 0" ] || show

	object '__uint(type, 60)' '__uint(ctrl_type, 0)' '__uint(pinning, 1)'
	try "$LOADER" "$BATS_TEST_TMPDIR/map.o"
	[ "$status" != 0 ] && [[ $err == *"parameter mismatch"* ]] || show
}

@test "test_libbpf_probes_and_names_the_type" {
	works "$LOADER" probe
	[ "$out" = "1 control" ] || show
}
