/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_TABLE_CTRL_H
#define __BPFTOOL_TABLE_CTRL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <linux/compiler.h>

struct ctrl_column {
	const char *title;
	bool left;		/* text, to the left; else a number, to the right */
	int width;		/* at least */
};

/*
 * Rows whose cells are aligned with each other where there may be many more: then these are
 * printed, and memory does not grow with their number.
 */
#define CTRL_TABLE_BLOCK	512

/* Rows of text for people, kept until their widths are known. */
struct ctrl_table {
	const struct ctrl_column *columns;	/* ends with a NULL title */
	size_t block;		/* so many rows are aligned with each other; 0: all */
	/* its own */
	char *text;		/* of the cells, each with its end */
	size_t len;
	size_t max;
	size_t nr_cells;
	size_t nr_columns;
	int *widths;
	bool printed;		/* some rows, and the titles */
};

/* ctrl_table_add - add the next cell, from left to right and row by row
 *
 * A row that is one too many for a block has the block printed to stdout first.
 * Returns 0 or a negative errno (reported).
 */
int ctrl_table_add(struct ctrl_table *table, const char *fmt, ...) __printf(2, 3);

/* ctrl_table_print - print the titles, once, and the rows; nothing if there are none */
void ctrl_table_print(struct ctrl_table *table, FILE *out);

/* ctrl_table_titles - have the titles printed even without rows */
int ctrl_table_titles(struct ctrl_table *table, FILE *out);

/* ctrl_table_free - forget the rows */
void ctrl_table_free(struct ctrl_table *table);

#endif /* __BPFTOOL_TABLE_CTRL_H */
