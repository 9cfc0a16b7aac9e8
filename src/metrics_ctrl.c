// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl metrics: what is counted, as Prometheus reads it.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command_ctrl.h"
#include "error_ctrl.h"
#include "main.h"
#include "metrics_rows_ctrl.h"
#include "metrics_text_ctrl.h"
#include "registry_ctrl.h"

struct request {
	struct ctrl_types list;
	bool *wanted;		/* of the list */
	bool some;		/* types are named */
	bool all;
	bool openmetrics;
	const char *path;
	unsigned char *filter;
};

static void show_switch(struct metrics_text *text, const struct ctrl_type *type)
{
	const char *help, *family = metric_type_switch(type->info.name, &help);

	if (!family || !type->users_known)
		return;
	metrics_text_family(text, family, false, NULL, help);
	metrics_text_sample(text, NULL, family, false, "", "", type->info.users != 0, 0);
}

static bool has_metrics(const struct metrics *m)
{
	size_t i;

	for (i = 0; i < m->nr; i++)
		if (m->metrics[i].name.kind)
			return true;
	return false;
}

static int show_source(struct metrics_text *text, const struct request *req,
		       struct ctrl_source *src)
{
	struct metrics m = {
		.src = src,
		.text = text,
		.all = req->all,
		.filter = req->filter,
	};
	int err;

	err = metrics_describe(&m);
	if (!err && has_metrics(&m)) {
		err = metrics_show(&m);
	} else if (!err && req->some) {
		p_err("can't make metrics of %s: its values have no counters", src->name);
		err = -ENODATA;
	}
	metrics_free(&m);
	return err;
}

/* The registry's objects are the types, which are shown. */
static bool is_wanted(const struct request *req, size_t i)
{
	return req->some ? req->wanted[i] : req->list.types[i].id != BPF_CTRL_REGISTRY;
}

static int show_type(struct metrics_text *text, const struct request *req,
		     const struct ctrl_type *type)
{
	struct ctrl_source src;
	int err;

	err = ctrl_source_open(&src, type->id, type->info.name);
	/* of no objects there are no samples */
	if (!err && (req->some || !ctrl_source_is_empty(&src)))
		err = ctrl_source_load_btf(&src) ?: show_source(text, req, &src);
	ctrl_source_close(&src);
	if (!err)
		show_switch(text, type);
	return err;
}

static int show_metrics(const struct request *req)
{
	struct metrics_text text = { .openmetrics = req->openmetrics };
	size_t i;
	int err;

	err = metrics_text_open(&text, req->path);
	if (err)
		return err;
	for (i = 0; i < req->list.nr && !err; i++)
		if (is_wanted(req, i))
			err = show_type(&text, req, &req->list.types[i]);
	err = metrics_text_close(&text, err);
	if (!err && json_output)
		jsonw_null(json_wtr);
	return err;
}

static int parse_format(struct request *req, const char *word)
{
	req->openmetrics = !strcmp(word, "openmetrics");
	if (req->openmetrics || !strcmp(word, "prometheus"))
		return 0;
	p_err("expected 'prometheus' or 'openmetrics', got: '%s'", word);
	return CTRL_BAD_WORD;
}

static int parse_type(struct request *req, const char *word)
{
	const struct ctrl_type *type = ctrl_type_find(&req->list, word);

	if (!type)
		return -ENOENT;
	req->wanted[type - req->list.types] = true;
	req->some = true;
	return 0;
}

/* A type may be called as it likes, so other words are given in full. */
static int parse_request(int argc, char **argv, struct request *req)
{
	const char *word;
	int err = 0;

	while (argc && !err) {
		word = GET_ARG();
		if (!strcmp(word, "all")) {
			req->all = true;
		} else if (!strcmp(word, "output")) {
			if (!REQ_ARGS(1))
				return CTRL_BAD_WORD;
			req->path = GET_ARG();
		} else if (!strcmp(word, "format")) {
			if (!REQ_ARGS(1))
				return CTRL_BAD_WORD;
			err = parse_format(req, GET_ARG());
		} else {
			err = parse_type(req, word);
		}
	}
	if (!err && json_output && !req->path) {
		p_err("metrics are no JSON: they need 'output' and the name of a file");
		err = CTRL_BAD_WORD;
	}
	return err;
}

int do_ctrl_metrics(int argc, char **argv)
{
	struct request req = {};
	int err;

	err = ctrl_types_get(&req.list);
	if (!err) {
		req.wanted = calloc(req.list.nr + 1, sizeof(*req.wanted));
		req.filter = calloc(METRICS_FILTER_BYTES, 1);
		if (!req.wanted || !req.filter) {
			p_err("mem alloc failed");
			err = -ENOMEM;
		}
	}
	err = err ?: parse_request(argc, argv, &req) ?: show_metrics(&req);
	free(req.filter);
	free(req.wanted);
	free(req.list.types);
	return err;
}
