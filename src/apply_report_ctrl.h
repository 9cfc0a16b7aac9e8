/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_APPLY_REPORT_CTRL_H
#define __BPFTOOL_APPLY_REPORT_CTRL_H

#include "apply_entries_ctrl.h"

enum apply_outcome {
	APPLY_CHANGED,
	APPLY_UNCHANGED,
	APPLY_FAILED,
	NR_OUTCOMES,
};

/* apply_report - say what became of an entry
 * @dry: what would have become of it
 * @read: the kernel's value was read, so it is known what differs
 * @err: why it failed, or 0
 * @where: if so, where it is in the text
 */
void apply_report(const struct apply_entry *entry, enum apply_outcome outcome,
		  bool dry, bool read, int err, const char *where);

#endif /* __BPFTOOL_APPLY_REPORT_CTRL_H */
