// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * XDP statistics of a kernel without control maps: a map that BPF programs fill,
 * see skeleton/xdp_stats_ctrl.bpf.c.
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
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "error_ctrl.h"
#include "fallback_ctrl.h"
#include "main.h"
#include "pin_ctrl.h"
#include "skeleton/xdp_stats_ctrl.h"
#include "xdp_counters_ctrl.h"
#include "xdp_stats_ctrl.skel.h"

#define VMLINUX_BTF	"/sys/kernel/btf/vmlinux"
#define LOCKDOWN	"/sys/kernel/security/lockdown"

/* Why XDP can't be counted */
#define LOCKED_DOWN	"this kernel is locked down (confidentiality), so that BPF programs may not read its memory"
#define NO_BTF		"this kernel was built without BTF (CONFIG_DEBUG_INFO_BTF)"
#define NO_FEXIT	"this kernel can't have BPF programs follow bpf_dispatcher_xdp_func() (no fexit, or no BPF JIT)"
#define TOO_OLD		"this kernel refuses the BPF programs that do it (Linux 6.1 and later take them; -d shows its reasons)"
#define NOT_CAPABLE	"it takes CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"

/* Devices that the array has room for, at least, and at most */
#define MIN_DEVICES	256
#define MAX_DEVICES	65536

/* Pinned beside the array, with these names behind its: two maps, and the programs' links */
#define MORE		"more"
#define HOME		"home"
static const char * const parts[] = {
	MORE, HOME, "count_run", "count_redirect_error", "count_xmit", "forget_device",
};

struct stats_source {
	__u32 netns;
	__u32 home;		/* whose devices the array has */
	__u32 max;		/* its length */
	int more;		/* map of the others, or -1 */
	int nr_cpus;
	/* What one lookup reads: a value for each CPU */
	struct bpf_ctrl_xdp_stats *values;
};

static void stats_close(struct ctrl_source *src)
{
	struct stats_source *stats = src->priv;

	if (!stats)
		return;
	if (stats->more >= 0)
		close(stats->more);
	free(stats->values);
	free(stats);
}

static void part_path(char path[PATH_MAX], const char *map_path, const char *part)
{
	snprintf(path, PATH_MAX, "%s_%s", map_path, part);
}

static int open_part(const char *map_path, const char *part)
{
	char path[PATH_MAX];

	part_path(path, map_path, part);
	return ctrl_pin_open(path, BPF_F_RDONLY);
}

static bool stats_is_pinned(struct ctrl_source *src, const char *path,
			    const struct bpf_map_info *info)
{
	return info->type == BPF_MAP_TYPE_PERCPU_ARRAY &&
	       info->value_size == sizeof(struct bpf_ctrl_xdp_stats);
}

/* One that lost a part does not count. */
static bool stats_is_whole(struct ctrl_source *src, const char *map_path)
{
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		part_path(path, map_path, parts[i]);
		if (!ctrl_pin_exists(path))
			return false;
	}
	return true;
}

static bool is_our_map(struct ctrl_source *src, int fd, struct bpf_map_info *info)
{
	__u32 len = sizeof(*info);

	return get_fd_type(fd) == BPF_OBJ_MAP &&
	       !bpf_map_get_info_by_fd(fd, info, &len) &&
	       stats_is_pinned(src, XDP_STATS_PIN, info);
}

/* Returns the map, or a negative errno. */
static int open_more(void)
{
	int fd;

	fd = open_part(XDP_STATS_PIN, MORE);
	if (fd < 0 || ctrl_fd_is_map(fd, BPF_MAP_TYPE_PERCPU_HASH,
				     sizeof(struct ctrl_xdp_stats_key),
				     sizeof(struct bpf_ctrl_xdp_stats)))
		return fd;
	close(fd);
	return -EINVAL;
}

static int read_home(__u32 *home)
{
	__u32 key = 0;
	int fd, err;

	fd = open_part(XDP_STATS_PIN, HOME);
	if (fd < 0)
		return fd;
	err = ctrl_fd_is_map(fd, BPF_MAP_TYPE_ARRAY, sizeof(key), sizeof(*home)) ?
	      bpf_map_lookup_elem(fd, &key, home) : -EINVAL;
	close(fd);
	return err;
}

/* Without them devices would seem to have no packets. Returns 1 if they are not ours. */
static int open_parts(struct stats_source *stats)
{
	const char *part = MORE;
	int err = 0;

	stats->more = open_more();
	if (stats->more >= 0) {
		part = HOME;
		err = read_home(&stats->home);
	} else {
		err = stats->more;
	}
	if (err != -EACCES && err != -EPERM)
		return !!err;
	p_err("can't open %s_%s: %s", XDP_STATS_PIN, part, ctrl_strerror(err));
	return err;
}

/* Nothing that is ours is there. */
static bool is_none(int err)
{
	return err == -ENOENT || err == CTRL_PIN_NOT_OURS || err == CTRL_PIN_NOT_A_FILE;
}

/* Without the maps, or with others in their place, nothing is counted: no error. */
static int open_maps(struct ctrl_source *src)
{
	struct stats_source *stats = src->priv;
	struct bpf_map_info info = {};
	int fd, ret;

	fd = ctrl_pin_open(XDP_STATS_PIN, BPF_F_RDONLY);
	if (is_none(fd))
		return 0;
	if (fd < 0) {
		p_err("can't open %s: %s", XDP_STATS_PIN, ctrl_strerror(fd));
		return fd;
	}
	ret = is_our_map(src, fd, &info) && stats_is_whole(src, XDP_STATS_PIN) ?
	      open_parts(stats) : 1;
	if (ret) {
		close(fd);
		return ret < 0 ? ret : 0;
	}
	src->fd = fd;
	stats->max = info.max_entries;
	return 0;
}

static int stats_open(struct ctrl_source *src)
{
	struct stats_source *stats;

	stats = calloc(1, sizeof(*stats));
	src->priv = stats;
	if (!stats)
		goto no_memory;

	stats->more = -1;
	stats->netns = ctrl_netns_inode();
	stats->nr_cpus = libbpf_num_possible_cpus();
	if (stats->nr_cpus < 0) {
		p_err("can't get the number of CPUs: %s", strerror(-stats->nr_cpus));
		return stats->nr_cpus;
	}
	stats->values = calloc(stats->nr_cpus, sizeof(*stats->values));
	if (!stats->values)
		goto no_memory;

	return open_maps(src);
no_memory:
	p_err("mem alloc failed");
	return -ENOMEM;
}

static void add_up(const struct stats_source *stats, struct bpf_ctrl_xdp_stats *sum)
{
	__u64 *to = &sum->packets;
	size_t i;
	int cpu;

	for (cpu = 0; cpu < stats->nr_cpus; cpu++)
		for (i = 0; i < XDP_NR_COUNTERS; i++)
			to[i] += xdp_counter_value(&stats->values[cpu], i);
}

static int lookup(const struct stats_source *stats, int array, __u32 ifindex)
{
	struct ctrl_xdp_stats_key key = {
		.ifindex = ifindex,
		.netns = stats->netns,
	};

	if (stats->netns == stats->home && ifindex < stats->max)
		return bpf_map_lookup_elem(array, &ifindex, stats->values);
	return bpf_map_lookup_elem(stats->more, &key, stats->values);
}

static int stats_get(struct ctrl_source *src, const void *key, void *value)
{
	struct stats_source *stats = src->priv;
	struct bpf_ctrl_xdp_stats sum = {};
	char name[IF_NAMESIZE];
	__u32 ifindex;
	int err;

	memcpy(&ifindex, key, sizeof(ifindex));
	if (!ctrl_source_ifname(src, ifindex, name))
		return -ENOENT;

	if (src->fd >= 0) {
		sum.valid = CTRL_XDP_STATS_COUNTED;
		err = lookup(stats, src->fd, ifindex);
		if (!err)
			add_up(stats, &sum);
		else if (err != -ENOENT)	/* that is: nothing yet */
			return err;
	}
	memcpy(value, &sum, sizeof(sum));
	return 0;
}

/* The array first: what is left when this is cut short does not count as on. */
static int stats_unpin(struct ctrl_source *src, const char *path)
{
	char file[PATH_MAX];
	size_t i;
	int err;

	err = ctrl_pin_remove(path);
	for (i = 0; i < ARRAY_SIZE(parts) && !err; i++) {
		part_path(file, path, parts[i]);
		err = ctrl_pin_remove(file);
	}
	return err;
}

static bool lockdown_hides_kernel(void)
{
	char text[64] = "";
	FILE *file;

	file = fopen(LOCKDOWN, "r");
	if (!file)
		return false;
	if (!fgets(text, sizeof(text), file))
		*text = '\0';
	fclose(file);
	return strstr(text, "[confidentiality]");
}

static void report_load_error(int err)
{
	const char *why = ctrl_strerror(err);

	if (access(VMLINUX_BTF, R_OK))
		why = NO_BTF;
	else if (lockdown_hides_kernel())
		why = LOCKED_DOWN;
	else if (err == -EPERM)
		why = ctrl_caps_reason(CTRL_CAP(CAP_BPF) | CTRL_CAP(CAP_NET_ADMIN) |
				       CTRL_CAP(CAP_PERFMON), NOT_CAPABLE);
	else if (err == -ESRCH || err == -ENOTSUP || err == -524)
		why = NO_FEXIT;
	else if (err == -EINVAL || err == -EACCES || err == -E2BIG)
		why = TOO_OLD;
	p_err("can't count XDP: %s", why);
}

/*
 * The array is the last, so that it is there only when everything is. What was there
 * before is an error, and stays.
 */
static int pin_all(struct xdp_stats_ctrl_bpf *skel, const char *path)
{
	const int fds[] = {
		bpf_map__fd(skel->maps.xdp_stats_more),
		bpf_map__fd(skel->maps.data_home),
		bpf_link__fd(skel->links.count_run),
		bpf_link__fd(skel->links.count_redirect_error),
		bpf_link__fd(skel->links.count_xmit),
		bpf_link__fd(skel->links.forget_device),
	};
	char file[PATH_MAX];
	size_t nr = 0;
	int err = 0;

	BUILD_BUG_ON(ARRAY_SIZE(fds) != ARRAY_SIZE(parts));

	while (nr < ARRAY_SIZE(fds) && !err) {
		part_path(file, path, parts[nr]);
		err = ctrl_pin_file(fds[nr], file);
		nr += !err;
	}
	err = err ?: ctrl_pin_file(bpf_map__fd(skel->maps.xdp_stats), path);
	while (err && nr--) {
		part_path(file, path, parts[nr]);
		ctrl_pin_remove(file);
	}
	return err;
}

static int last_ifindex(__u32 ifindex, void *ctx)
{
	*(__u32 *)ctx = ifindex;
	return 0;
}

/* Twice as many as there are, for those that come */
static __u32 array_length(void)
{
	__u32 last = 0, length = MIN_DEVICES;

	ctrl_walk_ifindices(last_ifindex, &last);
	while (length < MAX_DEVICES && length / 2 <= last)
		length *= 2;
	return length;
}

static int load_and_attach(struct xdp_stats_ctrl_bpf *skel)
{
	libbpf_print_fn_t print;
	int err;

	skel->data_home->home_netns = ctrl_netns_inode();
	bpf_map__set_max_entries(skel->maps.xdp_stats, array_length());

	/* One sentence says what is wrong. */
	print = ctrl_quiet_libbpf();
	err = xdp_stats_ctrl_bpf__load(skel) ?: xdp_stats_ctrl_bpf__attach(skel);
	ctrl_loud_libbpf(print);
	return err;
}

static int stats_pin(struct ctrl_source *src, const char *path)
{
	struct xdp_stats_ctrl_bpf *skel;
	int err;

	skel = xdp_stats_ctrl_bpf__open();
	if (!skel) {
		err = -errno;
		report_load_error(err);
		return err;
	}
	err = load_and_attach(skel);
	if (err)
		report_load_error(err);
	else
		err = pin_all(skel, path);
	xdp_stats_ctrl_bpf__destroy(skel);
	return err;
}

static __u64 stats_users(void)
{
	struct bpf_map_info info = {};
	bool ours;
	int fd;

	fd = ctrl_pin_open(XDP_STATS_PIN, BPF_F_RDONLY);
	if (is_none(fd))
		return 0;
	if (fd < 0)
		return CTRL_USERS_UNKNOWN;
	ours = is_our_map(NULL, fd, &info) && stats_is_whole(NULL, XDP_STATS_PIN);
	close(fd);
	return ours;
}

const struct ctrl_fallback xdp_stats_fallback = {
	.ctrl_type	= BPF_CTRL_XDP_STATS,
	.info = {
		.name	= "xdp_stats",
		CTRL_KEY_TYPE(bpf_ctrl_ifindex_t),
		CTRL_VALUE_TYPE(bpf_ctrl_xdp_stats),
		.ops	= BPF_CTRL_OP_LOOKUP | BPF_CTRL_OP_ITERATE,
		.scope	= BPF_CTRL_SCOPE_NETNS,
	},
	.ops = {
		.load_btf	= ctrl_fallback_load_btf,
		.get		= stats_get,
		.for_each	= ctrl_walk_devices,
		.pin		= stats_pin,
		.is_pinned	= stats_is_pinned,
		.is_whole	= stats_is_whole,
		.unpin		= stats_unpin,
		.close		= stats_close,
	},
	.users		= stats_users,
	.open		= stats_open,
};
