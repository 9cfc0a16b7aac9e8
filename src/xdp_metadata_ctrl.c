// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Metadata in front of received packets: switched on and off, and described.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "command_ctrl.h"
#include "error_ctrl.h"
#include "main.h"
#include "name_ctrl.h"
#include "output_ctrl.h"
#include "schema_c_ctrl.h"
#include "xdp_attr_ctrl.h"
#include "xdp_dev_ctrl.h"

/* The words after "metadata" and after "set metadata" */
struct md_request {
	const char *dev;
	__u32 ifindex;
	const char *state;	/* "on" or "off" */
	bool keep;
	bool header;		/* format c */
};

static void show_plain(const struct md_request *req,
		       const struct bpf_ctrl_xdp_attr *attr, const char *type)
{
	char name[XDP_CELL_LEN];
	const char *sep = "";
	unsigned int bit;

	printf("%s: metadata %s%s\n\tsupported: ", ctrl_name_to_print(req->dev),
	       attr->enable_md ? "on" : "off",
	       attr->md_keep ? ", kept for the stack" : "");
	for (bit = 0; bit < 32; bit++) {
		if (!(attr->md_supported >> bit & 1))
			continue;
		xdp_md_name(bit, name);
		printf("%s%s", sep, name);
		sep = ", ";
	}
	printf("\n\tstruct %s: %u bytes in front of the packet, btf_id %u, type_id %u",
	       type, attr->md_size, attr->md_btf, attr->md_type_id);
	if (attr->md_cookie)
		printf(", cookie %#x", attr->md_cookie);
	putchar('\n');
}

static void show_json(const struct md_request *req,
		      const struct bpf_ctrl_xdp_attr *attr, const char *header)
{
	jsonw_start_object(json_wtr);
	jsonw_uint_field(json_wtr, "ifindex", req->ifindex);
	ctrl_json_name_field(json_wtr, "ifname", req->dev);
	xdp_attr_show_md_json(attr);
	if (header) {
		jsonw_string_field(json_wtr, "format", "c");
		jsonw_string_field(json_wtr, "schema", header);
	}
	jsonw_end_object(json_wtr);
}

/* What members are bits of: none has an enum for its type, which a mask is not. */
static void add_enums(struct ctrl_header *header)
{
	__u32 id, nr = 1;

	for (id = 1; id < btf__type_cnt(header->btf) && nr < ARRAY_SIZE(header->type_ids); id++)
		if (btf_is_any_enum(btf__type_by_id(header->btf, id)))
			header->type_ids[nr++] = id;
}

static int make_header(const struct bpf_ctrl_xdp_attr *attr,
		       const struct btf *btf, const char *type, char **text)
{
	struct ctrl_header header = {
		.name		= "xdp_metadata",
		.btf		= btf,
		.type_ids	= { attr->md_type_id },
	};
	char comment[256];
	int err;

	snprintf(comment, sizeof(comment),
		 "XDP metadata: struct %.128s, %u bytes in front of the packet",
		 type, attr->md_size);
	header.comment = comment;
	add_enums(&header);
	err = ctrl_header_make(&header, text);
	if (err)
		p_err("can't write the type of metadata: %s", strerror(-err));
	return err;
}

static int show_described(const struct md_request *req,
			  const struct bpf_ctrl_xdp_attr *attr,
			  const struct btf *btf)
{
	const struct btf_type *type = btf__type_by_id(btf, attr->md_type_id);
	char *header = NULL;
	const char *name;
	int err = 0;

	if (!type || !btf_is_struct(type) || type->size != attr->md_size) {
		p_err("can't use BTF of metadata by id (%u): type %u is no struct of %u bytes",
		      attr->md_btf, attr->md_type_id, attr->md_size);
		return -EINVAL;
	}

	name = btf__name_by_offset(btf, type->name_off);
	if (req->header)
		err = make_header(attr, btf, name, &header);
	if (!err && json_output)
		show_json(req, attr, header);
	else if (!err && header)
		fputs(header, stdout);
	else if (!err)
		show_plain(req, attr, name);
	free(header);
	return err;
}

static int show_metadata(const struct ctrl_source *src, const struct md_request *req,
			 const struct bpf_ctrl_xdp_attr *attr)
{
	struct btf *btf;
	int err;

	if (!attr->md_supported) {
		p_err("device '%s' has no metadata: %s", req->dev, src->limits ?:
		      "its driver does not let timestamp, hash or VLAN tag be put in front of packets");
		return -EOPNOTSUPP;
	}
	if (!attr->md_btf) {
		p_err("this kernel does not describe metadata: it was built without BTF (CONFIG_DEBUG_INFO_BTF)");
		return -ENODATA;
	}

	btf = btf__load_from_kernel_by_id(attr->md_btf);
	if (!btf) {
		err = -errno;
		p_err("can't get BTF of metadata by id (%u): %s%s%s",
		      attr->md_btf, strerror(-err), err == -EPERM ? ": " : "", err == -EPERM ?
		      ctrl_caps_reason(CTRL_CAP(CAP_SYS_ADMIN), "it takes CAP_SYS_ADMIN") : "");
		return err;
	}
	err = show_described(req, attr, btf);
	btf__free(btf);
	return err;
}

static int get_attr(struct ctrl_source *src, const struct md_request *req,
		    struct bpf_ctrl_xdp_attr *attr)
{
	int err;

	err = xdp_attr_open(src);
	if (err)
		return err;

	err = xdp_attr_get(src, req->ifindex, attr);
	if (err)
		p_err("can't get metadata of device '%s': %s", req->dev,
		      err == -ENOENT ? "no such device" : strerror(-err));
	return err;
}

static int parse_format(int *argc, char ***argv, struct md_request *req)
{
	NEXT_ARGP();
	if (!*argc || strcmp(**argv, "c")) {
		p_err("expected 'c' after 'format', got: '%s'",
		      *argc ? **argv : "");
		return -1;
	}
	req->header = true;
	NEXT_ARGP();
	return 0;
}

static int parse_show(int argc, char **argv, struct md_request *req)
{
	int err;

	while (argc) {
		if (is_prefix(*argv, "dev")) {
			err = xdp_parse_dev(&argc, &argv, &req->dev,
					    &req->ifindex);
		} else if (is_prefix(*argv, "format")) {
			err = parse_format(&argc, &argv, req);
		} else {
			p_err("expected 'dev' or 'format', got: '%s'", *argv);
			return -1;
		}
		if (err)
			return err;
	}

	if (!req->dev) {
		p_err("'metadata' needs 'dev'");
		return -1;
	}
	return 0;
}

int do_xdp_metadata(int argc, char **argv)
{
	struct bpf_ctrl_xdp_attr attr;
	struct md_request req = {};
	struct ctrl_source src;
	int err;

	err = parse_show(argc, argv, &req);
	if (err)
		return err;

	err = get_attr(&src, &req, &attr);
	if (!err)
		err = show_metadata(&src, &req, &attr);
	ctrl_source_close(&src);
	return err;
}

static int parse_set(int argc, char **argv, struct md_request *req)
{
	int err;

	while (argc) {
		if (is_prefix(*argv, "dev")) {
			err = xdp_parse_dev(&argc, &argv, &req->dev, &req->ifindex);
			if (err)
				return err;
		} else if (!req->state && (!strcmp(*argv, "on") ||
					   !strcmp(*argv, "off"))) {
			req->state = GET_ARG();
		} else if (!req->keep && is_prefix(*argv, "keep")) {
			req->keep = true;
			NEXT_ARG();
		} else {
			p_err("expected 'dev', 'on', 'off' or 'keep' once each, got: '%s'",
			      *argv);
			return -1;
		}
	}

	if (!req->dev || !req->state) {
		p_err("'metadata' needs %s", req->dev ? "'on' or 'off'" : "'dev'");
		return -1;
	}
	if (req->keep && strcmp(req->state, "on")) {
		p_err("'keep' goes with 'on'");
		return -1;
	}
	return 0;
}

static void report_set_error(const struct ctrl_source *src, const char *dev,
			     const struct bpf_ctrl_xdp_attr *cur, int err)
{
	const char *why = src->why ?: src->refused;

	if (err == -EBUSY && cur->mode == BPF_CTRL_XDP_MODE_GENERIC)
		p_err("can't set metadata of device '%s': its XDP program is generic, and metadata is for native ones",
		      dev);
	else if (why)
		p_err("can't set metadata of device '%s': %s", dev, why);
	else if (err == -EPERM)
		p_err("can't set metadata of device '%s': %s: %s", dev, ctrl_strerror(err),
		      ctrl_caps_reason(CTRL_CAP(CAP_NET_ADMIN), "it takes CAP_NET_ADMIN"));
	else
		p_err("can't set metadata of device '%s': %s", dev,
		      err == -ENOENT ? "no such device" : ctrl_strerror(err));
}

int do_xdp_set_metadata(int argc, char **argv)
{
	struct bpf_ctrl_xdp_attr cur, attr = {
		.command = BPF_CTRL_XDP_SETUP_MD,
	};
	struct md_request req = {};
	struct ctrl_source src;
	int err;

	err = parse_set(argc, argv, &req);
	if (err)
		return err;

	err = get_attr(&src, &req, &cur);
	if (!err) {
		attr.enable_md = !strcmp(req.state, "on");
		attr.md_keep = req.keep;
		err = xdp_attr_set(&src, req.ifindex, &attr);
		if (err)
			report_set_error(&src, req.dev, &cur, err);
	}
	ctrl_source_close(&src);
	if (!err && json_output)
		jsonw_null(json_wtr);
	return err;
}
