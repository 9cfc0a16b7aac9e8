# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Whether a command loads the megabytes of vmlinux's BTF, as strace has it.

# opens_vmlinux COMMAND...: in $opened the calls that open it, as a file or by its id
opens_vmlinux()
{
	local calls=$BATS_TEST_TMPDIR/calls

	: "${vmlinux:=$(bpftool -j btf show | jq '.[] | select(.name == "vmlinux").id')}"
	[ "$vmlinux" -gt 0 ]
	works strace -f -qq -e trace=open,openat,openat2,bpf -o "$calls" "$@"
	grep -q 'bpf(BPF_' "$calls"
	opened=$(grep -E "/vmlinux|BPF_BTF_GET_FD_BY_ID, \{btf_id=${vmlinux}[,}]" "$calls") || true
}

# loads_no_vmlinux WORD...: bpftool with these words does not
loads_no_vmlinux()
{
	opens_vmlinux bpftool "$@"
	[ -z "$opened" ] || {
		echo "bpftool $*: $opened"
		return 1
	}
}
