// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What the commands for XDP have in common: a device by its name, and its statistics.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <net/if.h>

#include "main.h"
#include "netdev_ctrl.h"
#include "netns_ctrl.h"
#include "registry_ctrl.h"
#include "xdp_dev_ctrl.h"

int xdp_stats_open(struct ctrl_source *src)
{
	int err;

	err = ctrl_source_open(src, BPF_CTRL_XDP_STATS, "xdp_stats");
	if (!err && src->key_size != sizeof(__u32)) {
		p_err("can't use XDP statistics of this kernel: keys have %u bytes",
		      src->key_size);
		err = -EINVAL;
	}
	if (!err && json_output)
		err = ctrl_source_load_btf(src);
	return err;
}

bool xdp_hint_counting(void)
{
	__u64 users;

	if (ctrl_type_users(BPF_CTRL_XDP_STATS, &users) || users)
		return true;
	p_info("XDP is counted while this is on: %s ctrl xdp set stats on", bin_name);
	return false;
}

int xdp_parse_dev(int *argc, char ***argv, const char **dev, __u32 *ifindex)
{
	static char name[IF_NAMESIZE];

	if (*dev) {
		p_err("device already specified");
		return -1;
	}
	if (*argc < 2) {
		p_err("'dev' needs the name of a device");
		return -1;
	}
	NEXT_ARGP();

	*dev = ctrl_netdev_name(**argv);
	*ifindex = ctrl_netdev_index(**argv);
	/* the one that it goes by, where an alternative one was given */
	if (*ifindex && if_indextoname(*ifindex, name))
		*dev = name;
	if (!*ifindex)
		return ctrl_netns_no_device(*dev);
	NEXT_ARGP();
	return 0;
}
