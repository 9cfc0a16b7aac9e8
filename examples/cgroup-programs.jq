# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Which BPF programs each cgroup has of its own, and how many run there in all:
#	bpftool -j ctrl cgroup show | jq -rf examples/cgroup-programs.jq
#	/sys/fs/cgroup/web	cgroup_inet_egress	allow	1 attached, 2 run

.[] | [ .path, .attach_type, (.prog_names | join(" ")),
	"\(.value.attached) attached, \(.value.effective) run" ] | @tsv
