// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Redirect rings on a kernel without control maps: there are drivers that take
 * redirected packets only while something else is on, so that is switched on.
 *
 * What was done is recorded in a small map, pinned in bpffs like the link of a
 * program, so that just that is undone, and nothing of it outlives the kernel.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/magic.h>
#include <linux/netdev.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "fallback_ctrl.h"
#include "main.h"
#include "netdev_ctrl.h"
#include "netns_ctrl.h"
#include "pin_ctrl.h"

#define RECORD_PIN	CTRL_BPFFS "/bpftool_ctrl_rings"

/* Why not */
#define PEER_GONE	"its peer has gone"
#define NOT_OURS	"another user has put their file there: " RECORD_PIN "*"
#define NOT_A_FILE	"a directory or a symbolic link is there: " RECORD_PIN "*"
#define OTHER_VERSION	"another version of this tool, or another program, has made its record: " \
			"undo it by that, or remove " RECORD_PIN "*"
#define RECORD_GONE	"somebody has removed what " CTRL_BPFFS " had of them"
#define NOWHERE		"its peer is in a network namespace that no process is in, and no file here leads to"
#define NOT_ENTERED	"its peer is in another network namespace, and to enter that takes CAP_SYS_ADMIN"
#define PEER_DOWN	"its peer is down: bring that up first"
#define HAS_PROGRAM	"it has an XDP program already, and does not take redirected packets with it"
#define NO_SIZE		"to set their size takes a kernel with control maps: apply the series in kernel-patch/"
#define NO_XDP		"its driver has no XDP, or this kernel does not tell (Linux 6.3 and later do)"
#define NO_XMIT		"its driver does not take redirected packets, even with a program"

/* Value of the map, for one device */
struct rings_record {
	__u32 num;	/* rings asked for */
	__u32 method;
	__u32 peer;	/* of a veth, if it is this that switches its GRO on */
	__u32 unused;
	__u64 netns;	/* its cookie */
	__u64 peer_netns;	/* the peer's */
};

/* What would be done with a device, or has been. */
struct rings_target {
	__u32 ifindex;
	char dev[IF_NAMESIZE];
	char path[PATH_MAX];	/* of the record */
	bool other_version;	/* made that */
	struct rings_record record;
};

struct rings_method {
	const char *text;	/* "by ..." */
	/* NULL: only the driver knows how many there are */
	__u32 (*limit)(const struct rings_target *target);
	int (*check)(struct ctrl_source *src, struct rings_target *target);
	int (*prepare)(struct rings_target *target);
	int (*on)(struct ctrl_source *src, struct rings_target *target);
	int (*off)(struct rings_target *target);
};

/* The other end of a veth, wherever it is */
struct rings_peer {
	__u32 ifindex;
	__s32 netnsid;
	struct ctrl_netdev dev;
};

static int find_peer(const struct rings_target *target, struct rings_peer *peer)
{
	peer->ifindex = ctrl_veth_peer(target->ifindex, &peer->netnsid);
	if (!peer->ifindex)
		return -ENODEV;
	return ctrl_netdev_get(peer->ifindex, peer->netnsid, &peer->dev);
}

typedef int (*rings_peer_fn)(struct rings_target *target, const struct rings_peer *peer);

/* Calls a function in the network namespace of the peer. */
static int at_peer(struct rings_target *target, rings_peer_fn fn)
{
	struct rings_peer peer;
	int err, home;

	err = find_peer(target, &peer);
	if (err || peer.netnsid == CTRL_NETNS_HERE)
		return err ?: fn(target, &peer);

	home = ctrl_netns_enter_id(peer.netnsid);
	if (home < 0)
		return home;
	err = fn(target, &peer);
	return ctrl_netns_leave(home) ?: err;
}

static bool has_gro(const char *dev)
{
	struct ethtool_value gro = { .cmd = ETHTOOL_GGRO };

	return !ctrl_ethtool(dev, &gro) && gro.data;
}

static int set_gro(const char *dev, bool on)
{
	struct ethtool_value gro = { .cmd = ETHTOOL_SGRO, .data = on };

	return ctrl_ethtool(dev, &gro);
}

/*
 * A veth takes what its peer has rings for: a peer with GRO, one for each rx queue.
 * How many of those are in use elsewhere is not asked for each device that is shown.
 */
static __u32 gro_limit(const struct rings_target *target)
{
	struct ethtool_channels channels = { .cmd = ETHTOOL_GCHANNELS };
	struct rings_peer peer;

	if (find_peer(target, &peer))
		return 1;
	if (peer.netnsid != CTRL_NETNS_HERE || ctrl_ethtool(peer.dev.name, &channels))
		return peer.dev.rx_queues ?: 1;
	return channels.combined_count ?: channels.rx_count ?: 1;
}

static int peer_is_up(struct rings_target *target, const struct rings_peer *peer)
{
	return peer->dev.up ? 0 : -ENETDOWN;
}

static int gro_check(struct ctrl_source *src, struct rings_target *target)
{
	int err = at_peer(target, peer_is_up);

	if (err == -ENETDOWN)
		src->why = PEER_DOWN;
	else if (err == -ENOENT)
		src->why = NOWHERE;
	else if (err == -EPERM)
		src->why = NOT_ENTERED;
	return err;
}

/* Where it is on already that is not ours to switch off. */
static int note_peer(struct rings_target *target, const struct rings_peer *peer)
{
	if (!has_gro(peer->dev.name)) {
		target->record.peer = peer->ifindex;
		target->record.peer_netns = ctrl_netns_cookie();
	}
	return 0;
}

static int gro_prepare(struct rings_target *target)
{
	return at_peer(target, note_peer);
}

static int peer_gro_on(struct rings_target *target, const struct rings_peer *peer)
{
	return set_gro(peer->dev.name, true);
}

static int gro_on(struct ctrl_source *src, struct rings_target *target)
{
	int err = at_peer(target, peer_gro_on);

	if (err == -ENODEV)
		src->why = PEER_GONE;
	return err;
}

/* What has the number of the peer now may be another one's. */
static int peer_gro_off(struct rings_target *target, const struct rings_peer *peer)
{
	if (target->record.peer != peer->ifindex ||
	    target->record.peer_netns != ctrl_netns_cookie())
		return 0;
	return set_gro(peer->dev.name, false);
}

static int gro_off(struct rings_target *target)
{
	return target->record.peer ? at_peer(target, peer_gro_off) : 0;
}

/* Drivers with rings for redirected packets have them while they have a program. */
static int load_pass(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = BPF_F_XDP_HAS_FRAGS);

	return bpf_prog_load(BPF_PROG_TYPE_XDP, "bpftool_ctrl", "Dual BSD/GPL", insns,
			     ARRAY_SIZE(insns), &opts);
}

static void link_path(const struct rings_target *target, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s_%u_%u_xdp", RECORD_PIN, ctrl_netns_inode(),
		 target->ifindex);
}

static int program_check(struct ctrl_source *src, struct rings_target *target)
{
	return 0;
}

static int program_prepare(struct rings_target *target)
{
	return 0;
}

static bool is_others(int err)
{
	return err == CTRL_PIN_NOT_OURS || err == CTRL_PIN_NOT_A_FILE;
}

/* For a file to come in its place */
static int clear(struct ctrl_source *src, const char *path)
{
	int err = ctrl_pin_clear(path);

	if (err == CTRL_PIN_NOT_OURS)
		src->why = NOT_OURS;
	else if (err == CTRL_PIN_NOT_A_FILE)
		src->why = NOT_A_FILE;
	return err;
}

static int program_on(struct ctrl_source *src, struct rings_target *target)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = XDP_FLAGS_DRV_MODE);
	char path[PATH_MAX];
	int err, prog, link;

	prog = load_pass();
	if (prog < 0)
		return prog;
	link = bpf_link_create(prog, target->ifindex, BPF_XDP, &opts);
	if (link < 0)
		src->why = ctrl_xdp_refused(target->ifindex, prog, opts.flags);
	close(prog);
	if (link < 0)
		return link;

	link_path(target, path);
	err = clear(src, path) ?: bpf_obj_pin(link, path);
	close(link);
	return err;
}

static int program_off(struct rings_target *target)
{
	char path[PATH_MAX];
	int err;

	link_path(target, path);
	err = ctrl_pin_clear(path);
	return is_others(err) ? 0 : err;
}

enum {
	METHOD_NONE,
	METHOD_GRO,
	METHOD_PROGRAM,
};

static const struct rings_method methods[] = {
	[METHOD_GRO] = {
		.text	= "GRO of its peer",
		.limit	= gro_limit,
		.check	= gro_check,
		.prepare = gro_prepare,
		.on	= gro_on,
		.off	= gro_off,
	},
	[METHOD_PROGRAM] = {
		.text	= "an XDP program that passes all",
		.check	= program_check,
		.prepare = program_prepare,
		.on	= program_on,
		.off	= program_off,
	},
};

/*
 * Returns the map, or a negative errno: -EPROTO if it is not what this version makes. A record
 * of a device that has gone is none.
 */
static int open_record(struct rings_target *target, __u32 flags)
{
	struct rings_record record;
	__u32 key = 0;
	int fd, err;

	fd = ctrl_pin_open(target->path, flags);
	if (fd < 0)
		return fd;
	err = ctrl_fd_is_map(fd, BPF_MAP_TYPE_ARRAY, sizeof(key), sizeof(record)) ?
	      bpf_map_lookup_elem(fd, &key, &record) : -EPROTO;
	/* inode numbers of namespaces are used again, cookies are not */
	if (!err && record.netns != ctrl_netns_cookie())
		err = -EINVAL;
	else if (!err && (record.method == METHOD_NONE || record.method >= ARRAY_SIZE(methods)))
		err = -EPROTO;
	if (err) {
		close(fd);
		return err;
	}
	target->record = record;
	return fd;
}

static int write_record(const struct rings_target *target, int fd)
{
	__u32 key = 0;

	return bpf_map_update_elem(fd, &key, &target->record, BPF_ANY);
}

static int create_record(struct ctrl_source *src, const struct rings_target *target)
{
	int fd, err;

	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "ctrl_rings", sizeof(__u32),
			    sizeof(target->record), 1, NULL);
	if (fd < 0)
		return fd;
	err = clear(src, target->path) ?: write_record(target, fd) ?:
	      bpf_obj_pin(fd, target->path);
	close(fd);
	return err;
}

/* Another program has the same effect as ours, and is not. */
static bool is_made(const struct rings_target *target)
{
	char path[PATH_MAX];

	link_path(target, path);
	return target->record.method != METHOD_PROGRAM || ctrl_pin_exists(path);
}

static bool takes_packets(__u32 ifindex)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);

	return !ctrl_xdp_query(ifindex, &query) &&
	       query.feature_flags & NETDEV_XDP_ACT_NDO_XMIT;
}

/* Sets the method that is in use, or would be. */
static bool init_target(struct rings_target *target, __u32 ifindex,
			const struct bpf_ctrl_xdp_attr *attr)
{
	int fd;

	*target = (struct rings_target){ .ifindex = ifindex };
	if (!if_indextoname(ifindex, target->dev))
		return false;
	snprintf(target->path, sizeof(target->path), "%s_%u_%u", RECORD_PIN,
		 ctrl_netns_inode(), ifindex);

	/* what is recorded and has no effect was of another device, or was undone */
	fd = open_record(target, BPF_F_RDONLY);
	if (fd >= 0)
		close(fd);
	target->other_version = fd == -EPROTO;
	if (fd >= 0 && attr->features & NETDEV_XDP_ACT_NDO_XMIT && is_made(target))
		return true;

	target->record = (struct rings_record){};
	if (attr->features & NETDEV_XDP_ACT_NDO_XMIT ||
	    !(attr->features & NETDEV_XDP_ACT_BASIC))
		return true;
	target->record.method = ctrl_netdev_has_driver(target->dev, "veth") ?
				METHOD_GRO : METHOD_PROGRAM;
	return true;
}

void xdp_rings_get(struct ctrl_source *src, __u32 ifindex,
		   struct bpf_ctrl_xdp_attr *attr)
{
	const struct rings_method *method;
	struct rings_target target;

	if (!init_target(&target, ifindex, attr) || !target.record.method)
		return;
	method = &methods[target.record.method];
	attr->rings_by = target.record.method == METHOD_GRO ? BPF_CTRL_XDP_RINGS_DRIVER :
							      BPF_CTRL_XDP_RINGS_CORE;
	if (method->limit)
		attr->rings_max.num = method->limit(&target);
	if (!target.record.num)
		return;
	attr->rings.num = target.record.num;
	attr->rings_granted.num = method->limit ? attr->rings_max.num : attr->rings.num;
	src->method = method->text;
}

static int undo(struct ctrl_source *src, struct rings_target *target)
{
	int err;

	err = methods[target->record.method].off(target);
	if (err == -ENOENT)
		src->why = NOWHERE;
	if (err)
		return err;
	return ctrl_pin_clear(target->path);
}

/* The record comes first: whenever this ends it can be undone. */
static int set_up(struct ctrl_source *src, struct rings_target *target, __u32 num)
{
	const struct rings_method *method = &methods[target->record.method];
	int err;

	target->record.num = num;
	target->record.netns = ctrl_netns_cookie();
	err = method->prepare(target) ?: create_record(src, target);
	if (err)
		return err;
	err = method->on(src, target);
	if (!err && !takes_packets(target->ifindex)) {
		src->why = NO_XMIT;
		err = -EOPNOTSUPP;
	}
	if (err) {
		method->off(target);
		ctrl_pin_clear(target->path);
	} else {
		src->method = method->text;
	}
	return err;
}

/* What is recorded has no effect: who set it up was killed, or somebody else undid it. */
static int forget(const struct rings_target *target)
{
	int err = ctrl_pin_clear(target->path);

	return is_others(err) ? 0 : err;
}

static int change(struct ctrl_source *src, struct rings_target *target, __u32 num)
{
	int fd, err;

	fd = open_record(target, 0);
	if (fd == -ENOENT) {
		/* -ENOENT would be that there is no such device */
		src->why = RECORD_GONE;
		return -ESTALE;
	}
	if (fd < 0)
		return fd;
	target->record.num = num;
	err = write_record(target, fd);
	close(fd);
	return err;
}

static bool bpffs_is_mounted(void)
{
	struct statfs fs;

	return !statfs(CTRL_BPFFS, &fs) && (unsigned long)fs.f_type == BPF_FS_MAGIC;
}

/* Says why nothing could be done, or returns 0. What is refused is so until the next one. */
static int check(struct ctrl_source *src, const struct bpf_ctrl_xdp_attr *cur,
		 struct rings_target *target,
		 const struct bpf_ctrl_xdp_rings *rings)
{
	static char too_many[80];

	if (target->other_version) {
		src->why = OTHER_VERSION;
		return -EEXIST;
	}
	if (rings->size) {
		src->why = NO_SIZE;
		return -EOPNOTSUPP;
	}
	if (!cur->features) {
		src->why = NO_XDP;
		return -EOPNOTSUPP;
	}
	if (!bpffs_is_mounted()) {
		src->why = "no BPF file system is mounted at " CTRL_BPFFS;
		return -EOPNOTSUPP;
	}
	if (!target->record.method)
		return -EOPNOTSUPP;
	if (methods[target->record.method].limit && rings->num > cur->rings_max.num) {
		snprintf(too_many, sizeof(too_many),
			 "there can be at most %u redirect rings now, not %u",
			 cur->rings_max.num, rings->num);
		src->refused = too_many;
		return -ERANGE;
	}
	if (!rings->num || target->record.num)
		return 0;
	if (target->record.method == METHOD_PROGRAM &&
	    cur->mode != BPF_CTRL_XDP_MODE_NONE) {
		src->why = HAS_PROGRAM;
		return -EBUSY;
	}
	return methods[target->record.method].check(src, target);
}

int xdp_rings_check(struct ctrl_source *src, __u32 ifindex,
		    const struct bpf_ctrl_xdp_attr *cur,
		    const struct bpf_ctrl_xdp_rings *rings)
{
	struct rings_target target;

	return init_target(&target, ifindex, cur) ? check(src, cur, &target, rings) : -ENOENT;
}

int xdp_rings_set(struct ctrl_source *src, __u32 ifindex,
		  const struct bpf_ctrl_xdp_attr *cur,
		  const struct bpf_ctrl_xdp_rings *rings)
{
	struct rings_target target;
	int err;

	src->method = NULL;
	if (!init_target(&target, ifindex, cur))
		return -ENOENT;
	err = check(src, cur, &target, rings);
	if (err)
		return err;

	if (!target.record.num)
		return rings->num ? set_up(src, &target, rings->num) : forget(&target);
	if (!rings->num)
		return undo(src, &target);
	src->method = methods[target.record.method].text;
	return change(src, &target, rings->num);
}
