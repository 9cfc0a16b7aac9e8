/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "command_ctrl.h"
#include "btf_dump_ctrl.h"
#include "registry_ctrl.h"
#include "value_ctrl.h"

#define FUZZ_VALUE_SIZE	512

/* fuzz_source - the control type that types.c describes, with no kernel behind it
 *
 * Its state is all zeros except for the masks, and members of it that are settable
 * can be set. Reset by fuzz_reset().
 */
void fuzz_source(struct ctrl_source *src);
void fuzz_reset(void);

/* fuzz_value - the state of an object, of which there are four */
uint8_t *fuzz_value(unsigned int nr);

extern unsigned int fuzz_gets, fuzz_sets;

/* a device whose name is "lo", too, which is that of 1 */
extern unsigned int fuzz_same;

/* fuzz_json_begin, fuzz_json_end - collect JSON output, which must be valid */
void fuzz_json_begin(void);
void fuzz_json_end(void);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* FUZZ_H */
