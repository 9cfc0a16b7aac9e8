# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# What the tests of the command line share.

# shellcheck disable=SC2034,SC2015 # used by the tests; "|| show" is meant for either
# shellcheck source-path=SCRIPTDIR source=common.bash
. "${BASH_SOURCE[0]%/*}/common.bash"

PIN=$BPF/bpftool_ctrl_xdp_stats

# Run a command with the streams kept apart: $status, $out and $err.
try()
{
	status=0
	"$@" > "$BATS_TEST_TMPDIR/out" 2> "$BATS_TEST_TMPDIR/err" || status=$?
	out=$(< "$BATS_TEST_TMPDIR/out")
	err=$(< "$BATS_TEST_TMPDIR/err")
}

show()
{
	echo "status $status"
	echo "out: $out"
	echo "err: $err"
	return 1
}

# The command succeeds and says nothing on stderr.
works()
{
	try "$@"
	[ "$status" = 0 ] && [ -z "$err" ] || show
}

# json FILTER COMMAND...: with -j, COMMAND prints JSON for which FILTER holds.
json()
{
	local filter=$1

	shift
	works bpftool -j "$@"
	jq -es "length == 1 and (.[0] | $filter)" <<< "$out" > /dev/null || show
}

# refuses MESSAGE WORD...: "bpftool ctrl WORD..." fails with this one sentence, in plain
# text and as JSON. (Compared as text, for jq takes long to start.)
refuses()
{
	local message=$1 quoted

	shift
	try bpftool ctrl "$@"
	[ "$status" != 0 ] && [ -z "$out" ] && [ "$err" = "Error: $message" ] || show

	try bpftool -j ctrl "$@"
	quoted=${message//\\/\\\\}
	quoted=${quoted//\"/\\\"}
	[ "$status" != 0 ] && [ -z "$err" ] && [ "$out" = "{\"error\":\"$quoted\"}" ] || show
}

# prog NAME ACTION: load a program that returns ACTION for every packet and pin it.
prog()
{
	local c=$BATS_FILE_TMPDIR/$1.c

	cat > "$c" <<-C
	__attribute__((section("xdp"), used))
	int $1(void *ctx)
	{
		return $2;
	}

	char _license[] __attribute__((section("license"))) = "GPL";
	C
	clang -O2 -g --target=bpf -c "$c" -o "${c%.c}.o"
	bpftool prog load "${c%.c}.o" "/sys/fs/bpf/$1"
}

# types: what this kernel has, as messages list them.
types()
{
	bpftool -j ctrl list | jq -r 'map(.type) | join(", ")'
}

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

# value TYPE KEY [FILTER]: the value of an object, or what jq's FILTER says of it.
value()
{
	bpftool -j ctrl dump "$1" key "$2" | jq -rc ".[0].value | ${3:-.}"
}
