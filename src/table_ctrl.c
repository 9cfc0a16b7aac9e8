// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Tables for people.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "main.h"
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
	va_list args, again;
	int len, *width;

	if (init(table))
		return -ENOMEM;
	if (table->block && table->nr_cells == table->block * table->nr_columns)
		ctrl_table_print(table, stdout);

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	if (len < 0 || make_room(table, len + 1))
		len = -ENOMEM;
	else
		vsnprintf(table->text + table->len, len + 1, fmt, again);
	va_end(again);
	va_end(args);
	if (len < 0)
		return len;

	width = &table->widths[table->nr_cells++ % table->nr_columns];
	if (len > *width)
		*width = len;
	table->len += len + 1;
	return 0;
}

/* The last column is not padded: no blanks at the end of a line. */
static void print_cell(const struct ctrl_column *column, int width,
		       const char *text, FILE *out)
{
	bool last = !column[1].title;

	if (column->left)
		width = last ? 0 : -width;
	fprintf(out, "%*s%s", width, text, last ? "\n" : "  ");
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
