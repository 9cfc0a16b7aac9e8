// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * XDP attributes of network devices, struct bpf_ctrl_xdp_attr, and how they are
 * shown.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/netdev.h>

#include "main.h"
#include "registry_ctrl.h"
#include "xdp_attr_ctrl.h"
#include "xdp_prog_ctrl.h"

/* in the order of the bits of enum netdev_xdp_act */
static const char * const feature_names[] = {
	"basic", "redirect", "ndo-xmit", "xsk-zerocopy", "hw-offload", "rx-sg",
	"ndo-xmit-sg",
};

static const char * const mode_names[] = {
	[BPF_CTRL_XDP_MODE_NONE]	= "none",
	[BPF_CTRL_XDP_MODE_NATIVE]	= "native",
	[BPF_CTRL_XDP_MODE_GENERIC]	= "generic",
	[BPF_CTRL_XDP_MODE_OFFLOAD]	= "offload",
	[BPF_CTRL_XDP_MODE_MULTI]	= "multi",
};

/* Who has packets that are redirected to a device taken */
static const char * const by_names[] = {
	[BPF_CTRL_XDP_RINGS_NONE]	= "none",
	[BPF_CTRL_XDP_RINGS_DRIVER]	= "driver",
	[BPF_CTRL_XDP_RINGS_CORE]	= "core",
};

int xdp_attr_open(struct ctrl_source *src)
{
	int err;

	err = ctrl_source_open(src, BPF_CTRL_XDP_ATTR, "xdp_attr");
	if (!err && src->key_size != sizeof(__u32)) {
		p_err("can't use XDP attributes of this kernel: keys have %u bytes",
		      src->key_size);
		err = -EINVAL;
	}
	return err;
}

/* An older kernel has fewer members, a newer one more. */
static size_t known_size(const struct ctrl_source *src)
{
	return src->value_size < sizeof(struct bpf_ctrl_xdp_attr) ?
	       src->value_size : sizeof(struct bpf_ctrl_xdp_attr);
}

int xdp_attr_get(struct ctrl_source *src, __u32 ifindex,
		 struct bpf_ctrl_xdp_attr *attr)
{
	void *value;
	int err;

	value = calloc(1, src->value_size);
	if (!value)
		return -ENOMEM;

	err = ctrl_source_get(src, &ifindex, value);
	memset(attr, 0, sizeof(*attr));
	memcpy(attr, value, known_size(src));
	free(value);
	return err;
}

int xdp_attr_set(struct ctrl_source *src, __u32 ifindex,
		 const struct bpf_ctrl_xdp_attr *attr)
{
	void *value;
	int err;

	value = calloc(1, src->value_size);
	if (!value)
		return -ENOMEM;

	memcpy(value, attr, known_size(src));
	err = ctrl_source_set(src, &ifindex, value);
	free(value);
	return err;
}

static const char *mode_name(enum bpf_ctrl_xdp_mode mode)
{
	return mode < ARRAY_SIZE(mode_names) ? mode_names[mode] : "unknown";
}

/* Bits that this tool has no name for are shown as numbers. */
static void feature_name(unsigned int bit, char text[XDP_CELL_LEN])
{
	if (bit < ARRAY_SIZE(feature_names))
		snprintf(text, XDP_CELL_LEN, "%s", feature_names[bit]);
	else
		snprintf(text, XDP_CELL_LEN, "0x%llx", 1ULL << bit);
}

static void show_progs_json(const struct bpf_ctrl_xdp_attr *attr)
{
	const struct {
		enum bpf_ctrl_xdp_mode mode;
		__u32 id;
	} progs[] = {
		{ BPF_CTRL_XDP_MODE_NATIVE,	attr->drv_prog_id },
		{ BPF_CTRL_XDP_MODE_GENERIC,	attr->skb_prog_id },
		{ BPF_CTRL_XDP_MODE_OFFLOAD,	attr->hw_prog_id },
	};
	size_t i;

	jsonw_string_field(json_wtr, "mode", mode_name(attr->mode));
	if (attr->mode == BPF_CTRL_XDP_MODE_NONE)
		return;
	if (attr->mode != BPF_CTRL_XDP_MODE_MULTI) {
		xdp_prog_show_json(attr->prog_id);
		return;
	}

	jsonw_name(json_wtr, "progs");
	jsonw_start_array(json_wtr);
	for (i = 0; i < ARRAY_SIZE(progs); i++) {
		if (!progs[i].id)
			continue;
		jsonw_start_object(json_wtr);
		jsonw_string_field(json_wtr, "mode", mode_name(progs[i].mode));
		xdp_prog_show_json(progs[i].id);
		jsonw_end_object(json_wtr);
	}
	jsonw_end_array(json_wtr);
}

static void show_features_json(const struct bpf_ctrl_xdp_attr *attr)
{
	char name[XDP_CELL_LEN];
	unsigned int bit;

	jsonw_name(json_wtr, "features");
	jsonw_start_array(json_wtr);
	for (bit = 0; bit < 64; bit++) {
		if (!(attr->features >> bit & 1))
			continue;
		feature_name(bit, name);
		jsonw_string(json_wtr, name);
	}
	jsonw_end_array(json_wtr);
}

static void show_ring_fields_json(const struct bpf_ctrl_xdp_rings *rings)
{
	jsonw_uint_field(json_wtr, "num", rings->num);
	jsonw_uint_field(json_wtr, "size", rings->size);
}

static void show_ring_object_json(const char *name,
				  const struct bpf_ctrl_xdp_rings *rings)
{
	jsonw_name(json_wtr, name);
	jsonw_start_object(json_wtr);
	show_ring_fields_json(rings);
	jsonw_end_object(json_wtr);
}

/* How many there can be only the driver knows where the core's program does it. */
static void show_rings_json(const struct bpf_ctrl_xdp_attr *attr, const char *method)
{
	if (attr->rings_by == BPF_CTRL_XDP_RINGS_NONE)
		return;

	jsonw_name(json_wtr, "redirect_rings");
	jsonw_start_object(json_wtr);
	show_ring_fields_json(&attr->rings);
	jsonw_string_field(json_wtr, "by",
			   attr->rings_by < ARRAY_SIZE(by_names) ? by_names[attr->rings_by] :
								   "unknown");
	show_ring_object_json("granted", &attr->rings_granted);
	if (attr->rings_max.num)
		show_ring_object_json("max", &attr->rings_max);
	if (method)
		jsonw_string_field(json_wtr, "method", method);
	jsonw_end_object(json_wtr);
}

/* in the order of the bits of enum bpf_ctrl_xdp_md */
static const char * const md_names[] = {
	"rx-timestamp", "rx-hash", "rx-vlan",
};

/* Bits that this tool has no name for are shown as numbers. */
void xdp_md_name(unsigned int bit, char text[XDP_CELL_LEN])
{
	if (bit < ARRAY_SIZE(md_names))
		snprintf(text, XDP_CELL_LEN, "%s", md_names[bit]);
	else
		snprintf(text, XDP_CELL_LEN, "0x%x", 1U << bit);
}

static void show_supported_json(__u32 supported)
{
	char name[XDP_CELL_LEN];
	unsigned int bit;

	jsonw_name(json_wtr, "supported");
	jsonw_start_array(json_wtr);
	for (bit = 0; bit < 32; bit++) {
		if (!(supported >> bit & 1))
			continue;
		xdp_md_name(bit, name);
		jsonw_string(json_wtr, name);
	}
	jsonw_end_array(json_wtr);
}

void xdp_attr_show_md_json(const struct bpf_ctrl_xdp_attr *attr)
{
	if (!attr->md_supported)
		return;

	jsonw_name(json_wtr, "metadata");
	jsonw_start_object(json_wtr);
	jsonw_bool_field(json_wtr, "enabled", attr->enable_md);
	jsonw_bool_field(json_wtr, "keep", attr->md_keep);
	show_supported_json(attr->md_supported);
	if (attr->md_btf) {
		jsonw_uint_field(json_wtr, "btf_id", attr->md_btf);
		jsonw_uint_field(json_wtr, "type_id", attr->md_type_id);
	}
	jsonw_uint_field(json_wtr, "size", attr->md_size);
	if (attr->md_cookie)
		jsonw_uint_field(json_wtr, "cookie", attr->md_cookie);
	jsonw_end_object(json_wtr);
}

void xdp_attr_show_json(const struct bpf_ctrl_xdp_attr *attr, const char *method)
{
	show_progs_json(attr);
	show_features_json(attr);
	show_rings_json(attr, method);
	xdp_attr_show_md_json(attr);
}

static void append(char text[XDP_CELL_LEN], const char *word)
{
	size_t len = strlen(text);

	snprintf(text + len, XDP_CELL_LEN - len, "%s%s", len ? "," : "", word);
}

static void mode_text(const struct bpf_ctrl_xdp_attr *attr,
		      char text[XDP_CELL_LEN])
{
	append(text, mode_name(attr->mode));
}

#define NR_MODES	3

static void prog_ids(const struct bpf_ctrl_xdp_attr *attr, __u32 ids[NR_MODES])
{
	ids[0] = attr->drv_prog_id;
	ids[1] = attr->skb_prog_id;
	ids[2] = attr->hw_prog_id;
}

static void prog_text(const struct bpf_ctrl_xdp_attr *attr,
		      char text[XDP_CELL_LEN])
{
	__u32 ids[NR_MODES];
	char id[16];
	size_t i;

	prog_ids(attr, ids);
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		snprintf(id, sizeof(id), "%u", ids[i]);
		if (ids[i])
			append(text, id);
	}
}

static void name_text(const struct bpf_ctrl_xdp_attr *attr,
		      char text[XDP_CELL_LEN])
{
	__u32 ids[NR_MODES];
	size_t i;

	prog_ids(attr, ids);
	for (i = 0; i < ARRAY_SIZE(ids); i++)
		if (ids[i])
			xdp_prog_append_name(ids[i], text, XDP_CELL_LEN);
}

static void tag_text(const struct bpf_ctrl_xdp_attr *attr,
		     char text[XDP_CELL_LEN])
{
	__u32 ids[NR_MODES];
	size_t i;

	prog_ids(attr, ids);
	for (i = 0; i < ARRAY_SIZE(ids); i++)
		if (ids[i])
			xdp_prog_append_tag(ids[i], text, XDP_CELL_LEN);
}

static void features_text(const struct bpf_ctrl_xdp_attr *attr,
			  char text[XDP_CELL_LEN])
{
	char name[XDP_CELL_LEN];
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		if (!(attr->features >> bit & 1))
			continue;
		feature_name(bit, name);
		append(text, name);
	}
}

/* The rings that there are: 4x256, or 4 if their size is not known, or who has packets
 * taken if that is not the driver. Where there can be none this stays empty.
 */
static void rings_text(const struct bpf_ctrl_xdp_attr *attr,
		       char text[XDP_CELL_LEN])
{
	const struct bpf_ctrl_xdp_rings *rings = &attr->rings_granted;

	if (rings->num && !attr->rings_max.num)
		snprintf(text, XDP_CELL_LEN, "core");
	else if (rings->num && !rings->size)
		snprintf(text, XDP_CELL_LEN, "%u", rings->num);
	else if (rings->num)
		snprintf(text, XDP_CELL_LEN, "%ux%u", rings->num, rings->size);
	else if (attr->rings_by)
		snprintf(text, XDP_CELL_LEN, "0");
}

/* Where there can be no metadata this stays empty. */
static void md_text(const struct bpf_ctrl_xdp_attr *attr,
		    char text[XDP_CELL_LEN])
{
	if (attr->enable_md)
		append(text, attr->md_keep ? "keep" : "on");
	else if (attr->md_supported)
		append(text, "off");
}

void xdp_attr_text(const struct bpf_ctrl_xdp_attr *attr, enum xdp_attr_cell cell,
		   char text[XDP_CELL_LEN])
{
	static void (* const texts[])(const struct bpf_ctrl_xdp_attr *attr,
				      char text[XDP_CELL_LEN]) = {
		[XDP_ATTR_MODE]		= mode_text,
		[XDP_ATTR_PROG]		= prog_text,
		[XDP_ATTR_NAME]		= name_text,
		[XDP_ATTR_TAG]		= tag_text,
		[XDP_ATTR_MD]		= md_text,
		[XDP_ATTR_RINGS]	= rings_text,
		[XDP_ATTR_FEATURES]	= features_text,
	};

	*text = '\0';
	texts[cell](attr, text);
	if (!*text)
		snprintf(text, XDP_CELL_LEN, "-");
}
