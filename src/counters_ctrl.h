/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What is a counter in a type that this tool has never seen? Each unsigned integer
 * of 64 bits, also in structs and arrays, that its value says is known and that an
 * update of this object would not change: the kernel counts in 64 bits, while sizes,
 * ids and modes are smaller.
 */
#ifndef __BPFTOOL_COUNTERS_CTRL_H
#define __BPFTOOL_COUNTERS_CTRL_H

#include <stddef.h>
#include <linux/types.h>

struct ctrl_layout;

/* Those that a value may have, always in the same order. */
struct ctrl_counters {
	const char **names;	/* as "ctrl dump" has them: "x[2].hits" */
	size_t nr;
};

/* ctrl_counters_name - list the counters of a type
 * @counters: filled in; to be released with ctrl_counters_free(), even on failure
 *
 * Returns 0 or a negative errno (not reported): -E2BIG if there are thousands.
 */
int ctrl_counters_name(const struct ctrl_layout *layout, struct ctrl_counters *counters);
void ctrl_counters_free(struct ctrl_counters *counters);

/* @i: which of them */
typedef void (*ctrl_counter_fn)(size_t i, __u64 value, void *ctx);

/* ctrl_counters_read - call a function for each counter of a value that is known */
void ctrl_counters_read(const struct ctrl_layout *layout, const void *value,
			ctrl_counter_fn fn, void *ctx);

#endif /* __BPFTOOL_COUNTERS_CTRL_H */
