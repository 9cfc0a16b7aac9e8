/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the programs of the metadata tests share. */
#ifndef METADATA_H
#define METADATA_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stddef.h>

/* Written by "bpftool ctrl xdp metadata dev NAME format c" */
#include "xdp_metadata.h"

/* As packets may be aligned where that matters to the verifier, as it does in um */
typedef struct bpf_ctrl_xdp_rx_md unaligned_md __attribute__((aligned(2)));

#define MAP(name, kind, value_type)					\
struct {								\
	__uint(type, kind);						\
	__uint(max_entries, 1);						\
	__type(key, __u32);						\
	__type(value, value_type);					\
} name SEC(".maps")

/* What was in front of the packets that a program saw. */
struct seen {
	__u64 packets;
	__u64 with_md;			/* with as many bytes at least */
	__u64 fresh;			/* with the cookie that it was told */
	__u64 meta_len;			/* of the last packet */
	struct bpf_ctrl_xdp_rx_md md;	/* of the last that had it */
};

MAP(seen, BPF_MAP_TYPE_ARRAY, struct seen);
MAP(cookie, BPF_MAP_TYPE_ARRAY, __u32);

#define META_MAX	252

static __always_inline struct seen *get_seen(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&seen, &key);
}

static __always_inline __u32 get_cookie(void)
{
	__u32 key = 0, *value = bpf_map_lookup_elem(&cookie, &key);

	return value ? *value : 0;
}

/* The metadata ends at data, whatever is in front of it. The verifier wants to know how far
 * behind meta that is, and the compiler shall not find out.
 */
static __always_inline unaligned_md *find(void *meta, void *data)
{
	__u64 before = data - meta - sizeof(struct bpf_ctrl_xdp_rx_md);
	unaligned_md *md;

	asm volatile("" : "+r"(before));
	if (before > META_MAX - sizeof(*md))
		return NULL;
	md = meta + (before & META_MAX);
	return (void *)(md + 1) > data ? NULL : md;
}

/* Returns the metadata, or NULL if the packet has none. */
static __always_inline unaligned_md *look(void *meta, void *data)
{
	struct seen *seen = get_seen();
	unaligned_md *md;

	if (!seen)
		return NULL;
	seen->packets++;
	seen->meta_len = data - meta;
	md = find(meta, data);
	if (!md)
		return NULL;
	seen->with_md++;
	seen->md = *md;
	if (md->cookie && md->cookie == get_cookie())
		seen->fresh++;
	return md;
}

static __always_inline unaligned_md *look_xdp(struct xdp_md *ctx)
{
	return look((void *)(long)ctx->data_meta, (void *)(long)ctx->data);
}

#endif /* METADATA_H */
