# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Which BPF programs each cgroup has of its own, and how many run there in all:
#	bpftool -j ctrl cgroup show | jq -rf examples/cgroup-programs.jq
#	/sys/fs/cgroup/web	inet_egress	1 attached, 2 run

.[] | .path as $path | .value | to_entries[] |
	select(.value | type == "object" and .attached > 0) |
	[ $path, .key, "\(.value.attached) attached, \(.value.effective) run" ] | @tsv
