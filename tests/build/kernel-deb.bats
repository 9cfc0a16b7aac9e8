#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
# needs: build/kernel-deb/.config
#
# The packages that "make kernel-deb CONFIG=build/x86_64/.config" made, which takes as long as a
# kernel does: unpacked, and what is in them booted.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command

DIR=$TOP/build/kernel-deb

# one NAME: the package that begins so, and there is no other
one()
{
	local found=("$DIR/$1"[0-9]*.deb)

	[ "${#found[@]}" = 1 ] && [ -e "${found[0]}" ] || fail "not one: ${found[*]}"
	echo "${found[0]}"
}

@test "test_kernel_deb_is_marked_and_boots" {
	local root=$BATS_TEST_TMPDIR/root image

	image=$(one linux-image-)
	dpkg-deb -x "$image" "$root"
	"$TOP/build/linux/scripts/extract-vmlinux" "$root"/boot/vmlinuz-* > "$BATS_TEST_TMPDIR/vmlinux"
	try env VM_KERNEL="$BATS_TEST_TMPDIR/vmlinux" "$TOP/vm/run" -k x86_64 -- \
		sh -c 'uname -r; bpftool -j ctrl list'
	[ "$status" = 0 ] || show
	[[ $out == *-ctrl$'\n'* ]] || show
	tail -n 1 <<< "$out" | jq -e 'map(select(.type == "xdp_stats").source) == [ "kernel" ]'
}

@test "test_kernel_deb_headers" {
	dpkg-deb -c "$(one linux-headers-)" > "$BATS_TEST_TMPDIR/files"
	grep -q '/include/uapi/linux/bpf_ctrl.h$' "$BATS_TEST_TMPDIR/files"
}
