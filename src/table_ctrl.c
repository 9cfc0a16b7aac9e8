// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Tables for people.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "main.h"
#include "name_ctrl.h"
#include "table_ctrl.h"

static int no_memory(void)
{
	p_err("mem alloc failed");
	return -ENOMEM;
}

static int init(struct ctrl_table *table)
{
	size_t i, nr = 0;

	if (table->widths)
		return 0;

	while (table->columns[nr].title)
		nr++;
	table->widths = calloc(nr, sizeof(*table->widths));
	if (!table->widths)
		return no_memory();
	table->nr_columns = nr;
	for (i = 0; i < nr; i++) {
		table->widths[i] = strlen(table->columns[i].title);
		if (table->columns[i].width > table->widths[i])
			table->widths[i] = table->columns[i].width;
	}
	return 0;
}

static int make_room(struct ctrl_table *table, size_t len)
{
	size_t max = table->max ?: 4096;
	char *text;

	if (table->max - table->len >= len)
		return 0;

	while (max - table->len < len)
		max *= 2;
	text = realloc(table->text, max);
	if (!text)
		return no_memory();
	table->text = text;
	table->max = max;
	return 0;
}

int ctrl_table_add(struct ctrl_table *table, const char *fmt, ...)
{
	char *cell = NULL;
	va_list args;
	int len, width, *widest;

	if (init(table))
		return -ENOMEM;
	if (table->block && table->nr_cells == table->block * table->nr_columns)
		ctrl_table_print(table, stdout);

	va_start(args, fmt);
	len = vasprintf(&cell, fmt, args);
	va_end(args);
	if (len < 0)
		return no_memory();
	if (make_room(table, CTRL_NAME_SHOWN((size_t)len))) {
		free(cell);
		return -ENOMEM;
	}
	ctrl_name_to_show(cell, table->text + table->len);
	free(cell);

	width = ctrl_text_width(table->text + table->len, NULL, INT_MAX);
	widest = &table->widths[table->nr_cells++ % table->nr_columns];
	if (width > *widest)
		*widest = width;
	table->len += strlen(table->text + table->len) + 1;
	return 0;
}

/* The last column is not padded: no blanks at the end of a line. */
static void print_cell(const struct ctrl_column *column, int width,
		       const char *text, FILE *out)
{
	int pad = width - ctrl_text_width(text, NULL, INT_MAX);
	bool last = !column[1].title;

	if (column->left)
		fprintf(out, "%s%*s", text, last ? 0 : pad, "");
	else
		fprintf(out, "%*s%s", pad, "", text);
	fputs(last ? "\n" : "  ", out);
}

int ctrl_table_titles(struct ctrl_table *table, FILE *out)
{
	size_t i;

	if (init(table))
		return -ENOMEM;
	for (i = 0; i < table->nr_columns && !table->printed; i++)
		print_cell(&table->columns[i], table->widths[i],
			   table->columns[i].title, out);
	table->printed = true;
	return 0;
}

void ctrl_table_print(struct ctrl_table *table, FILE *out)
{
	const char *text = table->text;
	size_t i, column;

	if (!table->nr_cells)
		return;

	ctrl_table_titles(table, out);
	for (i = 0; i < table->nr_cells; i++) {
		column = i % table->nr_columns;
		print_cell(&table->columns[column], table->widths[column], text, out);
		text += strlen(text) + 1;
	}
	table->nr_cells = 0;
	table->len = 0;
}

void ctrl_table_free(struct ctrl_table *table)
{
	free(table->text);
	free(table->widths);
	*table = (struct ctrl_table){ .columns = table->columns, .block = table->block };
}
