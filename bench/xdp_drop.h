/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef BENCH_XDP_DROP_H
#define BENCH_XDP_DROP_H

#include <linux/types.h>

/* what xdp_drop.bpf.c counts on each CPU */
struct xdp_drop_counter {
	__u64 packets;
	__u64 bytes;
};

#endif /* BENCH_XDP_DROP_H */
