# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# shellcheck shell=bash disable=SC2034,SC2154 # variables shared with vm/run
#
# QEMU's microvm as the machine: no PCI, no ACPI, which shortens the boot; for --nic its
# q35. It cannot switch itself off, but vm/run ends it anyway. Debian's kernels find
# its devices by ACPI, and have the drivers as modules. (With PCI they take longer to boot:
# 6.1 took 3.6 s of a processor's time, but 4.0 s with q35 and 4.5 s with pc.)

# The QEMU that has an igb (scripts/fetch-qemu): this machine's, or one that was unpacked.
find_igb()
{
	local dir=$top/build/qemu

	[ -e "$dir/version" ] || die "there is no QEMU with an igb yet ('make qemu' gets it)"
	[ -d "$dir/usr" ] || return 0
	qemu=("$dir/usr/bin/qemu-system-x86_64"
		-L "$dir/usr/share/qemu" -L "$dir/usr/share/seabios")
	export QEMU_MODULE_DIR=$dir/usr/lib/x86_64-linux-gnu/qemu
}

qemu=(qemu-system-x86_64)

vm_check()
{
	command -v qemu-system-x86_64 >/dev/null ||
		die "there is no qemu-system-x86_64 (package qemu-system-x86)"
	[ "$cpus" -ge 1 ] && [ "$cpus" -le 8 ] || die "$kind has 1 to 8 CPUs, not $cpus"
	[ -z "$icount" ] || [ "$cpus" -eq 1 ] || die "--icount goes with one CPU, not $cpus"
	case ${VM_ACCEL:-} in
	''|kvm|tcg|tcg-multi) ;;
	*) die "VM_ACCEL: expected kvm, tcg or tcg-multi, got: '$VM_ACCEL'" ;;
	esac
	case $nic in
	''|virtio|vmxnet3|e1000e) ;;
	igb)	find_igb ;;
	*) die "--nic: expected vmxnet3, e1000e, igb or virtio, got: '$nic'" ;;
	esac
}

# /dev/kvm may be there and not work: only a guest that has run proves it. The answer
# holds until the host boots again.
kvm_works()
{
	local cache=$top/build/vm-kvm boot answer

	[ -w /dev/kvm ] || return
	boot=$(cat /proc/sys/kernel/random/boot_id)
	if ! grep -qs "^$boot " "$cache"; then
		answer=no
		if VM_ACCEL=kvm VM_KERNEL=$kernel timeout 60 "$top/vm/run" -k "$kind" -t 20 true \
				</dev/null >/dev/null 2>&1; then
			answer=yes
		fi
		echo "$boot $answer" >"$cache"
	fi
	grep -qs "^$boot yes" "$cache"
}

# The frequency of the time stamp counter. Emulated, it is the host's, which is half the
# host's bogomips; or nanoseconds, with --icount. A guest measures it badly.
tsc_khz()
{
	local key value

	if [ -n "$icount" ]; then
		echo 1000000
		return
	fi
	while IFS=: read -r key value; do
		if [[ $key == bogomips* && ${value# } =~ ^([0-9]+)\.([0-9]{2})$ ]]; then
			echo $((10#${BASH_REMATCH[1]}${BASH_REMATCH[2]} * 5))
			return
		fi
	done </proc/cpuinfo
	return 1
}

vm_prepare()
{
	local khz

	stdin_filter='exec cat'
	clock=''
	if [ -z "$icount" ] &&
	   { [ "${VM_ACCEL:-}" = kvm ] || { [ -z "${VM_ACCEL:-}" ] && kvm_works; }; }; then
		accel=(-accel kvm -cpu host)
		return
	fi
	# Emulated CPUs take turns. As a thread each they may run an int3 that another one has
	# replaced already: machines died of one in bpf_dispatcher_xdp_func() while programs were
	# attached, and while they booted (scripts/int3-loop; QEMU 7.2).
	accel=(-accel tcg,thread=single -cpu max)
	[ "${VM_ACCEL:-}" != tcg-multi ] || accel=(-accel tcg,thread=multi -cpu max)
	[ -z "$icount" ] || accel+=(-icount "shift=0,sleep=off")
	# Debian 12's QEMU finds what it has translated at the same virtual address only, so a
	# program that is somewhere else each time is translated each time: two thirds of what
	# starting and running bpftool takes.
	kernel_args+=(norandmaps)
	! khz=$(tsc_khz) || clock="tsc_early_khz=$khz tsc=reliable"
}

# net_device ID: eth<ID>, whose other end is net<ID>
net_device()
{
	local model=virtio-net-$bus,mq=on

	case $nic:$1 in
	vmxnet3:[01]|e1000e:[01]) model=$nic ;;
	# its virtual functions have numbers of the slots beside it
	igb:[01]) model=igb,bus=port$1
		args+=(-device "pcie-root-port,id=port$1,chassis=$1") ;;
	*:3) model+=,hash=on ;;
	esac
	args+=(-device "$model,netdev=net$1,mac=52:54:00:00:00:0$1")
}

# Two devices that receive what the other sends, one queue pair each; and where this may
# make a network namespace with a bridge and taps, two more, the first with four queue
# pairs, and 192.0.2.1 that answers them. Only a tap has more than one queue, and a guest's
# device on a tap receives large packets (GRO_HW). The last can tell the hash of a packet, for
# which it takes a tap, too, and devices that are no longer those of before virtio 1.0.
net_prepare()
{
	local id unshare=(unshare --net)

	args+=(-global virtio-mmio.force-legacy=false
		-netdev hubport,id=net0,hubid=0 -netdev hubport,id=net1,hubid=0)
	[ "$(id -u)" -eq 0 ] || unshare+=(--map-root-user)
	local taps='ip link add br0 type bridge mcast_snooping 0 &&
		ip addr add 192.0.2.1/24 dev br0 &&
		ip tuntap add tap0 mode tap multi_queue && ip tuntap add tap1 mode tap &&
		for dev in tap0 tap1 br0; do
			echo 1 >/proc/sys/net/ipv6/conf/$dev/disable_ipv6 || :
			[ $dev = br0 ] || ip link set $dev master br0 || exit
			ip link set $dev up || exit
		done'
	if "${unshare[@]}" sh -c "$taps" 2>/dev/null; then
		wrap=("${unshare[@]}" sh -c "$taps && exec \"\$@\"" net)
		args+=(-netdev tap,id=net2,ifname=tap0,script=no,downscript=no,queues=4
			-netdev tap,id=net3,ifname=tap1,script=no,downscript=no)
	fi
	for id in 0 1 2 3; do
		[[ " ${args[*]} " != *",id=net$id,"* ]] ||
			net_device "$id"
	done
}

vm_exec()
{
	local args port wrap=() acpi=off bus=device machine

	# With ACPI, QEMU 10 starts no kernel without option ROMs.
	[ -z "$modules" ] || acpi=on
	machine=microvm,x-option-roms=$acpi,rtc=on,isa-serial=on,acpi=$acpi
	[ -z "$nic" ] || machine=q35 bus=pci
	args=(-M "$machine" -no-user-config -nodefaults -no-reboot -display none
		"${accel[@]}" -smp "$cpus" -m "$mb"
		-fsdev "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap"
		-device "virtio-9p-$bus,fsdev=root,mount_tag=root"
		-chardev "file,id=log,path=$tmp/log.pipe" -serial chardev:log
		-device "virtio-serial-$bus"
		-chardev stdio,id=in,signal=off
		-chardev "file,id=status,path=$tmp/status"
		-device virtserialport,chardev=status,name=status)
	if [ -n "$interactive" ]; then
		args+=(-device virtconsole,chardev=in
			-chardev "pipe,id=control,path=$tmp/control"
			-device virtserialport,chardev=control,name=control)
	else
		args+=(-device virtserialport,chardev=in,name=in)
		for port in out err; do
			args+=(-chardev "file,id=$port,path=$tmp/$port"
				-device "virtserialport,chardev=$port,name=$port")
		done
	fi
	if [ -n "$modules" ]; then
		args+=(-initrd "${kernel%/*}/initrd")
		kernel_args+=(cryptomgr.notests)
	fi
	[ -z "$net" ] || net_prepare
	exec setsid "${wrap[@]}" "${qemu[@]}" "${args[@]}" -kernel "$kernel" -append \
		"root=root rootfstype=9p ro init=$tmp/init VM_DIR=$tmp VM_TYPE=qemu \
rootflags=trans=virtio,version=9p2000.L,cache=loose,access=any,msize=262144 \
console=ttyS0 reboot=t ${kernel_args[*]} $clock"
}

vm_end()
{
	:
}
