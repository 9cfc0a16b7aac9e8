#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
# queue: um
#
# shellcheck disable=SC2016,SC2154 # expanded in the machine; set by run
#
# vm/run itself, on the host, with the um kernel. VM_KIND=x86_64 runs the same there.

load ../lib/common

setup()
{
	bats_require_minimum_version 1.5.0
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
	kind=${VM_KIND:-um}
	export TMPDIR=$BATS_TEST_TMPDIR/private
	mkdir "$TMPDIR"
	cd "$top" || return
}

teardown()
{
	[ -z "${background:-}" ] || kill -KILL "$background" || :
}

vm()
{
	vm/run -k "$kind" -t 300 "$@"
}

crash()
{
	vm sh -c "echo $1 >/sys/kernel/debug/provoke-crash/DIRECT" </dev/null
}

# Nothing is left in TMPDIR, nor a process that was started with it.
assert_nothing_left()
{
	wait_for nothing_left
}

nothing_left()
{
	[ -z "$(ls -A "$TMPDIR")" ] && fails pgrep -fa "$TMPDIR"
}

@test "vm: bad usage is refused" {
	run -2 vm/run -k um
	[[ $output == *"expected a command"* ]]
	run -2 vm/run --nonsense true
	[[ $output == *"'--nonsense'"* ]]
	run -2 vm/run -k vax true
	[[ $output == *"'vax'"* ]]
	run -2 vm/run -m lots true
	[[ $output == *"'lots'"* ]]
	run -2 vm/run -t
	[[ $output == *"after -t"* ]]
	run -2 vm/run -k um -c 2 true
	[[ $output == *"one CPU"* ]]
	run -2 vm/run -k um --icount true
	run -2 vm/run -k um --net true
	run -2 vm/run -k x86_64 -c 9 true
	run -2 vm/run -k x86_64 -c 2 --icount true
	run -2 env VM_KERNEL=/nonexistent vm/run true
	[[ $output == *"make kernel"* ]]
}

@test "vm: -h explains every option" {
	local option
	run -0 vm/run -h
	for option in -k -c -m -t -l --icount --net --no-leak-scan -v; do
		[[ $output == *$'\n'"  $option "* ]]
	done
}

@test "vm: the exit status is the command's" {
	run -0 vm true </dev/null
	run -7 vm sh -c 'exit 7' </dev/null
	run -143 vm sh -c 'kill -TERM $$' </dev/null
	run -127 vm no-such-command </dev/null
}

@test "vm: stdout arrives byte for byte, stderr apart" {
	head -c 300000 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
	cd "$BATS_TEST_TMPDIR"
	"$top/vm/run" -k "$kind" -- sh -c 'cat bytes; printf "e\\n\\0e" >&2' </dev/null \
		>out 2>err
	cmp bytes out
	printf 'e\n\0e' | cmp - err
}

@test "vm: stdin arrives byte for byte, from a file and from a pipe" {
	head -c 2000000 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
	# What a terminal could swallow, and a line longer than it takes.
	printf 'a\004\004\026\026\003\032\177\r\r\n\n\0\377' >>"$BATS_TEST_TMPDIR/bytes"
	head -c 9000 /dev/zero | tr '\0' x >>"$BATS_TEST_TMPDIR/bytes"
	vm cat <"$BATS_TEST_TMPDIR/bytes" >"$BATS_TEST_TMPDIR/copy"
	cmp "$BATS_TEST_TMPDIR/bytes" "$BATS_TEST_TMPDIR/copy"
	# A reader slower than the writer.
	head -c 200000 "$BATS_TEST_TMPDIR/bytes" | vm dd bs=16 status=none \
		>"$BATS_TEST_TMPDIR/copy"
	head -c 200000 "$BATS_TEST_TMPDIR/bytes" | cmp - "$BATS_TEST_TMPDIR/copy"
	[ "$(vm wc -c </dev/null)" -eq 0 ]
	[ "$(vm wc -c <&-)" -eq 0 ]
}

@test "vm: stdin arrives before it ends" {
	local answer input

	coproc vm sh -c 'while read -r line; do echo "got $line"; done'
	input=${COPROC[1]}
	echo one >&"$input"
	read -r -t 300 answer <&"${COPROC[0]}"
	[ "$answer" = "got one" ]
	exec {input}>&-
	wait "$COPROC_PID"
}

@test "vm: output that nobody reads any more ends it" {
	run -141 bash -c "set -o pipefail; vm/run -k $kind -t 300 yes </dev/null | head -n 1"
	[ "$output" = y ]
	assert_nothing_left
}

@test "vm: the command is root on this machine's files and the host's do not change" {
	cd "$BATS_TEST_TMPDIR"
	echo old >file
	chmod 600 file
	"$top/vm/run" -k "$kind" -- sh -c '
		test "$(id -u)" = 0 &&
		test "$(pwd)" = "$1" && test "$(cat file)" = old &&
		echo new >file && test "$(cat file)" = new &&
		rm -r "$2/vm" && ! test -e "$2/vm/run" &&
		echo x >/etc/from-vm && echo x >"$2/from-vm" && mkdir /from-vm &&
		chown 1:1 file && mount -t tmpfs none /mnt
	' sh "$BATS_TEST_TMPDIR" "$top" </dev/null
	[ "$(cat file)" = old ]
	[ "$(stat -c %u file)" = "$(id -u)" ]
	[ -x "$top/vm/run" ]
	[ ! -e /etc/from-vm ]
	[ ! -e /from-vm ]
	[ ! -e "$top/from-vm" ]
}

@test "vm: file systems, tools and network are set up" {
	vm bash -euc '
		for fs in bpf:/sys/fs/bpf debugfs:/sys/kernel/debug cgroup2:/sys/fs/cgroup \
				proc:/proc sysfs:/sys tmpfs:/tmp tmpfs:/run devpts:/dev/pts; do
			grep -q " ${fs#*:} ${fs%%:*} " /proc/mounts || { echo "no $fs"; exit 1; }
		done
		case $PATH in "$1/build/bin":*) ;; *) echo "PATH=$PATH"; exit 1 ;; esac
		test "$LANG" = C.UTF-8
		test "$(ip -o link | wc -l)" = 1
		cat <(echo a) >/dev/null
		ping -c 1 -W 60 127.0.0.1 >/dev/null || ip link show lo | grep -q LOWER_UP
		ip netns add one
		ip netns add two
		ip link add v0 netns one type veth peer name v1 netns two
		ip netns exec one ip link set v0 up
		ip netns exec two ip link show v1 >/dev/null
		ip netns exec one ls /sys/class/net/v0 >/dev/null
		ip netns del one
		unshare -Urn true
		touch /sys/fs/bpf 2>/dev/null && mkdir /sys/fs/bpf/dir
	' bash "$top" </dev/null
}

@test "vm: -m is honoured" {
	local kb
	for mb in 200 400; do
		kb=$(vm -m $mb awk '/MemTotal/ { print $2 }' /proc/meminfo </dev/null)
		[ "$kb" -gt $((mb * 1024 * 3 / 4)) ]
		[ "$kb" -le $((mb * 1024)) ]
	done
}

@test "vm: a panic is a failure with the kernel log" {
	run -125 --separate-stderr crash PANIC
	[[ $stderr == "vm/run: the kernel ended without a result"* ]]
	[[ $stderr == *"Kernel panic - not syncing: dumptest"* ]]
	[[ $stderr == *"Linux version"* ]]
}

@test "vm: a dereference of NULL is a failure" {
	run -125 crash EXCEPTION
}

@test "vm: a warning is a failure even if the command succeeds" {
	run -125 --separate-stderr crash WARNING
	[[ $stderr == "vm/run: the kernel complained (WARNING: CPU"* ]]
	[[ $stderr == *"Linux version"* ]]
}

@test "vm: every report of a debugging kernel is recognised, other messages are not" {
	local line
	while IFS= read -r line; do
		grep -qEf "$top/vm/complaints" <<<"[    1.0] $line" || { echo "$line"; false; }
	done <<-'END'
	BUG: KASAN: slab-use-after-free in ctrl_map_free+0x12/0x34
	BUG: sleeping function called from invalid context at mm/slab.h:1
	UBSAN: array-index-out-of-bounds in net/core/filter.c:1:2
	WARNING: possible circular locking dependency detected
	WARNING: suspicious RCU usage
	INFO: task bpftool:12 blocked for more than 120 seconds.
	rcu: INFO: rcu_sched self-detected stall on CPU
	kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
	refcount_t: underflow; use-after-free.
	ref_tracker: net notrefcnt@00000000f1 has 1/1 users at
	leaked reference.
	unregister_netdevice: waiting for v0 to become free. Usage count = 2
	Oops: general protection fault, probably for non-canonical address
	END
	run -1 grep -Ef "$top/vm/complaints" <<-'END'
	random: crng init done
	kmemleak: Kernel memory leak detector initialized (mem pool available: 15768)
	FAULT_INJECTION: forcing a failure.
	lkdtm: No crash points registered, enable through debugfs
	Running RCU self tests
	END
}

@test "vm: a fault that only the kernel log shows is found" {
	run -125 vm sh -c 'echo "BUG: invented" >/dev/kmsg' </dev/null
	[[ $output == *"(BUG: invented)"* ]]
}

@test "vm: a hang of the command or of the kernel ends at the time limit" {
	run -124 --separate-stderr vm -t 3 -l "$BATS_TEST_TMPDIR/log" sleep 1000 </dev/null
	[[ $stderr == "vm/run: no result within 3 s"* ]]
	grep -q 'Linux version' "$BATS_TEST_TMPDIR/log"
	run -124 vm -t 3 sh -c 'echo LOOP >/sys/kernel/debug/provoke-crash/DIRECT' </dev/null
	assert_nothing_left
}

@test "vm: a process left behind does not delay the end" {
	run -0 vm sh -c 'for i in 1 2 3; do sleep 1000 & done; echo done' </dev/null
	[ "$output" = "done" ]
}

@test "vm: two at once do not disturb each other" {
	local one

	coproc vm sh -c 'echo up; read -r _; cat /tmp/mine 2>/dev/null; echo one'
	one=$COPROC_PID
	read -r -t 300 _ <&"${COPROC[0]}"
	[ "$(vm sh -c 'echo x >/tmp/mine; echo two' </dev/null)" = two ]
	echo >&"${COPROC[1]}"
	[ "$(cat <&"${COPROC[0]}")" = one ]
	wait "$one"
	assert_nothing_left
}

@test "vm: nothing is left behind, whether it ends or is ended" {
	local signal
	vm true </dev/null
	assert_nothing_left
	for signal in INT TERM HUP KILL; do
		rm -f "$BATS_TEST_TMPDIR/up"
		# Without job control background processes ignore SIGINT, and what this
		# was started by may have ignored others, as nohup does.
		set -m
		env --default-signal vm/run -k "$kind" sh -c 'echo up; sleep 1000' </dev/null \
			>"$BATS_TEST_TMPDIR/up" 2>&1 3>&- &
		background=$!
		set +m
		wait_for grep -s up "$BATS_TEST_TMPDIR/up"
		[ -n "$(ls -A "$TMPDIR")" ]
		pgrep -f "$TMPDIR" >/dev/null
		kill -$signal "$background"
		status=0
		wait "$background" || status=$?
		background=''
		[ "$status" = $((128 + $(kill -l "$signal"))) ]
		assert_nothing_left
	done
}

@test "vm run -c: um of 7.3 has several CPUs" {
	[ -e build/um-7.3/linux ] || skip "there is no um-7.3 (make kernel-um-7.3)"
	run vm/run -k um-7.3 -c 2 nproc </dev/null
	[ "$status" -eq 0 ]
	[ "$output" = 2 ]
	run -2 vm/run -k um-7.3 -c 9 true
}
