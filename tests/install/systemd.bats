#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: debian-6.12
# needs: build/systemd/versions
# vm: -m 2048
# boot: own
#
# The package in a Debian that systemd boots, on Debian's kernel: its units as they are, with
# timers, udev and their sandboxes; and what the README says, line by line. systemd-trixie.bats
# is this file, for Debian 13.

# shellcheck disable=SC2154,SC2015,SC2034 # set by try; "|| show" is meant for either; PATIENCE
load ../lib/command

# A Debian boots here, which no time is asked of.
PATIENCE=600
PROM=/var/lib/prometheus/node-exporter/bpftool-ctrl.prom
RINGS='[{"type":"xdp_attr","ifname":"ring0","value":{"rings":{"num":1}}},
	{"type":"xdp_attr","ifname":"-V","value":{"rings":{"num":1}}}]'

# The README's lines, with answers for whom nobody asks
readme()
{
	sed -n '/^## From a package/,/^Grafana/s/^    //p' "$TOP/README.md" |
		sed 's/ *#.*//; s/^apt install/& -y -q/'
}

# Files that are changed are in memory.
setup_file()
{
	local dir=/run/booted release=bookworm

	[[ $BATS_TEST_FILENAME != *-trixie* ]] || release=trixie
	mkdir -p $dir/{upper,work,root}
	mount -t overlay -o "lowerdir=$TOP/build/systemd/$release,upperdir=$dir/upper,workdir=$dir/work" \
		overlay $dir/root
	cp "$TOP"/build/bpftool-ctrl_*.deb $dir/root/root
	unshare --mount sh -c "mount -t proc proc $dir/root/proc
		chroot $dir/root sh -c 'cd /root; $(readme | sed -n 1p)'" 2>&1
	# what somebody has switched on before
	chroot $dir/root systemctl enable bpftool-ctrl-stats.service
	echo "$RINGS" > $dir/root/etc/bpftool-ctrl/rings.json
	echo broken > $dir/root/etc/bpftool-ctrl/broken.json

	# it is the root there, and nothing is above it
	unshare --mount --pid --fork --kill-child sh -c "cd $dir/root
		mount -t proc proc proc
		pivot_root . mnt
		umount -l /mnt
		umount /proc
		exec chroot . env -i /lib/systemd/systemd" > $dir/log 2>&1 3>&- &
	wait_for init || cat $dir/log
	wait_for has_booted
}

# All that it has started ends with it.
teardown_file()
{
	kill -KILL "$INIT"
	wait
}

# init: in $INIT the process that is the first one there
init()
{
	INIT=$(pgrep -f '^/lib/systemd/systemd$' | tail -n 1)
	export INIT
	[ -n "$INIT" ]
}

inside()
{
	nsenter --target "$INIT" --mount --pid --root --wd env -i HOME=/root \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

has_booted()
{
	[[ $(inside systemctl is-system-running) = @(running|degraded) ]]
}

@test "test_systemd_counts_from_boot" {
	works inside systemctl is-active bpftool-ctrl-stats.service
	works inside bpftool ctrl xdp counting
	[[ $out == "on, "* ]] || show
	# in the kernel's order: before there is a network
	works inside systemctl show -p Before bpftool-ctrl-stats.service
	[[ $out == *network-pre.target* ]] || show
}

@test "test_systemd_what_is_not_switched_on_is_off" {
	try inside systemctl is-enabled bpftool-ctrl-metrics.timer
	[ "$status" != 0 ] && [ "$out" = disabled ] || show
	inside test ! -e "$PROM"
}

# rings N DEV
rings()
{
	[ "$(inside bpftool -j ctrl dump xdp_attr key "dev:$2" | jq '.[0].value.rings.num')" = "$1" ]
}

# has_failed UNIT: the last try, too
has_failed()
{
	[ "$(inside systemctl is-failed "$1")" = failed ]
}

# A veth comes before its peer is up, so that the first time is too early.
@test "test_systemd_applies_files_when_a_device_comes" {
	local journal="journalctl -u bpftool-ctrl-apply@ring0.service"

	inside ip link add ring0 type veth peer name ring1
	inside ip link set ring1 up
	inside ip link set ring0 up
	wait_for rings 1 ring0
	# the broken file is in the journal, each of six times, and that is all
	wait_for inside sh -c "$journal | grep -q 'broken.json:1:'"
	wait_for has_failed bpftool-ctrl-apply@ring0.service
	[ "$(inside sh -c "$journal" | grep -c 'broken.json:1:')" = 6 ]
	# and however slow they are, they end
	works inside systemctl show -p Restart,RuntimeMaxUSec bpftool-ctrl-apply@ring0.service
	[ "$(sort <<< "$out")" = $'Restart=no\nRuntimeMaxUSec=5min' ] || show
	# gone and here again, by another name that it gets later, and that looks like an option
	inside ip link del ring0
	inside ip link add ring9 type veth peer name ring1
	inside ip link set ring1 up
	inside ip link set ring9 name -V
	inside ip link set dev -V up
	wait_for rings 1 -V
	inside ip link del dev -V
}

@test "test_systemd_stops_counting" {
	inside systemctl stop bpftool-ctrl-stats.service
	works inside bpftool ctrl xdp counting
	[ "$out" = off ] || show
	inside systemctl start bpftool-ctrl-stats.service
	works inside bpftool ctrl xdp counting
	[[ $out == "on, "* ]] || show
}

# answers COMMAND: Prometheus has what it asks for
answers()
{
	[[ $(inside sh -c "$1") == *'device="ring2"'* ]]
}

@test "test_systemd_readme_from_a_package_to_a_graph" {
	local line cd=:

	# what drops 5 packets, again and again
	prog readme 1
	pair ring2 ring3
	sender ring3
	bpftool net attach xdpdrv pinned "$BPF/readme" dev ring2
	again send 5

	readme | sed 1d > "$BATS_TEST_TMPDIR/lines"
	[ "$(wc -l < "$BATS_TEST_TMPDIR/lines")" -ge 7 ]
	inside systemctl is-active prometheus prometheus-node-exporter
	while IFS= read -r line <&4; do
		echo "$line"
		case $line in
		cd*) cd=$line ;;
		promtool\ query*) wait_for answers "$line" ;;
		*) try inside sh -c "$cd; $line"; [ "$status" = 0 ] || show ;;
		esac
	done 4< "$BATS_TEST_TMPDIR/lines"
	enough
	[ "$(inside head -c 4 /tmp/graph.png)" = $'\x89PNG' ]
	[[ $out != *'0 values: Packets by action'* ]] || show
}

# ticks TIME: the file is newer than it was
ticks()
{
	[ "$(inside stat -c %Y "$PROM")" -gt "$1" ]
}

@test "test_systemd_metrics_every_15_seconds" {
	inside grep -qx 'xdp_counting 1' "$PROM"
	wait_for ticks "$(inside stat -c %Y "$PROM")"
	fails inside systemctl is-failed bpftool-ctrl-metrics.service
	# a directory that can't be written is a failure of the unit, and what was there stays
	inside mount --bind "${PROM%/*}" "${PROM%/*}"
	inside mount -o remount,ro,bind "${PROM%/*}"
	fails inside systemctl start bpftool-ctrl-metrics.service
	inside grep -qx '# EOF' "$PROM"
	inside umount "${PROM%/*}"
	works inside systemctl start bpftool-ctrl-metrics.service
}

# (systemd has links of its own, to hooks of security modules)
programs_that_count()
{
	bpftool -j link show | jq 'map(select(.prog_type == "tracing")) | length'
}

nothing_counts()
{
	[ "$(programs_that_count)" = 0 ]
}

# What was on is off then, and its file gone; what somebody has put there stays.
@test "test_systemd_removal" {
	[ "$(programs_that_count)" != 0 ]
	try inside apt-get -q -y remove bpftool-ctrl
	[ "$status" = 0 ] || show
	inside test ! -e "$PROM"
	inside test -e /etc/bpftool-ctrl/rings.json
	fails inside systemctl is-active bpftool-ctrl-metrics.timer
	# a link goes a little later than its last file
	wait_for nothing_counts
}
