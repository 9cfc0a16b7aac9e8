# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Probes as Prometheus metrics: which are on, and how often they and programs were missed:
#	bpftool -j ctrl kprobe show | jq -rf examples/kprobe-metrics.jq
#	bpf_probe_enabled{link="7",prog="on_open",target="do_sys_openat2"} 1

.[] | "{link=\"\(.key)\",prog=\"\(.value.prog_name)\",target=\(.symbol // .value.target | tojson)}"
	as $labels | .value |
	"bpf_probe_enabled\($labels) \(.enabled)",
	(select(has("missed")) | "bpf_probe_missed_total\($labels) \(.missed)"),
	(select(has("recursion_misses")) |
		"bpf_probe_recursion_misses_total\($labels) \(.recursion_misses)")
