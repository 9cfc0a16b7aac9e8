// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * XDP statistics of a kernel without control maps.
 *
 * Every XDP program that the JIT compiled runs through bpf_dispatcher_xdp_func(),
 * in drivers and in the core: bpf_prog_run_xdp() calls nothing else.
 */
#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "xdp_stats_ctrl.h"

#define __co_re __attribute__((preserve_access_index))

/* Of the kernel's types, what is read here: where it is, the running kernel says. */
struct ns_common {
	unsigned int inum;
} __co_re;

struct net {
	struct ns_common ns;
} __co_re;

struct net_device {
	int ifindex;
	struct {
		struct net *net;
	} nd_net;
} __co_re;

struct xdp_rxq_info {
	struct net_device *dev;
} __co_re;

struct xdp_buff {
	void *data;
	void *data_end;
	void *data_hard_start;
	struct xdp_rxq_info *rxq;
	__u32 frame_sz;
	__u32 flags;
} __co_re;

struct skb_shared_info {
	unsigned int xdp_frags_size;
} __co_re;

struct bpf_prog {
	enum bpf_attach_type expected_attach_type;
	struct bpf_insn insnsi[];
} __co_re;

#define XDP_FLAGS_HAS_FRAGS	1
#define SMP_CACHE_BYTES		64	/* of x86 and arm64 */

extern int LINUX_KERNEL_VERSION __kconfig;

/* Devices of the network namespace that this was loaded in: an array is what costs least. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);		/* set when it is loaded */
	__type(key, bpf_ctrl_ifindex_t);
	__type(value, struct bpf_ctrl_xdp_stats);
} xdp_stats SEC(".maps");

/* Those of others, and those whose index is beyond the array */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct ctrl_xdp_stats_key);
	__type(value, struct bpf_ctrl_xdp_stats);
} xdp_stats_more SEC(".maps");

/* Its inode number. In a map of its own, which readers want, too. */
SEC(".data.home") __u32 home_netns;

static const struct bpf_ctrl_xdp_stats nothing_yet;

/* One run of a program. In registers: only a key has to be memory. */
struct run {
	enum bpf_attach_type attach_type;
	__u32 len;
};

static __noinline struct bpf_ctrl_xdp_stats *
find_more(const struct ctrl_xdp_stats_key *key)
{
	struct bpf_ctrl_xdp_stats *stats;

	stats = bpf_map_lookup_elem(&xdp_stats_more, key);
	if (stats)
		return stats;
	bpf_map_update_elem(&xdp_stats_more, key, &nothing_yet, BPF_NOEXIST);
	return bpf_map_lookup_elem(&xdp_stats_more, key);
}

static __always_inline struct bpf_ctrl_xdp_stats *
find_stats(const struct ctrl_xdp_stats_key *key)
{
	struct bpf_ctrl_xdp_stats *stats = NULL;

	if (key->netns == home_netns)
		stats = bpf_map_lookup_elem(&xdp_stats, &key->ifindex);
	if (!stats)
		stats = find_more(key);
	if (stats)
		stats->valid = CTRL_XDP_STATS_COUNTED;
	return stats;
}

/* Where fragments are described: behind the frame, as in xdp_get_shared_info_from_buff(). */
static __always_inline const void *frags_of(const void *hard_start, __u32 frame_sz)
{
	__u32 size = bpf_core_type_size(struct skb_shared_info);

	return hard_start + frame_sz -
	       ((size + SMP_CACHE_BYTES - 1) & ~(SMP_CACHE_BYTES - 1));
}

static __always_inline bool has_flags(void)
{
	return bpf_core_field_exists(struct xdp_buff, flags);
}

/* Linux 6.2 and later: plain loads, which the verifier guards */
static __always_inline void read_run(struct run *run, struct ctrl_xdp_stats_key *key,
				     const void *ctx, const void *prog)
{
	const struct xdp_buff *xdp = bpf_core_cast(ctx, struct xdp_buff);
	const struct net_device *dev = xdp->rxq->dev;
	const struct skb_shared_info *info;

	key->ifindex = dev->ifindex;
	key->netns = dev->nd_net.net->ns.inum;
	run->len = xdp->data_end - xdp->data;
	if (has_flags() && xdp->flags & XDP_FLAGS_HAS_FRAGS) {
		info = frags_of(xdp->data_hard_start, xdp->frame_sz);
		run->len += bpf_core_cast(info, struct skb_shared_info)->xdp_frags_size;
	}
	run->attach_type = bpf_core_cast(prog, struct bpf_prog)->expected_attach_type;
}

/* Before that: by a helper */
static __always_inline void probe_run(struct run *run, struct ctrl_xdp_stats_key *key,
				      const struct xdp_buff *xdp,
				      const struct bpf_prog *prog)
{
	const struct net_device *dev = BPF_CORE_READ(xdp, rxq, dev);
	const struct skb_shared_info *info;

	key->ifindex = BPF_CORE_READ(dev, ifindex);
	key->netns = BPF_CORE_READ(dev, nd_net.net, ns.inum);
	run->len = BPF_CORE_READ(xdp, data_end) - BPF_CORE_READ(xdp, data);
	if (has_flags() && BPF_CORE_READ(xdp, flags) & XDP_FLAGS_HAS_FRAGS) {
		info = frags_of(BPF_CORE_READ(xdp, data_hard_start),
				BPF_CORE_READ(xdp, frame_sz));
		run->len += BPF_CORE_READ(info, xdp_frags_size);
	}
	run->attach_type = BPF_CORE_READ(prog, expected_attach_type);
}

/* The programs of maps run on packets that have been counted as they were received. */
static __always_inline bool is_of_a_map(enum bpf_attach_type type)
{
	return type == BPF_XDP_DEVMAP || type == BPF_XDP_CPUMAP;
}

/*
 * It points to const void, which programs may read like any other argument since Linux 6.16.
 * Before, it takes a helper. (There is no type or function to ask for.)
 */
static __always_inline __u64 first_argument(__u64 *ctx)
{
	__u64 arg, copy;

	if (LINUX_KERNEL_VERSION >= KERNEL_VERSION(6, 16, 0)) {
		arg = ctx[0];
		barrier_var(arg);	/* a load of its own is cheaper than one for both */
		return arg;
	}
	bpf_get_func_arg(ctx, 0, &copy);
	return copy;
}

/* Arguments are in ctx, the result behind them. */
SEC("fexit/bpf_dispatcher_xdp_func")
int count_run(__u64 *ctx)
{
	const void *prog = (void *)ctx[1] - bpf_core_field_offset(struct bpf_prog, insnsi);
	struct bpf_ctrl_xdp_stats *stats;
	struct ctrl_xdp_stats_key key;
	__u64 act = (__u32)ctx[3];
	__u64 xdp = first_argument(ctx);
	struct run run;

	if (bpf_ksym_exists(bpf_rdonly_cast))
		read_run(&run, &key, (void *)xdp, prog);
	else
		probe_run(&run, &key, (void *)xdp, prog);
	if (is_of_a_map(run.attach_type))
		return 0;
	stats = find_stats(&key);
	if (!stats)
		return 0;

	stats->packets++;
	stats->bytes += run.len;
	if (act > XDP_REDIRECT) {
		stats->invalid++;
	} else {
		barrier_var(act);	/* the verifier wants to see the check first */
		(&stats->aborted)[act]++;
	}
	return 0;
}

static __always_inline struct bpf_ctrl_xdp_stats *
stats_of(const struct net_device *dev)
{
	struct ctrl_xdp_stats_key key = {
		.ifindex = dev->ifindex,
		.netns = dev->nd_net.net->ns.inum,
	};

	return find_stats(&key);
}

SEC("tp_btf/xdp_redirect_err")
int BPF_PROG(count_redirect_error, const struct net_device *dev)
{
	struct bpf_ctrl_xdp_stats *stats = stats_of(dev);

	if (stats)
		stats->redirect_errors++;
	return 0;
}

SEC("tp_btf/xdp_devmap_xmit")
int BPF_PROG(count_xmit, const struct net_device *from, const struct net_device *to,
	     int sent, int drops)
{
	struct bpf_ctrl_xdp_stats *stats = stats_of(to);

	if (!stats)
		return 0;
	stats->xmit_packets += sent;
	stats->xmit_drops += drops;
	return 0;
}

static long clear_cpu(__u32 cpu, __u32 *ifindex)
{
	struct bpf_ctrl_xdp_stats *stats;

	stats = bpf_map_lookup_percpu_elem(&xdp_stats, ifindex, cpu);
	if (!stats)
		return 1;
	*stats = nothing_yet;
	return 0;
}

/* A device that is created later may get the same index. */
SEC("fentry/free_netdev")
int BPF_PROG(forget_device, const struct net_device *dev)
{
	struct ctrl_xdp_stats_key key = {
		.ifindex = dev->ifindex,
		.netns = dev->nd_net.net->ns.inum,
	};

	if (key.netns == home_netns)
		bpf_loop(CTRL_XDP_STATS_MAX_CPUS, clear_cpu, &key.ifindex, 0);
	bpf_map_delete_elem(&xdp_stats_more, &key);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
