// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl xdp set: what can be changed about XDP on network devices.
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
#include <linux/netdev.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "command_ctrl.h"
#include "error_ctrl.h"
#include "main.h"
#include "name_ctrl.h"
#include "netdev_ctrl.h"
#include "number_ctrl.h"
#include "pin_ctrl.h"
#include "registry_ctrl.h"
#include "xdp_attr_ctrl.h"
#include "xdp_counters_ctrl.h"
#include "xdp_dev_ctrl.h"

/* What it takes to have packets counted */
#define COUNT_CAPS	(CTRL_CAP(CAP_BPF) | CTRL_CAP(CAP_NET_ADMIN))
#define COUNT_TAKES	"it takes CAP_BPF and CAP_NET_ADMIN in the initial user namespace"

/* The words after "redirect-rings". */
struct rings_request {
	const char *dev;
	__u32 ifindex;
	const char *num;
	const char *size;
};

/*
 * What is pinned need not have packets counted, if somebody else pinned it for reading
 * only: then it gives way. The registry knows.
 */
static int pin_counting(struct ctrl_source *src)
{
	__u64 users = 0;
	int err, tries;

	for (tries = 0; tries < 2; tries++) {
		err = ctrl_source_persist(src, XDP_STATS_PIN, true) ?:
		      ctrl_type_users(BPF_CTRL_XDP_STATS, &users);
		if (err || users)
			return err;
		err = ctrl_source_persist(src, XDP_STATS_PIN, false);
		if (err)
			return err;
	}
	p_err("can't count XDP: %s", ctrl_caps_reason(COUNT_CAPS, COUNT_TAKES));
	return -EPERM;
}

/* Nobody is to switch it off between that and the look at it. */
static int start_counting(struct ctrl_source *src)
{
	int err;

	err = ctrl_pin_lock();
	if (err) {
		p_err("can't change %s: " CTRL_PIN_LOCKED, XDP_STATS_PIN);
		return err;
	}
	err = pin_counting(src);
	ctrl_pin_unlock();
	return err;
}

static int do_set_stats(int argc, char **argv)
{
	struct ctrl_source src;
	bool on;
	int err;

	if (!REQ_ARGS(1))
		return -1;
	if (ctrl_parse_on_off(&argc, &argv, &on) || ctrl_no_more_args(argc, argv))
		return -1;

	err = ctrl_source_open(&src, BPF_CTRL_XDP_STATS, "xdp_stats");
	if (!err)
		err = on ? start_counting(&src) : ctrl_source_persist(&src, XDP_STATS_PIN, false);
	ctrl_source_close(&src);
	if (!err && json_output)
		jsonw_null(json_wtr);
	return err;
}

static int parse_number(const char *what, const char *word, __u32 *number)
{
	__u64 value;

	if (ctrl_number_parse(word, &value) || value > UINT_MAX) {
		p_err("'%s' needs a number of up to 32 bits, got: '%s'", what, word);
		return -1;
	}
	*number = value;
	return 0;
}

static int parse_word(int *argc, char ***argv, const char **word)
{
	const char *name = **argv;

	if (*word) {
		p_err("'%s' already specified", name);
		return -1;
	}
	if (*argc < 2) {
		p_err("'%s' needs a number", name);
		return -1;
	}
	NEXT_ARGP();
	*word = **argv;
	NEXT_ARGP();
	return 0;
}

static int parse_rings_request(int argc, char **argv, struct rings_request *req)
{
	int err;

	while (argc) {
		if (is_prefix(*argv, "dev")) {
			err = xdp_parse_dev(&argc, &argv, &req->dev,
					    &req->ifindex);
		} else if (is_prefix(*argv, "num")) {
			err = parse_word(&argc, &argv, &req->num);
		} else if (is_prefix(*argv, "size")) {
			err = parse_word(&argc, &argv, &req->size);
		} else {
			p_err("expected 'dev', 'num' or 'size', got: '%s'",
			      *argv);
			return -1;
		}
		if (err)
			return err;
	}

	if (!req->dev || !req->num) {
		p_err("'redirect-rings' needs '%s'", req->dev ? "num" : "dev");
		return -1;
	}
	return 0;
}

static int count_cpus(__u32 *number)
{
	int nr = libbpf_num_possible_cpus();

	if (nr < 0) {
		p_err("can't get the number of CPUs: %s", strerror(-nr));
		return nr;
	}
	*number = nr;
	return 0;
}

static int parse_rings(const struct rings_request *req,
		       const struct bpf_ctrl_xdp_attr *cur,
		       struct bpf_ctrl_xdp_rings *rings)
{
	if (req->size && parse_number("size", req->size, &rings->size))
		return CTRL_BAD_WORD;
	if (!strcmp(req->num, "cpus"))
		return count_cpus(&rings->num);
	if (strcmp(req->num, "max"))
		return parse_number("num", req->num, &rings->num) ? CTRL_BAD_WORD : 0;
	rings->num = cur->rings_max.num ?: 1;	/* 0 would release them */
	return 0;
}

/* What the number of rings is limited by, for those who know the driver */
static const char *rings_limit(const char *dev)
{
	static const struct {
		const char *driver;
		const char *limit;
	} limits[] = {
		{ "veth",	", as many as its peer has rx queues (see ethtool -L)" },
		{ "netdevsim",	", as many as it has tx queues (see ethtool -L)" },
		{ "virtio_net",	", as many as the stack has or leaves queues (see ethtool -L)" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(limits); i++)
		if (ctrl_netdev_has_driver(dev, limits[i].driver))
			return limits[i].limit;
	return "";
}

static void report_rings_error(const struct ctrl_source *src, const char *dev,
			       const struct bpf_ctrl_xdp_attr *cur,
			       const struct bpf_ctrl_xdp_rings *rings, int err)
{
	const struct bpf_ctrl_xdp_rings *max = &cur->rings_max;

	if (src->why)
		p_err("can't set redirect rings of device '%s': %s", dev, src->why);
	else if (err == -EOPNOTSUPP && src->refused)
		p_err("can't set redirect rings of device '%s': %s", dev, src->refused);
	else if (err == -EOPNOTSUPP && cur->features & NETDEV_XDP_ACT_NDO_XMIT)
		p_err("can't set redirect rings of device '%s': its driver has none to set up, and takes redirected packets as it is",
		      dev);
	else if (err == -EOPNOTSUPP)
		p_err("can't set redirect rings of device '%s': its driver has none to set up",
		      dev);
	else if (err == -ERANGE && rings->size > max->size)
		p_err("can't set redirect rings of device '%s': each can have at most %u entries, not %u",
		      dev, max->size, rings->size);
	else if (err == -ERANGE && rings->size && rings->num <= max->num)
		p_err("can't set redirect rings of device '%s': they have %u entries, not %u (see ethtool -G)",
		      dev, max->size, rings->size);
	else if (err == -ERANGE)
		p_err("can't set redirect rings of device '%s': there can never be %u, now at most %u%s",
		      dev, rings->num, max->num, rings_limit(dev));
	else if (err == -ENOSPC)
		p_err("can't set redirect rings of device '%s': there can be %u now, not %u%s",
		      dev, max->num, rings->num, rings_limit(dev));
	else if (err == -EPERM && !src->refused)
		p_err("can't set redirect rings of device '%s': %s: %s", dev,
		      ctrl_source_strerror(src, err),
		      ctrl_caps_reason(CTRL_CAP(CAP_NET_ADMIN), "it takes CAP_NET_ADMIN"));
	else
		p_err("can't set redirect rings of device '%s': %s", dev,
		      err == -ENOENT ? "no such device" : ctrl_source_strerror(src, err));
}

static int set_rings(struct ctrl_source *src, const struct rings_request *req)
{
	struct bpf_ctrl_xdp_attr cur, attr = {
		.command = BPF_CTRL_XDP_SETUP_REDIRECT,
	};
	int err;

	err = xdp_attr_get(src, req->ifindex, &cur);
	if (!err) {
		err = parse_rings(req, &cur, &attr.rings);
		if (err)
			return err;
		err = xdp_attr_set(src, req->ifindex, &attr);
	}
	if (err)
		report_rings_error(src, req->dev, &cur, &attr.rings, err);
	return err;
}

static void report_rings(const struct ctrl_source *src, const char *dev)
{
	if (!src->method) {
		if (json_output)
			jsonw_null(json_wtr);
	} else if (json_output) {
		jsonw_start_object(json_wtr);
		jsonw_string_field(json_wtr, "method", src->method);
		jsonw_end_object(json_wtr);
	} else {
		printf("%s takes redirected packets by %s\n", ctrl_name_to_print(dev), src->method);
	}
}

static int do_set_redirect_rings(int argc, char **argv)
{
	struct rings_request req = {};
	struct ctrl_source src;
	int err;

	err = parse_rings_request(argc, argv, &req);
	if (err)
		return err;

	err = xdp_attr_open(&src) ?: set_rings(&src, &req);
	if (!err)
		report_rings(&src, req.dev);
	ctrl_source_close(&src);
	return err;
}

static int do_set_help(int argc, char **argv)
{
	static const char text[] =
		"Usage: %1$s ctrl xdp set stats { on | off }\n"
		"       %1$s ctrl xdp set redirect-rings dev NAME num N [size N]\n"
		"       %1$s ctrl xdp set metadata dev NAME { on | off } [keep]\n"
		"       %1$s ctrl xdp set help\n"
		"\n"
		"       'stats on' keeps XDP counted on all devices by pinning a map at\n"
		"       " XDP_STATS_PIN ", 'stats off' removes it\n"
		"       'redirect-rings' has packets redirected to a device that has no XDP\n"
		"       program: num is a number of rings, 'max' or 'cpus', or 0 for none;\n"
		"       size is how many packets each can hold\n"
		"       'metadata on' puts timestamp, hash and VLAN tag of each packet received\n"
		"       in front of it, for XDP programs in the driver and for what they\n"
		"       redirect to; with 'keep' also for what they pass\n";

	return ctrl_help(text);
}

static const struct cmd set_cmds[] = {
	{ "stats",		do_set_stats },
	{ "redirect-rings",	do_set_redirect_rings },
	{ "metadata",		do_xdp_set_metadata },
	{ "help",		do_set_help },
	{ 0 }
};

int do_xdp_set(int argc, char **argv)
{
	if (!REQ_ARGS(1))
		return -1;

	return ctrl_select(set_cmds, argc, argv);
}
