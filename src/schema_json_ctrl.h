/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_SCHEMA_JSON_CTRL_H
#define __BPFTOOL_SCHEMA_JSON_CTRL_H

#include "registry_ctrl.h"

/* ctrl_schema_write_json - write a JSON Schema (2020-12) of the entries of a type */
void ctrl_schema_write_json(json_writer_t *jw, const struct ctrl_type *type,
			    const struct ctrl_source *src);

#endif /* __BPFTOOL_SCHEMA_JSON_CTRL_H */
