/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Fallbacks: control types on a kernel that has no control maps. */
#ifndef __BPFTOOL_FALLBACK_CTRL_H
#define __BPFTOOL_FALLBACK_CTRL_H

#include <bpf/libbpf.h>

#include "source_ctrl.h"

#define CTRL_USERS_UNKNOWN	(~0ULL)

struct ctrl_fallback {
	__u32 ctrl_type;
	struct bpf_ctrl_info info;	/* as a registry would report it */
	struct ctrl_source_ops ops;
	/*
	 * Optional: how many maps have done what the registry's "users" says, or
	 * CTRL_USERS_UNKNOWN to who may not look
	 */
	__u64 (*users)(void);
	/* Optional: set up src->priv; returns 0 or a negative errno (reported). */
	int (*open)(struct ctrl_source *src);
};

/* The name of a type, its size: two members of struct bpf_ctrl_info */
#define CTRL_KEY_TYPE(type)						\
	.key_type = #type, .key_size = sizeof(type)
#define CTRL_KEY_STRUCT(type)						\
	.key_type = #type, .key_size = sizeof(struct type)
#define CTRL_VALUE_TYPE(type)						\
	.value_type = #type, .value_size = sizeof(struct type),		\
	.min_value_size = sizeof(struct type)

extern const struct ctrl_fallback cgroup_fallback;
extern const struct ctrl_fallback kprobe_fallback;
extern const struct ctrl_fallback xdp_attr_fallback;
extern const struct ctrl_fallback xdp_stats_fallback;

/* ctrl_fallback_open - open a control type as its fallback
 * @src: name and defaults are set
 *
 * Returns 0, 1 if the type has none, or a negative errno (reported).
 */
int ctrl_fallback_open(struct ctrl_source *src, __u32 ctrl_type);

/* ctrl_fallback_load_btf - load_btf() of every fallback */
int ctrl_fallback_load_btf(struct ctrl_source *src);

/* ctrl_fd_is_map - is that a map of such keys and values?
 *
 * What is pinned may be anybody's, and a lookup writes as much as its values have.
 */
bool ctrl_fd_is_map(int fd, enum bpf_map_type type, __u32 key_size, __u32 value_size);

/* ctrl_netns_inode - inode number of the caller's network namespace, or 0 */
__u32 ctrl_netns_inode(void);

/* Returns 0 to go on, anything else to end the walk with that result. */
typedef int (*ctrl_ifindex_fn)(__u32 ifindex, void *ctx);

/* ctrl_walk_ifindices - call a function for each network device
 *
 * In ascending order of their indices. Returns what @fn returned if that is not 0,
 * else 0 or a negative errno (not reported).
 */
int ctrl_walk_ifindices(ctrl_ifindex_fn fn, void *ctx);

/* ctrl_walk_devices - for_each() of a source whose keys are network devices
 *
 * Devices that go in the meantime are left out.
 */
int ctrl_walk_devices(struct ctrl_source *src, ctrl_entry_fn fn, void *ctx);

/* ctrl_fallback_no_permission - say what it takes
 *
 * Returns -EPERM.
 */
int ctrl_fallback_no_permission(const struct ctrl_source *src, __u64 caps, const char *takes);

/* ctrl_quiet_libbpf - no messages of libbpf, unless somebody wants them (-d)
 *
 * Returns what ctrl_loud_libbpf() takes to have them again.
 */
libbpf_print_fn_t ctrl_quiet_libbpf(void);
void ctrl_loud_libbpf(libbpf_print_fn_t print);

/* ctrl_xdp_query - bpf_xdp_query() without messages about netlink attributes
 *
 * libbpf complains of each padding on architectures that have some.
 */
int ctrl_xdp_query(__u32 ifindex, struct bpf_xdp_query_opts *opts);

/* ctrl_xdp_refused - why a program can't be attached, in the words of driver and kernel
 * @prog: the program that bpf_link_create() did not attach
 *
 * Returns them until the next call, or NULL.
 */
const char *ctrl_xdp_refused(__u32 ifindex, int prog, __u32 flags);

/* xdp_rings_get - what a fallback knows of the redirect rings of a device
 * @src: method is set if there are some
 * @attr: mode and features are those of the device; rings are filled in
 */
void xdp_rings_get(struct ctrl_source *src, __u32 ifindex,
		   struct bpf_ctrl_xdp_attr *attr);

/* xdp_rings_check - would xdp_rings_set() be refused, as far as that is known before?
 *
 * Returns as that would, and changes nothing.
 */
int xdp_rings_check(struct ctrl_source *src, __u32 ifindex,
		    const struct bpf_ctrl_xdp_attr *cur,
		    const struct bpf_ctrl_xdp_rings *rings);

/* xdp_rings_set - have a device take redirected packets, or no more
 * @src: why and method are set
 * @cur: attributes as they are, read with ctrl_pin_lock() held
 *
 * Returns 0 or a negative errno (not reported); then nothing has changed.
 */
int xdp_rings_set(struct ctrl_source *src, __u32 ifindex,
		  const struct bpf_ctrl_xdp_attr *cur,
		  const struct bpf_ctrl_xdp_rings *rings);

#endif /* __BPFTOOL_FALLBACK_CTRL_H */
