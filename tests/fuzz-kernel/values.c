// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* What an update is asked to set: what is there, with some of it changed. */
#include <string.h>

#include "fuzz.h"

/* Few different ones, so that what is set is set back; now and then any. */
static uint32_t number(struct rng *rng)
{
	static const uint32_t numbers[] = { 0, 1, 2, 3, 4, 16, 128, 256, 4096, UINT32_MAX };

	return rng_one_in(rng, 16) ? rng_next(rng) :
		numbers[rng_below(rng, rng_one_in(rng, 4) ? ARRAY_SIZE(numbers) : 5)];
}

static uint32_t flags(struct rng *rng)
{
	return rng_one_in(rng, 32) ? rng_next(rng) : 0;
}

static uint64_t mask(struct rng *rng)
{
	return rng_one_in(rng, 16) ? 1ULL << rng_below(rng, 64) : rng_below(rng, 8);
}

static void change_xdp_attr(struct rng *rng, void *value)
{
	struct bpf_ctrl_xdp_attr *attr = value;

	attr->command = rng_below(rng, 4);
	attr->flags = flags(rng);
	attr->settable = mask(rng);
	attr->rings.num = number(rng);
	attr->rings.size = number(rng);
	attr->enable_md = number(rng) % 3;
	attr->md_keep = number(rng) % 3;
}

static void change_kprobe(struct rng *rng, void *value)
{
	struct bpf_ctrl_kprobe *probe = value;

	probe->settable = mask(rng);
	probe->enabled = rng_below(rng, 3);
}

static void change_socket_filter(struct rng *rng, void *value)
{
	struct bpf_ctrl_socket_filter *filter = value;

	filter->command = rng_below(rng, 3);
	filter->flags = flags(rng);
	filter->settable = mask(rng);
	/* what is locked stays so */
	filter->locked = rng_one_in(rng, 8);
}

static const struct {
	void (*change)(struct rng *rng, void *value);
	uint32_t size;
} types[] = {
	[BPF_CTRL_XDP_ATTR] = { change_xdp_attr, sizeof(struct bpf_ctrl_xdp_attr) },
	[BPF_CTRL_KPROBE] = { change_kprobe, sizeof(struct bpf_ctrl_kprobe) },
	[BPF_CTRL_SOCKET_FILTER] = {
		change_socket_filter, sizeof(struct bpf_ctrl_socket_filter)
	},
};

static void change_bytes(struct rng *rng, uint8_t *value, uint32_t size)
{
	uint32_t n = 1 + rng_below(rng, 4);

	while (n--)
		value[rng_below(rng, size)] = rng_next(rng);
}

void value_change(struct rng *rng, uint32_t type, void *value, uint32_t size)
{
	if (rng_one_in(rng, 32))
		memset(value, 0, size);
	if (type < ARRAY_SIZE(types) && types[type].change && types[type].size <= size &&
	    !rng_one_in(rng, 16))
		types[type].change(rng, value);
	else
		change_bytes(rng, value, size);
}
