# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# shellcheck shell=bash disable=SC2034,SC2154 # variables shared with vm/run
#
# User-mode Linux as the machine. Serial line 0 is the command's input and output, 1 its
# error output, 2 its exit status, 3 the request for more input,
# 4 the terminal's new size.

vm_check()
{
	if [[ $kind = *-7.3 ]]; then
		[[ $cpus = [1-8] ]] || die "$kind has 1 to 8 CPUs, not $cpus"
	else
		[ "$cpus" -eq 1 ] || die "$kind has one CPU, not $cpus (use -k um-7.3 or x86_64)"
	fi
	[ -z "$icount" ] || die "--icount needs -k x86_64"
	[ -z "$net" ] || die "--net and --nic need -k x86_64"
}

# A serial line has no end of file, and its input can stop for good when the reader is so
# slow that the line is throttled. So stdin goes in chunks through files, one at a time:
# the number of each is a line of input, and serial line 3 answers when it has been taken.
# What is typed, or pasted, on a terminal is slowed down.
vm_prepare()
{
	mkfifo -m 600 "$tmp/taken"
	if [ -n "$interactive" ]; then
		stdin_filter='while dd bs=512 count=1 status=none; do sleep 0.02; done'
	else
		# shellcheck disable=SC2016 # expanded by the helper
		stdin_filter='
			exec 3<>"$1/taken"
			for ((n = 0; ; n++)); do
				chunk=$1/stdin.$n
				dd bs=1M count=1 status=none of="$chunk" && [ -s "$chunk" ] || break
				echo $n
				read -r _ <&3
				rm -- "$chunk"
			done
			echo end'
	fi
}

vm_exec()
{
	# Without address randomisation there is no gap after the program to be covered by
	# memory. A container may forbid that.
	local fixed=(setarch -R)
	"${fixed[@]}" true 2>/dev/null || fixed=()
	# Watched by seccomp, processes cost half of what they do with ptrace; and only so there
	# are several CPUs.
	case $kind:$cpus in
	*-7.3:1) kernel_args+=(seccomp=auto) ;;
	*-7.3:*) kernel_args+=(seccomp=on "ncpus=$cpus") ;;
	esac
	exec <>"$tmp/in" 5<>"$tmp/taken" 6<>"$tmp/control"
	TMPDIR=$tmp exec setsid "${fixed[@]}" "$kernel" "mem=${mb}M" umid=vm "uml_dir=$tmp/" \
		rootfstype=hostfs rootflags=/ ro "init=$tmp/init" "VM_DIR=$tmp" VM_TYPE=um \
		stderr=1 con=null con0=null,fd:2 \
		ssl=null ssl0=fd:0,fd:1 ssl1=null,fd:3 ssl2=null,fd:4 ssl3=null,fd:5 ssl4=fd:6,null \
		"${kernel_args[@]}"
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
