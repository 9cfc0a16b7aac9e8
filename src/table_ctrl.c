// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Tables for people.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main.h"
#include "table_ctrl.h"

static int make_room(struct ctrl_table *table)
{
	size_t max = table->max_cells ? table->max_cells * 2 : 256;
	char **cells;

	if (table->nr_cells < table->max_cells)
		return 0;

	cells = realloc(table->cells, max * sizeof(*cells));
	if (!cells)
		return -ENOMEM;
	table->cells = cells;
	table->max_cells = max;
	return 0;
}

int ctrl_table_add(struct ctrl_table *table, const char *fmt, ...)
{
	va_list args;
	int len;

	if (make_room(table))
		goto err_mem;

	va_start(args, fmt);
	len = vasprintf(&table->cells[table->nr_cells], fmt, args);
	va_end(args);
	if (len < 0)
		goto err_mem;
	table->nr_cells++;
	return 0;

err_mem:
	p_err("mem alloc failed");
	return -ENOMEM;
}

static size_t nr_columns(const struct ctrl_table *table)
{
	size_t nr = 0;

	while (table->columns[nr].title)
		nr++;
	return nr;
}

static int column_width(const struct ctrl_table *table, size_t column, size_t nr)
{
	size_t width = strlen(table->columns[column].title), i;

	for (i = column; i < table->nr_cells; i += nr)
		if (strlen(table->cells[i]) > width)
			width = strlen(table->cells[i]);
	return width;
}

/* The last column is not padded: no blanks at the end of a line. */
static void print_cell(const struct ctrl_column *column, int width,
		       const char *text)
{
	bool last = !column[1].title;

	if (column->left)
		width = last ? 0 : -width;
	printf("%*s%s", width, text, last ? "\n" : "  ");
}

void ctrl_table_print(const struct ctrl_table *table)
{
	size_t nr = nr_columns(table), i;
	int widths[nr];

	if (!table->nr_cells)
		return;

	for (i = 0; i < nr; i++) {
		widths[i] = column_width(table, i, nr);
		print_cell(&table->columns[i], widths[i],
			   table->columns[i].title);
	}
	for (i = 0; i < table->nr_cells; i++)
		print_cell(&table->columns[i % nr], widths[i % nr],
			   table->cells[i]);
}

void ctrl_table_free(struct ctrl_table *table)
{
	size_t i;

	for (i = 0; i < table->nr_cells; i++)
		free(table->cells[i]);
	free(table->cells);
	table->cells = NULL;
	table->nr_cells = 0;
	table->max_cells = 0;
}
