// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Programs that count how often they run, for kprobes and uprobes of all kinds.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} runs SEC(".maps");

/* The number is the key in runs. */
#define PROGRAM(number, name, section)				\
SEC(section)							\
int name(void *ctx)						\
{								\
	__u32 key = number;					\
	__u64 *nr = bpf_map_lookup_elem(&runs, &key);		\
								\
	if (nr)							\
		__sync_fetch_and_add(nr, 1);			\
	return 0;						\
}

PROGRAM(0, on_kprobe, "kprobe")
PROGRAM(1, on_kretprobe, "kretprobe")
PROGRAM(2, on_uprobe, "uprobe")
PROGRAM(3, on_uretprobe, "uretprobe")
PROGRAM(4, on_multi, "kprobe.multi")
PROGRAM(5, on_retmulti, "kretprobe.multi")
PROGRAM(6, on_tracefs, "kprobe")
PROGRAM(7, on_address, "kprobe")

char _license[] SEC("license") = "GPL";
