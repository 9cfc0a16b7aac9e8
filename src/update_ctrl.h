/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_UPDATE_CTRL_H
#define __BPFTOOL_UPDATE_CTRL_H

#include "source_ctrl.h"

/* ctrl_update_check - would an update be refused, as far as that is known before?
 * @now: the value as it was read
 * @then: as it would be sent, with the mask or a command that says what is set
 *
 * Returns 0 or a negative errno (not reported), about which ctrl_source_strerror() knows
 * more.
 */
int ctrl_update_check(struct ctrl_source *src, __u32 ctrl_type, const void *key,
		      const void *now, const void *then);

#endif /* __BPFTOOL_UPDATE_CTRL_H */
