// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The counters of XDP: what they are called.
 */
#include <string.h>

#include "xdp_counters_ctrl.h"

/* Position among the counters */
#define POS(member)							\
	((offsetof(struct bpf_ctrl_xdp_stats, member) -			\
	  offsetof(struct bpf_ctrl_xdp_stats, packets)) / sizeof(__u64))
#define COUNTER(member, ...)						\
	[POS(member)] = { #member, __VA_ARGS__ }

const struct xdp_counter xdp_counters[XDP_NR_COUNTERS] = {
	COUNTER(packets,	"PACKETS",	"PPS",		1, true),
	COUNTER(bytes,		"BYTES",	"BIT/S",	8, true),
	COUNTER(aborted,	"ABORTED",	"ABORTED",	1, false),
	COUNTER(drop,		"DROP",		"DROP",		1, true),
	COUNTER(pass,		"PASS",		"PASS",		1, true),
	COUNTER(tx,		"TX",		"TX",		1, true),
	COUNTER(redirect,	"REDIRECT",	"REDIRECT",	1, true),
	COUNTER(redirect_errors, "REDIR-ERR",	"REDIR-ERR",	1, false),
	COUNTER(invalid,	"INVALID",	"INVALID",	1, false),
	COUNTER(xmit_packets,	"XMIT",		"XMIT",		1, true),
	COUNTER(xmit_bytes,	"XMIT-BYTES",	"XMIT-BIT/S",	8, false),
	COUNTER(xmit_drops,	"XMIT-DROP",	"XMIT-DROP",	1, false),
	COUNTER(redirect_other,	"REDIR-OTHER",	"REDIR-OTHER",	1, false),
};

void xdp_counters_read(const void *value, size_t size, struct bpf_ctrl_xdp_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
	memcpy(stats, value, size < sizeof(*stats) ? size : sizeof(*stats));
}

__u64 xdp_counter_value(const struct bpf_ctrl_xdp_stats *stats, size_t i)
{
	return (&stats->packets)[i];
}

bool xdp_counter_known(const struct bpf_ctrl_xdp_stats *stats, size_t i)
{
	return stats->valid >> i & 1;
}
