# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# What all tests share. A device DEV is NETNS/NAME, or NAME where the test runs.

# shellcheck disable=SC2034 # used by the tests
TOP=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
# CTRL_TEST_BIN: where another bpftool is
PATH=${CTRL_TEST_BIN:-$TOP/build/bin}:$TOP/build/tests/tools:$PATH
BPF=/sys/fs/bpf
CLIENTS=$TOP/build/tests/clients

# fail MESSAGE: end the test, saying why.
fail()
{
	echo "$*" >&2
	return 1
}

# fails COMMAND...: it does. (What follows a "!" can end a test at its very end only.)
fails()
{
	! "$@" || fail "this should fail: $*"
}

# wait_for COMMAND...: until it succeeds, for $PATIENCE seconds. What takes a second elsewhere may
# take a minute on a machine that is slow and busy.
wait_for()
{
	local end=$((SECONDS + ${PATIENCE:-120}))

	until "$@" > /dev/null 2>&1; do
		if [ "$SECONDS" -ge "$end" ]; then
			"$@" || fail "not in ${PATIENCE:-120} s: $*"
			return
		fi
		sleep 0.02
	done
}

# again COMMAND...: over and over beside the test until "enough", which waits for the last one
# (whoever kills the loop leaves the command of the moment running) and fails if one failed.
again()
{
	rm -f "$BATS_TEST_TMPDIR/enough"
	until [ -e "$BATS_TEST_TMPDIR/enough" ]; do "$@" || exit; done 3>&- &
	again=$!
}

enough()
{
	[ -n "${again:-}" ] || return 0
	touch "$BATS_TEST_TMPDIR/enough"
	set -- "$again"
	again=
	wait "$1"
}

# on NETNS COMMAND: run it there, with this mount namespace (ip netns exec has another
# /sys, thus no bpffs).
on()
{
	nsenter "--net=/run/netns/$1" "${@:2}"
}

# ip_of DEV WORD...: ip, where DEV is.
ip_of()
{
	case $1 in
	*/*) ip -n "${1%/*}" "${@:2}" ;;
	*) ip "${@:2}" ;;
	esac
}

# up DEV...: bring them up. When all have their carrier what is sent arrives: to ask for a
# device takes the lock which the worker holds that makes it known, and lets packets out.
up()
{
	local dev

	for dev; do
		ip_of "$dev" link set "${dev#*/}" up
	done
	for dev; do
		wait_for is_up "$dev"
	done
}

is_up()
{
	[[ $(ip_of "$1" link show "${1#*/}") == *" state "@(UP|UNKNOWN)" "* ]]
}

# pair DEV DEV [MTU]: a veth pair, up, that is quiet. (There is no IPv6 in namespaces().)
pair()
{
	local dev mtu=${3:-1500} netns=()

	[[ $2 != */* ]] || netns=(netns "${2%/*}")
	ip_of "$1" link add "${1#*/}" mtu "$mtu" type veth \
		peer name "${2#*/}" mtu "$mtu" "${netns[@]}"
	for dev in "$1" "$2"; do
		[[ $dev == */* ]] || echo 1 > "/proc/sys/net/ipv6/conf/$dev/disable_ipv6"
	done
	up "$1" "$2"
}

# remove DEV...
remove()
{
	local dev

	for dev; do
		ip_of "$dev" link del "${dev#*/}"
	done
}

# sender DEV: packets to 192.0.2.2 leave through it, though nobody answers.
sender()
{
	ip_of "$1" addr add 192.0.2.1/24 dev "${1#*/}"
	ip_of "$1" neigh add 192.0.2.2 lladdr 02:00:00:00:00:01 dev "${1#*/}"
}

# send N [ADDRESS]: N UDP packets of 43 bytes, to 192.0.2.2, from $SENDER, a namespace, or here.
send()
{
	local i

	if [ -n "${SENDER:-}" ]; then
		on "$SENDER" bash -c "$(declare -f send); send $*"
		return
	fi
	for ((i = 0; i < $1; i++)); do
		printf x > "/dev/udp/${2:-192.0.2.2}/9"
	done
}

# leave_nothing: what the tests of a file have made in a machine goes, however they ended. On
# this machine they make nothing.
leave_nothing()
{
	local path

	[ "${CTRL_TEST_KERNEL:-host}" != host ] || return 0
	ip -all netns delete
	for path in /sys/bus/netdevsim/devices/netdevsim*; do
		[ ! -e "$path" ] || echo "${path##*netdevsim}" > /sys/bus/netdevsim/del_device
	done
	# the kernel's own stay, and of a pair the second is gone when it is its turn
	find /sys/class/net/ -type l -printf 'link del %f\n' | ip -force -batch - 2> /dev/null || true
	find "$BPF" -mindepth 1 -delete
	find /sys/fs/cgroup -mindepth 1 -depth -type d -exec rmdir {} +
	# a map goes a little after its last descriptor
	[ ! -d /sys/module/bpf_test_ctrl ] || wait_for rmmod bpf_test_ctrl
}

# Files that have more to do have their own, which calls it.
teardown_file()
{
	leave_nothing
}
