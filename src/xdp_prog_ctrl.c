// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * XDP programs: names, tags, and which programs are behind libxdp's dispatcher.
 *
 * libxdp attaches one program to a device, whose functions prog0 and so on it replaces by
 * the programs that users want there (freplace). The kernel's links say that; what libxdp
 * pins in bpffs may be anybody's.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "main.h"
#include "output_ctrl.h"
#include "xdp_prog_ctrl.h"

#define DISPATCHER	"xdp_dispatcher"
#define TAG_LEN		(2 * BPF_TAG_SIZE + 1)

struct xdp_prog {
	char name[MAX_PROG_FULL_NAME];
	char tag[TAG_LEN];
};

/* A link that replaces a function of a program by another program */
struct replacement {
	__u32 target_id;
	__u32 function;		/* its BTF id: those of prog0, prog1, ... are in this order */
	__u32 prog_id;
};

static struct replacement *replacements;
static size_t nr_replacements;
static bool replacements_known;

static bool find_prog(__u32 id, struct xdp_prog *prog)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);
	size_t i;
	int err, fd;

	fd = bpf_prog_get_fd_by_id(id);
	if (fd < 0)
		return false;
	err = bpf_prog_get_info_by_fd(fd, &info, &len);
	if (!err) {
		get_prog_full_name(&info, fd, prog->name, sizeof(prog->name));
		for (i = 0; i < BPF_TAG_SIZE; i++)
			sprintf(prog->tag + 2 * i, "%02x", info.tag[i]);
	}
	close(fd);
	return !err;
}

static bool replaces(const struct bpf_link_info *info)
{
	return info->type == BPF_LINK_TYPE_TRACING && info->tracing.target_obj_id &&
	       !info->tracing.attach_type;
}

static int add_replacement(__u32 link_id)
{
	struct bpf_link_info info = {};
	__u32 len = sizeof(info);
	struct replacement *more;
	int err, fd;

	fd = bpf_link_get_fd_by_id(link_id);
	if (fd < 0)
		return 0;
	err = bpf_link_get_info_by_fd(fd, &info, &len);
	close(fd);
	if (err || !replaces(&info))
		return 0;

	more = reallocarray(replacements, nr_replacements + 1, sizeof(*more));
	if (!more)
		return -1;
	replacements = more;
	replacements[nr_replacements++] = (struct replacement){
		info.tracing.target_obj_id, info.tracing.target_btf_id, info.prog_id,
	};
	return 0;
}

static int compare_replacements(const void *a, const void *b)
{
	const struct replacement *left = a, *right = b;

	if (left->target_id != right->target_id)
		return left->target_id < right->target_id ? -1 : 1;
	return left->function < right->function ? -1 : left->function > right->function;
}

/* All of them at once: there may be as many dispatchers as devices. */
static void find_replacements(void)
{
	__u32 id = 0;

	if (replacements_known)
		return;
	replacements_known = true;
	while (!bpf_link_get_next_id(id, &id) && !add_replacement(id))
		;
	if (nr_replacements)
		qsort(replacements, nr_replacements, sizeof(*replacements), compare_replacements);
}

void xdp_progs_forget(void)
{
	free(replacements);
	replacements = NULL;
	nr_replacements = 0;
	replacements_known = false;
}

/* Where those behind @id begin */
static size_t first_behind(__u32 id)
{
	size_t low = 0, high = nr_replacements, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (replacements[middle].target_id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The one behind @id at @pos, which goes on, or NULL */
static const struct replacement *next_behind(__u32 id, size_t *pos)
{
	if (*pos == nr_replacements || replacements[*pos].target_id != id)
		return NULL;
	return &replacements[(*pos)++];
}

static bool is_dispatcher(const struct xdp_prog *prog)
{
	if (strcmp(prog->name, DISPATCHER))
		return false;
	find_replacements();
	return true;
}

static void show_fields(__u32 id, const struct xdp_prog *prog)
{
	jsonw_uint_field(json_wtr, "prog_id", id);
	if (!*prog->tag)
		return;
	ctrl_json_name_field(json_wtr, "prog_name", prog->name);
	jsonw_string_field(json_wtr, "prog_tag", prog->tag);
}

void xdp_prog_show_json(__u32 id)
{
	struct xdp_prog prog = {}, behind;
	const struct replacement *next;
	size_t pos;

	find_prog(id, &prog);
	show_fields(id, &prog);
	if (!is_dispatcher(&prog))
		return;

	jsonw_name(json_wtr, "dispatches");
	jsonw_start_array(json_wtr);
	pos = first_behind(id);
	while ((next = next_behind(id, &pos))) {
		memset(&behind, 0, sizeof(behind));
		find_prog(next->prog_id, &behind);
		jsonw_start_object(json_wtr);
		show_fields(next->prog_id, &behind);
		jsonw_end_object(json_wtr);
	}
	jsonw_end_array(json_wtr);
}

static void append(char *text, size_t size, const char *sep, const char *word)
{
	size_t len = strlen(text);

	snprintf(text + len, size - len, "%s%s", len ? sep : "", word);
}

void xdp_prog_append_name(__u32 id, char *text, size_t size)
{
	struct xdp_prog prog = {}, behind;
	const struct replacement *next;
	const char *sep = "(";
	size_t pos;

	if (!find_prog(id, &prog))
		return;
	append(text, size, ",", prog.name);
	if (!is_dispatcher(&prog))
		return;
	pos = first_behind(id);
	while ((next = next_behind(id, &pos))) {
		memset(&behind, 0, sizeof(behind));
		find_prog(next->prog_id, &behind);
		append(text, size, sep, *behind.name ? behind.name : "?");
		sep = ",";
	}
	if (*sep == ',')
		append(text, size, "", ")");
}

void xdp_prog_append_tag(__u32 id, char *text, size_t size)
{
	struct xdp_prog prog = {};

	if (find_prog(id, &prog))
		append(text, size, ",", prog.tag);
}
