# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# What the tests of the control types for kprobes, cgroups and sockets share.

load ../lib/command

TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
# shellcheck disable=SC2034 # used by the tests
CLIENTS=$TOP/build/tests/clients
PATH=$TOP/build/tests/tools:$PATH

# without CAP... COMMAND: run it without these capabilities, such as net_admin.
without()
{
	local caps=$1

	shift
	setpriv --bounding-set "-${caps//,/,-}" "$@"
}

# object SECTION: a program of this kind that returns 1, compiled; its file is printed.
object()
{
	local c=$BATS_FILE_TMPDIR/allow.c

	cat > "$c" <<-C
	__attribute__((section("$1"), used))
	int allow(void *ctx)
	{
		return 1;
	}

	char _license[] __attribute__((section("license"))) = "GPL";
	C
	clang -O2 -g --target=bpf -c "$c" -o "${c%.c}.o"
	echo "${c%.c}.o"
}

# wait_for COMMAND: until it succeeds, for 10 s at most.
wait_for()
{
	local i

	for ((i = 0; i < 200; i++)); do
		! eval "$1" > /dev/null 2>&1 || return 0
		sleep 0.05
	done
	echo "not in 10 s: $1"
	return 1
}

# value TYPE KEY FILTER: what jq's FILTER says of the value.
value()
{
	bpftool -j ctrl dump "$1" key "$2" | jq -r ".[0].value | $3"
}
