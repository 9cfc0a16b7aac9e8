/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef __BPFTOOL_BTF_DUMP_CTRL_H
#define __BPFTOOL_BTF_DUMP_CTRL_H

#include <stdio.h>

#include "source_ctrl.h"

/*
 * The keys and values of a source, read and shown by their BTF: all of these need
 * ctrl_source_load_btf() to have succeeded.
 */

/* ctrl_key_parse - turn a word of the command line into a key
 * @word: a number, or whatever name the type of the key allows: that of an interface;
 *	of a struct "MEMBER=VALUE,MEMBER=VALUE"
 *	or of an enumerator
 * @key: filled in, key_size bytes
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_key_parse(struct ctrl_source *src, const char *word, void *key);

/* ctrl_key_dump_json - write "type", "key" and "ifname" into an open object */
void ctrl_key_dump_json(struct ctrl_source *src, json_writer_t *jw, const void *key);

/* ctrl_key_print - write a key for people: "3 eth0", or as ctrl_key_parse() takes it
 *
 * Returns 0 or a negative errno (not reported).
 */
int ctrl_key_print(struct ctrl_source *src, const void *key, FILE *out);

/* ctrl_value_dump_json - write a value as JSON object
 *
 * Members that the value itself says are not known are left out.
 */
void ctrl_value_dump_json(struct ctrl_source *src, json_writer_t *jw, const void *value);

/* ctrl_entry_dump - write key and value, as JSON or for people
 *
 * Returns 0 or a negative errno (reported).
 */
int ctrl_entry_dump(struct ctrl_source *src, const void *key, const void *value);

#endif /* __BPFTOOL_BTF_DUMP_CTRL_H */
