// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl kprobe: BPF programs on kprobes and uprobes.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "command_ctrl.h"
#include "main.h"
#include "object_ctrl.h"
#include "output_ctrl.h"
#include "xlated_dumper.h"

/* Bits of bpf_ctrl_kprobe.settable and .valid */
#define SETTABLE_ENABLED	1
#define VALID_ADDR		1
#define VALID_OFFSET		2
#define VALID_MISSED		8
#define VALID_MISSES		16

struct kprobe_ctx {
	const char *name;	/* only probes with this program, or NULL */
	const char *symbol;	/* only those of this function or file, or NULL */
	struct dump_data syms;	/* of the kernel, loaded when needed */
	bool loaded;
};

static const char *kind_name(__u32 kind)
{
	static const char * const names[] = {
		[BPF_CTRL_PROBE_UNSPEC]			= "unknown",
		[BPF_CTRL_PROBE_KPROBE]			= "kprobe",
		[BPF_CTRL_PROBE_KRETPROBE]		= "kretprobe",
		[BPF_CTRL_PROBE_UPROBE]			= "uprobe",
		[BPF_CTRL_PROBE_URETPROBE]		= "uretprobe",
		[BPF_CTRL_PROBE_KPROBE_MULTI]		= "kprobe_multi",
		[BPF_CTRL_PROBE_KRETPROBE_MULTI]	= "kretprobe_multi",
		[BPF_CTRL_PROBE_KPROBE_SESSION]		= "kprobe_session",
		[BPF_CTRL_PROBE_UPROBE_MULTI]		= "uprobe_multi",
		[BPF_CTRL_PROBE_URETPROBE_MULTI]	= "uretprobe_multi",
		[BPF_CTRL_PROBE_UPROBE_SESSION]		= "uprobe_session",
	};

	return kind < ARRAY_SIZE(names) ? names[kind] : "unknown";
}

/*
 * The function that a bare address is in, or NULL. With IBT a probe of a function is behind
 * its first instruction, so that is not only where it begins.
 */
static const char *find_symbol(struct kprobe_ctx *ctx, __u64 addr, __u64 *offset)
{
	size_t low = 0, high, mid;

	if (!ctx->loaded)
		kernel_syms_load(&ctx->syms);
	ctx->loaded = true;

	high = ctx->syms.sym_count;
	while (low < high) {
		mid = low + (high - low) / 2;
		if (ctx->syms.sym_mapping[mid].address <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return NULL;
	*offset = addr - ctx->syms.sym_mapping[low - 1].address;
	return ctx->syms.sym_mapping[low - 1].name;
}

static const char *kprobe_symbol(struct kprobe_ctx *ctx,
				 const struct bpf_ctrl_kprobe *probe, __u64 *offset)
{
	*offset = probe->valid & VALID_OFFSET ? probe->offset : 0;
	if (probe->kind != BPF_CTRL_PROBE_KPROBE &&
	    probe->kind != BPF_CTRL_PROBE_KRETPROBE)
		return NULL;
	if (*probe->target)
		return probe->target;
	return probe->valid & VALID_ADDR ? find_symbol(ctx, probe->addr, offset) : NULL;
}

/* What it is at, as the table shows it: the function, or the file of a uprobe */
static bool kprobe_wanted(const void *value, void *ctx)
{
	const struct bpf_ctrl_kprobe *probe = value;
	struct kprobe_ctx *wanted = ctx;
	const char *target;
	__u64 offset;

	/* the kernel's names of programs are shorter than those of their functions */
	if (wanted->name &&
	    strncmp(probe->prog_name, wanted->name, sizeof(probe->prog_name) - 1))
		return false;
	if (!wanted->symbol)
		return true;
	target = kprobe_symbol(wanted, probe, &offset);
	return !strcmp(target ?: probe->target, wanted->symbol);
}

static void show_kprobe_json(struct ctrl_source *src, __u64 id, const void *value,
			     void *ctx)
{
	__u64 offset;
	const char *symbol = kprobe_symbol(ctx, value, &offset);

	if (symbol)
		ctrl_json_name_field(json_wtr, "symbol", symbol);
}

static int show_target(struct ctrl_table *table, const char *target, __u64 offset,
		       const struct bpf_ctrl_kprobe *probe)
{
	if (!target && probe->count != 1)
		return ctrl_table_add(table, "%u probes", probe->count);
	if (!target && probe->valid & VALID_ADDR)
		return ctrl_table_add(table, "0x%llx", probe->addr);
	if (target && offset)
		return ctrl_table_add(table, "%s+0x%llx", target, offset);
	return ctrl_table_add(table, "%s", target ?: "-");
}

static int show_count(struct ctrl_table *table, const struct bpf_ctrl_kprobe *probe,
		      __u64 valid, __u64 count)
{
	return probe->valid & valid ? ctrl_table_add(table, "%llu", (unsigned long long)count) :
				      ctrl_table_add(table, "-");
}

static int show_kprobe_row(struct ctrl_source *src, __u64 id, const void *value,
			   struct ctrl_table *table, void *ctx)
{
	const struct bpf_ctrl_kprobe *probe = value;
	__u64 offset;
	const char *target = kprobe_symbol(ctx, probe, &offset);

	if (!target && *probe->target)
		target = probe->target;

	return ctrl_table_add(table, "%llu", (unsigned long long)id) ?:
	       ctrl_table_add(table, "%s", kind_name(probe->kind)) ?:
	       show_target(table, target, offset, probe) ?:
	       ctrl_table_add(table, "%u", probe->prog_id) ?:
	       ctrl_table_add(table, "%s", *probe->prog_name ? probe->prog_name : "-") ?:
	       ctrl_table_add(table, "%s", probe->enabled ? "on" : "off") ?:
	       show_count(table, probe, VALID_MISSED, probe->missed) ?:
	       show_count(table, probe, VALID_MISSES, probe->recursion_misses);
}

static const struct ctrl_column kprobe_columns[] = {
	{ "ID" },
	{ "KIND",	true },
	{ "TARGET",	true },
	{ "PROG" },
	{ "NAME",	true },
	{ "ENABLED",	true },
	{ "MISSED" },
	{ "RECURSION" },
	{}
};

static const char *other_link(__u64 id)
{
	int fd = bpf_link_get_fd_by_id(id);

	if (fd < 0)
		return NULL;
	close(fd);
	return "there is a link of this id, but not to a probe";
}

static const struct ctrl_object kprobe_object = {
	.ctrl_type	= BPF_CTRL_KPROBE,
	.name		= "kprobe",
	.noun		= "probe link",
	.key_word	= "id",
	.key_size	= sizeof(__u32),
	.value_size	= sizeof(struct bpf_ctrl_kprobe),
	.columns	= kprobe_columns,
	.wanted		= kprobe_wanted,
	.absent		= other_link,
	.show_json	= show_kprobe_json,
	.show_row	= show_kprobe_row,
};

static int parse_wanted(int argc, char **argv, struct kprobe_ctx *ctx)
{
	if (!argc)
		return 0;
	if (!is_prefix(*argv, "name") && !is_prefix(*argv, "symbol")) {
		p_err("expected 'id', 'name' or 'symbol', got: '%s'", *argv);
		return -1;
	}
	if (argc < 2) {
		p_err("'%s' needs a word", *argv);
		return -1;
	}
	if (is_prefix(*argv, "name"))
		ctx->name = argv[1];
	else
		ctx->symbol = argv[1];
	return ctrl_no_more_args(argc - 2, argv + 2);
}

static int do_show(int argc, char **argv)
{
	bool one = argc && is_prefix(*argv, "id");
	struct kprobe_ctx ctx = {};
	__u64 id;
	int err;

	if (one)
		err = ctrl_object_parse_key(&kprobe_object, &argc, &argv, &id) ?:
		      ctrl_no_more_args(argc, argv);
	else
		err = parse_wanted(argc, argv, &ctx);
	if (err)
		return -1;

	err = ctrl_object_show(&kprobe_object, one ? &id : NULL, &ctx);
	if (ctx.loaded)
		kernel_syms_destroy(&ctx.syms);
	return err;
}

static int set_enabled(__u64 id, struct bpf_ctrl_kprobe *probe, __u32 enabled)
{
	if (probe->enabled == enabled)
		return 1;
	if (!(probe->settable & SETTABLE_ENABLED)) {
		p_err("can't pause probe link %llu: this kernel can't do that for its kind (%s%s)",
		      (unsigned long long)id, kind_name(probe->kind),
		      probe->count == 1 ? ", defined in tracefs" : "");
		return -EOPNOTSUPP;
	}
	probe->settable = SETTABLE_ENABLED;
	probe->enabled = enabled;
	return 0;
}

static int pause_link(__u64 id, void *value)
{
	return set_enabled(id, value, 0);
}

static int resume_link(__u64 id, void *value)
{
	return set_enabled(id, value, 1);
}

static int parse_enabled(int argc, char **argv, bool *on)
{
	if (!argc) {
		p_err("expected 'enabled'");
		return -1;
	}
	if (!is_prefix(*argv, "enabled")) {
		p_err("expected 'enabled', got: '%s'", *argv);
		return -1;
	}
	NEXT_ARG();
	if (!REQ_ARGS(1))
		return -1;
	return ctrl_parse_on_off(&argc, &argv, on) ?: ctrl_no_more_args(argc, argv);
}

static int do_set(int argc, char **argv)
{
	__u64 id;
	bool on;

	if (ctrl_object_parse_key(&kprobe_object, &argc, &argv, &id) ||
	    parse_enabled(argc, argv, &on))
		return -1;

	return ctrl_object_change(&kprobe_object, id, on ? "resume" : "pause",
				  on ? resume_link : pause_link);
}

static int do_help(int argc, char **argv)
{
	static const char text[] =
		"Usage: %1$s ctrl kprobe { show | list } [{ id ID | name PROG | symbol SYMBOL }]\n"
		"       %1$s ctrl kprobe set id ID enabled { on | off }\n"
		"       %1$s ctrl kprobe help\n"
		"\n"
		"       ID is that of a link, see '%1$s link show'. With 'enabled off' its\n"
		"       program does not run, without being detached, until 'enabled on'.\n"
		"       Programs that an ioctl attached have no link: see '%1$s perf show'.\n";

	return ctrl_help(text);
}

static const struct cmd cmds[] = {
	{ "show",	do_show },
	{ "list",	do_show },
	{ "help",	do_help },
	{ "set",	do_set },
	{ 0 }
};

int do_ctrl_kprobe(int argc, char **argv)
{
	return ctrl_select(cmds, argc, argv);
}
