#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: host
# needs: build/kernel-deb/.config
#
# The packages that "make kernel-deb" made, which takes as long as a kernel does: unpacked, and
# what is in them booted. With CONFIG=build/x86_64/.config drivers are in the kernel, with Debian's
# own (of linux-config-6.12, LSMOD=kconfig/virtual-machine.lsmod) they are modules.

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

# shellcheck disable=SC2016 # expanded in the machine
@test "test_kernel_deb_is_marked_and_boots" {
	local root=$BATS_TEST_TMPDIR/root kind=x86_64 release

	dpkg-deb -x "$(one linux-image-)" "$root"
	"$TOP/build/linux/scripts/extract-vmlinux" "$root"/boot/vmlinuz-* > "$root/vmlinux"
	if ! grep -q /virtio_mmio.ko "$root"/lib/modules/*/modules.builtin; then
		kind=debian-6.12
		release=$(basename "$root"/lib/modules/*)
		make -C "$TOP" build/vm/modprobe
		mkdir -p "$root/usr/lib"
		ln -s ../../lib/modules "$root/usr/lib/modules"
		/usr/sbin/depmod -b "$root" "$release"
		"$TOP/scripts/build-initrd" "$root" "$TOP/build/vm/modprobe"
	fi
	# what it can control, and packets that it counts
	try env VM_KERNEL="$root/vmlinux" "$TOP/vm/run" -k "$kind" -- sh -ec '
		uname -r
		ip link add xdp0 type veth peer name xdp1
		bpftool ctrl xdp set stats on
		bpftool -j ctrl list
		bpftool -j ctrl xdp show dev xdp0'
	[ "$status" = 0 ] && [ "$(wc -l <<< "$out")" = 3 ] || show
	[[ $out == *-ctrl$'\n'* ]] || show
	sed -n 2p <<< "$out" | jq -e 'map(select(.type == "xdp_stats").source) == [ "kernel" ]'
	sed -n 3p <<< "$out" | jq -e '.[0].ifname == "xdp0"'
}

@test "test_kernel_deb_headers" {
	dpkg-deb -c "$(one linux-headers-)" > "$BATS_TEST_TMPDIR/files"
	grep -q '/include/uapi/linux/bpf_ctrl.h$' "$BATS_TEST_TMPDIR/files"
}
