/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_TABLE_CTRL_H
#define __BPFTOOL_TABLE_CTRL_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/compiler.h>

struct ctrl_column {
	const char *title;
	bool left;		/* text, to the left; else a number, to the right */
};

/* Rows of text for people, kept until all widths are known. */
struct ctrl_table {
	const struct ctrl_column *columns;	/* ends with a NULL title */
	char **cells;
	size_t nr_cells;
	size_t max_cells;
};

/* ctrl_table_add - add the next cell, from left to right and row by row
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_table_add(struct ctrl_table *table, const char *fmt, ...) __printf(2, 3);

/* ctrl_table_print - print the titles and the rows; nothing if there are none */
void ctrl_table_print(const struct ctrl_table *table);

/* ctrl_table_free - forget the rows */
void ctrl_table_free(struct ctrl_table *table);

#endif /* __BPFTOOL_TABLE_CTRL_H */
