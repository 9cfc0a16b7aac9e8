# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# shellcheck shell=bash disable=SC2034,SC2154 # variables shared with vm/run
#
# User-mode Linux as the machine. Serial line 0 is the command's input and output, 1 its
# error output, 2 its exit status.

vm_check()
{
	[ "$cpus" -eq 1 ] || die "$kind has one CPU, not $cpus (use -k x86_64)"
	[ -z "$icount" ] || die "--icount needs -k x86_64"
	[ -z "$net" ] || die "--net needs -k x86_64"
}

# A serial line has no end of file: descriptor 0 is opened for writing as well, so that the
# line is never hung up. Instead the guest's end is in canonical mode without any special
# characters but ^D, which ends a read, and ^V, which quotes; a line has at most 4 KB.
vm_prepare()
{
	stdin_filter='
		LC_ALL=C stdbuf -oL sed "s/.\{1000\}/&\n/g; s/[\x04\x16]/\x16&/g; y/\n/\x04/"
		printf "\004\004"'
	[ -z "$interactive" ] || stdin_filter='exec cat'
}

vm_exec()
{
	# Without address randomisation there is no gap after the program to be covered by
	# memory. A container may forbid that.
	local fixed=(setarch -R)
	"${fixed[@]}" true 2>/dev/null || fixed=()
	exec <>"$tmp/in"
	TMPDIR=$tmp exec setsid "${fixed[@]}" "$kernel" "mem=${mb}M" umid=vm "uml_dir=$tmp/" \
		rootfstype=hostfs rootflags=/ ro "init=$tmp/init" "VM_DIR=$tmp" VM_TYPE=um \
		stderr=1 con=null con0=null,fd:2 \
		ssl=null ssl0=fd:0,fd:1 ssl1=null,fd:3 ssl2=null,fd:4 \
		ignore_loglevel panic=-1 random.trust_cpu=on
}

# When asked to end it reaps its own children. If it doesn't soon, it is killed.
vm_end()
{
	local try

	kill -TERM "$machine" || return 0
	for try in {1..50}; do
		kill -0 "$machine" || return 0
		sleep 0.02
	done
}
