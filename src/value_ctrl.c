// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Parts of keys and values: found by name, read and written by their BTF.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctrl.h"
#include "value_ctrl.h"

#define MASK_BITS	64

int ctrl_msg_set(struct ctrl_msg *msg, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(msg->text, sizeof(msg->text), fmt, args);
	va_end(args);
	return err;
}

/* For lists in messages: cut off where the message ends. */
static void __printf(2, 3) msg_append(struct ctrl_msg *msg, const char *fmt, ...)
{
	size_t len = strlen(msg->text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(msg->text + len, sizeof(msg->text) - len, fmt, args);
	va_end(args);
}

static const struct btf_type *resolve(const struct btf *btf, __u32 type_id)
{
	int id = btf__resolve_type(btf, type_id);

	return id < 0 ? NULL : btf__type_by_id(btf, id);
}

/* A hint counts only on the type that linux/bpf_ctrl.h has it on. */
static bool is_hint(const struct btf *btf, __u32 type_id, const char *hint,
		    __u32 size)
{
	const struct btf_type *t = btf__type_by_id(btf, type_id);

	while (btf_is_mod(t) || btf_is_typedef(t)) {
		if (btf_is_typedef(t) &&
		    !strcmp(btf__name_by_offset(btf, t->name_off), hint)) {
			t = resolve(btf, type_id);
			return t && btf_is_int(t) && t->size == size;
		}
		t = btf__type_by_id(btf, t->type);
	}
	return false;
}

bool ctrl_masks_add(struct ctrl_masks *masks, const struct btf *btf,
		    const struct btf_type *t, __u16 i, const void *data)
{
	const struct btf_member *m = btf_members(t) + i;

	if (btf_member_bitfield_size(t, i))
		return false;

	if (is_hint(btf, m->type, "bpf_ctrl_valid_t", sizeof(masks->valid))) {
		memcpy(&masks->valid, data, sizeof(masks->valid));
		masks->valid_first = i + 1;
		return true;
	}
	if (is_hint(btf, m->type, "bpf_ctrl_settable_t", sizeof(masks->settable))) {
		memcpy(&masks->settable, data, sizeof(masks->settable));
		masks->settable_first = i + 1;
		return true;
	}
	return false;
}

static bool mask_has(__u64 mask, __u16 bit)
{
	return bit < MASK_BITS && mask >> bit & 1;
}

/* A mask without room for a member says nothing about it. */
bool ctrl_masks_known(const struct ctrl_masks *masks, __u16 i)
{
	return !masks->valid_first || i - masks->valid_first >= MASK_BITS ||
	       mask_has(masks->valid, i - masks->valid_first);
}

bool ctrl_masks_settable(const struct ctrl_masks *masks, __u16 i)
{
	return !masks->settable_first ||
	       mask_has(masks->settable, i - masks->settable_first);
}

static bool member_is_mask(const struct btf *btf, const struct btf_type *t, __u16 i)
{
	struct ctrl_masks masks = {};
	__u64 none = 0;

	return ctrl_masks_add(&masks, btf, t, i, &none);
}

static bool has_settable_mask(const struct btf *btf, const struct btf_type *t)
{
	struct ctrl_masks masks = {};
	__u64 none = 0;
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++)
		ctrl_masks_add(&masks, btf, t, i, &none);
	return masks.settable_first;
}

static __u32 type_bits(const struct btf *btf, __u32 type_id)
{
	return btf__resolve_size(btf, type_id) * 8;
}

struct ctrl_slot ctrl_slot_root(const struct btf *btf, __u32 type_id)
{
	return (struct ctrl_slot){
		.btf = btf,
		.type_id = type_id,
		.nr_bits = type_bits(btf, type_id),
	};
}

struct ctrl_slot ctrl_slot_member(const struct ctrl_slot *slot, __u16 i)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	__u32 type_id = btf_members(t)[i].type;

	return (struct ctrl_slot){
		.btf = slot->btf,
		.type_id = type_id,
		.bit = slot->bit + btf_member_bit_offset(t, i),
		.nr_bits = btf_member_bitfield_size(t, i) ?:
			   type_bits(slot->btf, type_id),
	};
}

struct ctrl_slot ctrl_slot_element(const struct ctrl_slot *slot, __u32 i)
{
	__u32 type_id = btf_array(ctrl_slot_type(slot))->type;
	__u32 nr_bits = type_bits(slot->btf, type_id);

	return (struct ctrl_slot){
		.btf = slot->btf,
		.type_id = type_id,
		.bit = slot->bit + i * nr_bits,
		.nr_bits = nr_bits,
	};
}

const struct btf_type *ctrl_slot_type(const struct ctrl_slot *slot)
{
	return resolve(slot->btf, slot->type_id);
}

bool ctrl_slot_is_ifindex(const struct ctrl_slot *slot)
{
	return slot->nr_bits == 32 &&
	       is_hint(slot->btf, slot->type_id, "bpf_ctrl_ifindex_t", sizeof(__u32));
}

/* As in btf_dumper_type(): a typedef of char does not make strings. */
bool ctrl_slot_is_string(const struct ctrl_slot *slot)
{
	const struct btf_type *t = ctrl_slot_type(slot);

	if (!btf_is_array(t))
		return false;

	t = btf__type_by_id(slot->btf, btf_array(t)->type);
	while (btf_is_mod(t))
		t = btf__type_by_id(slot->btf, t->type);
	return btf_is_int(t) && t->size == 1 &&
	       (btf_int_encoding(t) == BTF_INT_CHAR ||
		!strcmp(btf__name_by_offset(slot->btf, t->name_off), "char"));
}

bool ctrl_slot_is_bool(const struct ctrl_slot *slot)
{
	const struct btf_type *t = ctrl_slot_type(slot);

	return btf_is_int(t) && btf_int_encoding(t) == BTF_INT_BOOL;
}

bool ctrl_slot_is_scalar(const struct ctrl_slot *slot)
{
	const struct btf_type *t = ctrl_slot_type(slot);

	return ctrl_slot_is_string(slot) || !(btf_is_struct(t) || btf_is_array(t));
}

static bool slot_is_signed(const struct ctrl_slot *slot)
{
	const struct btf_type *t = ctrl_slot_type(slot);

	return btf_is_int(t) ? btf_int_encoding(t) & BTF_INT_SIGNED : btf_kflag(t);
}

/* Bits are numbered as in BTF: from the lowest of the first byte, or from the
 * highest where that is how the machine stores numbers.
 */
static __u8 bit_in_byte(__u32 bit)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return 1 << bit % 8;
#else
	return 0x80 >> bit % 8;
#endif
}

static __u32 bit_of_digit(const struct ctrl_slot *slot, __u32 digit)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return slot->bit + digit;
#else
	return slot->bit + slot->nr_bits - 1 - digit;
#endif
}

__u64 ctrl_slot_load(const struct ctrl_slot *slot, const void *data)
{
	const __u8 *bytes = data;
	__u64 number = 0;
	__u32 i, bit;

	for (i = 0; i < slot->nr_bits; i++) {
		bit = bit_of_digit(slot, i);
		if (bytes[bit / 8] & bit_in_byte(bit))
			number |= 1ULL << i;
	}
	/* as wide as it gets, for whoever prints it */
	if (slot_is_signed(slot) && slot->nr_bits < 64 &&
	    number >> (slot->nr_bits - 1))
		number |= ~0ULL << slot->nr_bits;
	return number;
}

void ctrl_slot_store(const struct ctrl_slot *slot, void *data, __u64 number)
{
	__u8 *bytes = data;
	__u32 i, bit;

	for (i = 0; i < slot->nr_bits; i++) {
		bit = bit_of_digit(slot, i);
		if (number >> i & 1)
			bytes[bit / 8] |= bit_in_byte(bit);
		else
			bytes[bit / 8] &= ~bit_in_byte(bit);
	}
}

void ctrl_slot_mark(const struct ctrl_slot *slot, void *mask)
{
	__u8 *bytes = mask;
	__u32 bit;

	for (bit = slot->bit; bit < slot->bit + slot->nr_bits; bit++)
		bytes[bit / 8] |= bit_in_byte(bit);
}

bool ctrl_slot_marked(const struct ctrl_slot *slot, const void *mask)
{
	const __u8 *bytes = mask;
	__u32 bit;

	for (bit = slot->bit; bit < slot->bit + slot->nr_bits; bit++)
		if (bytes[bit / 8] & bit_in_byte(bit))
			return true;
	return false;
}

int ctrl_member_index(const struct btf *btf, const struct btf_type *t,
		      const char *name, size_t len)
{
	const char *member;
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++) {
		member = btf__name_by_offset(btf, btf_members(t)[i].name_off);
		if (strlen(member) == len && !memcmp(member, name, len) &&
		    !member_is_mask(btf, t, i))
			return i;
	}
	return -1;
}

int ctrl_member_unknown(const struct btf *btf, const struct btf_type *t,
			const char *path, struct ctrl_msg *msg)
{
	const char *sep = "";
	__u16 i;

	ctrl_msg_set(msg, 0, "no member '%s', struct %s has: ", path,
		     btf__name_by_offset(btf, t->name_off));
	for (i = 0; i < btf_vlen(t); i++) {
		if (member_is_mask(btf, t, i))
			continue;
		msg_append(msg, "%s%s", sep,
			   btf__name_by_offset(btf, btf_members(t)[i].name_off));
		sep = ", ";
	}
	return -ENOENT;
}

/* "u32", "enum x", "struct y" or "char[16]", as C has it */
static void append_type(struct ctrl_msg *msg, const struct btf *btf, __u32 type_id)
{
	const struct btf_type *t = btf__type_by_id(btf, type_id);
	const char *kind;

	while (btf_is_mod(t)) {
		type_id = t->type;
		t = btf__type_by_id(btf, type_id);
	}

	if (btf_is_array(t)) {
		append_type(msg, btf, btf_array(t)->type);
		msg_append(msg, "[%u]", btf_array(t)->nelems);
		return;
	}
	kind = btf_is_struct(t) ? "struct " : btf_is_any_enum(t) ? "enum " : "";
	msg_append(msg, "%s%s", kind, btf__name_by_offset(btf, t->name_off));
}

const char *ctrl_enumerator_name(const struct btf *btf, const struct btf_type *t,
				 __u16 i)
{
	return btf__name_by_offset(btf, btf_is_enum(t) ? btf_enum(t)[i].name_off :
				   btf_enum64(t)[i].name_off);
}

static __u64 enumerator_value(const struct btf_type *t, __u16 i)
{
	if (btf_is_enum64(t))
		return btf_enum64_value(btf_enum64(t) + i);

	return btf_kflag(t) ? (__u64)btf_enum(t)[i].val : (__u32)btf_enum(t)[i].val;
}

/* What all enumerators begin with, up to and including a "_" */
size_t ctrl_enum_prefix_len(const struct btf *btf, const struct btf_type *t)
{
	const char *name, *first;
	size_t len, same;
	__u16 i;

	if (!btf_vlen(t))
		return 0;

	first = ctrl_enumerator_name(btf, t, 0);
	len = strlen(first);
	for (i = 0; i < btf_vlen(t); i++) {
		name = ctrl_enumerator_name(btf, t, i);
		for (same = 0; same < len && name[same] == first[same]; same++)
			;
		len = same;
		/* something must be left of each */
		if (!name[len] && len)
			len--;
	}
	while (len && first[len - 1] != '_')
		len--;
	return len;
}

static bool find_enumerator(const struct btf *btf, const struct btf_type *t,
			    const char *word, __u64 *number)
{
	size_t prefix = ctrl_enum_prefix_len(btf, t);
	const char *name;
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++) {
		name = ctrl_enumerator_name(btf, t, i);
		if (strcmp(name, word) && strcmp(name + prefix, word))
			continue;
		*number = enumerator_value(t, i);
		return true;
	}
	return false;
}

static void append_enumerators(struct ctrl_msg *msg, const struct btf *btf,
			       const struct btf_type *t)
{
	size_t prefix = ctrl_enum_prefix_len(btf, t);
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++)
		msg_append(msg, "%s%s", i ? ", " : "one of ",
			   ctrl_enumerator_name(btf, t, i) + prefix);
}

void ctrl_slot_range(const struct ctrl_slot *slot, __s64 *min, __u64 *max)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	bool is_signed = slot_is_signed(slot);

	*min = is_signed ? (__s64)(~0ULL << (slot->nr_bits - 1)) : 0;
	*max = ~0ULL >> (64 - slot->nr_bits);
	if (is_signed)
		*max >>= 1;
	/* not all are kept apart by compilers, and all are shown as signed */
	if (btf_is_any_enum(t))
		*min = (__s64)(~0ULL << (slot->nr_bits - 1));
}

static void append_range(struct ctrl_msg *msg, const struct ctrl_slot *slot)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	__u64 max;
	__s64 min;

	if (btf_is_any_enum(t)) {
		append_enumerators(msg, slot->btf, t);
	} else if (btf_is_array(t)) {
		msg_append(msg, "a string of at most %u characters",
			   btf_array(t)->nelems - 1);
	} else if (ctrl_slot_is_bool(slot)) {
		msg_append(msg, "on or off");
	} else {
		ctrl_slot_range(slot, &min, &max);
		if (ctrl_slot_is_ifindex(slot))
			msg_append(msg, "the name of an interface or ");
		msg_append(msg, "%lld to %llu", min, max);
	}
}

static void append_bits(struct ctrl_msg *msg, const struct ctrl_slot *slot)
{
	if (slot->nr_bits != type_bits(slot->btf, slot->type_id))
		msg_append(msg, ":%u", slot->nr_bits);
}

int ctrl_slot_refuse(const struct ctrl_slot *slot, const char *what,
		     const char *got, struct ctrl_msg *msg)
{
	ctrl_msg_set(msg, 0, "%s is ", what);
	append_type(msg, slot->btf, slot->type_id);
	append_bits(msg, slot);
	msg_append(msg, ", ");
	append_range(msg, slot);
	msg_append(msg, ", got: %s", got);
	return -EINVAL;
}

/* A struct or an array can't be named as a whole. */
static int refuse_aggregate(const struct ctrl_slot *slot, const char *path,
			    struct ctrl_msg *msg)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	__u16 i;

	ctrl_msg_set(msg, 0, "'%s' is ", path);
	append_type(msg, slot->btf, slot->type_id);
	if (btf_is_array(t)) {
		msg_append(msg, ": name an element, %s[0] to %s[%u]", path, path,
			   btf_array(t)->nelems - 1);
		return -EINVAL;
	}
	msg_append(msg, ": name a member");
	for (i = 0; i < btf_vlen(t); i++)
		if (!member_is_mask(slot->btf, t, i))
			msg_append(msg, "%s%s.%s", i ? ", " : ", ", path,
				   btf__name_by_offset(slot->btf,
						       btf_members(t)[i].name_off));
	return -EINVAL;
}

/* Decimal or hexadecimal: nothing else, so that 010 is never taken for 8. */
static bool parse_digits(const char *digits, __u64 *number)
{
	bool hex = !strncasecmp(digits, "0x", 2);
	char *end;

	if (hex)
		digits += 2;
	if (!(hex ? isxdigit(*digits) : isdigit(*digits)))
		return false;

	errno = 0;
	*number = strtoull(digits, &end, hex ? 16 : 10);
	return !*end && (!errno || errno == ERANGE);
}

static bool is_number(const char *word)
{
	__u64 number;

	return parse_digits(word + (*word == '-'), &number);
}

static bool parse_number(const struct ctrl_slot *slot, const char *word,
			 __u64 *number)
{
	bool negative = *word == '-';
	__u64 max;
	__s64 min;

	if (!parse_digits(word + negative, number) || errno)
		return false;

	ctrl_slot_range(slot, &min, &max);
	if (!negative)
		return *number <= max;
	if (*number > 0 - (__u64)min)
		return false;
	*number = 0 - *number;
	return true;
}

static bool parse_bool(const char *word, __u64 *number)
{
	static const char * const words[][2] = {
		{ "off", "on" }, { "false", "true" }, { "0", "1" },
	};
	size_t i, value;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		for (value = 0; value < 2; value++) {
			if (strcmp(word, words[i][value]))
				continue;
			*number = value;
			return true;
		}
	}
	return false;
}

static bool parse_enum(const struct ctrl_slot *slot, const char *word,
		       __u64 *number)
{
	__u8 data[sizeof(*number)] = {};
	struct ctrl_slot copy = *slot;

	if (is_number(word))
		return parse_number(slot, word, number);
	if (!find_enumerator(slot->btf, ctrl_slot_type(slot), word, number))
		return false;

	/* a bit field may be too narrow for some enumerators */
	copy.bit = 0;
	ctrl_slot_store(&copy, data, *number);
	return ctrl_slot_load(&copy, data) == *number;
}

static bool parse_scalar(const struct ctrl_slot *slot, const char *word,
			 __u64 *number)
{
	if (btf_is_any_enum(ctrl_slot_type(slot)))
		return parse_enum(slot, word, number);
	if (ctrl_slot_is_bool(slot))
		return parse_bool(word, number);
	if (!ctrl_slot_is_ifindex(slot) || is_number(word))
		return parse_number(slot, word, number);

	*number = if_nametoindex(word);
	return *number;
}

static bool store_string(const struct ctrl_slot *slot, const char *word, void *data)
{
	size_t size = slot->nr_bits / 8, len = strlen(word);

	if (len >= size)
		return false;
	memset(data + slot->bit / 8, 0, size);
	memcpy(data + slot->bit / 8, word, len);
	return true;
}

int ctrl_slot_parse(const struct ctrl_slot *slot, const char *what,
		    const char *word, void *data, struct ctrl_msg *msg)
{
	struct ctrl_msg got;
	__u64 number;

	if (ctrl_slot_is_string(slot)) {
		if (store_string(slot, word, data))
			return 0;
	} else if (parse_scalar(slot, word, &number)) {
		ctrl_slot_store(slot, data, number);
		return 0;
	}
	ctrl_msg_set(&got, 0, "'%s'", word);
	return ctrl_slot_refuse(slot, what, got.text, msg);
}

/* Goes on at *@pos with "[2]". */
static int find_element(struct ctrl_slot *slot, const char *path,
			const char **pos, struct ctrl_msg *msg)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	unsigned long i;
	char *end;

	if (!btf_is_array(t) || ctrl_slot_is_string(slot)) {
		ctrl_msg_set(msg, 0, "no element '%s': '%.*s' is ", path,
			     (int)(*pos - path), path);
		append_type(msg, slot->btf, slot->type_id);
		return -ENOENT;
	}

	errno = 0;
	i = strtoul(*pos + 1, &end, 10);
	if (!isdigit((*pos)[1]) || *end != ']' || errno ||
	    i >= btf_array(t)->nelems)
		return ctrl_msg_set(msg, -ENOENT,
				    "no element '%s', there are %.*s[0] to %.*s[%u]",
				    path, (int)(*pos - path), path,
				    (int)(*pos - path), path,
				    btf_array(t)->nelems - 1);

	*slot = ctrl_slot_element(slot, i);
	*pos = end + 1;
	return 0;
}

/* Goes on at *@pos with ".num", or with "num" at the start. */
static int find_member(struct ctrl_slot *slot, const char *path,
		       const char **pos, struct ctrl_msg *msg)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	const char *name = *pos + (*pos != path);
	size_t len = strcspn(name, ".[");
	int i;

	if (!btf_is_struct(t) || (*pos != path && **pos != '.')) {
		ctrl_msg_set(msg, 0, "no member '%s': '%.*s' is ", path,
			     (int)(*pos - path), path);
		append_type(msg, slot->btf, slot->type_id);
		return -ENOENT;
	}

	i = ctrl_member_index(slot->btf, t, name, len);
	if (i < 0)
		return ctrl_member_unknown(slot->btf, t, path, msg);

	*slot = ctrl_slot_member(slot, i);
	*pos = name + len;
	return 0;
}

int ctrl_slot_find(struct ctrl_slot *slot, const char *path,
		   struct ctrl_msg *msg)
{
	const char *pos = path;
	int err;

	do {
		err = *pos == '[' && pos != path ?
		      find_element(slot, path, &pos, msg) :
		      find_member(slot, path, &pos, msg);
	} while (!err && *pos);

	if (!err && !ctrl_slot_is_scalar(slot))
		err = refuse_aggregate(slot, path, msg);
	return err;
}

static void access_struct(const struct ctrl_slot *slot, const void *value,
			  void *settable, void *selectors)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	bool has_mask = has_settable_mask(slot->btf, t);
	struct ctrl_masks masks = {};
	struct ctrl_slot member;
	__u16 i;

	for (i = 0; i < btf_vlen(t); i++) {
		member = ctrl_slot_member(slot, i);
		if (ctrl_masks_add(&masks, slot->btf, t, i, value + member.bit / 8))
			continue;
		if (has_mask && !masks.settable_first)
			ctrl_slot_mark(&member, selectors);
		else if (ctrl_masks_settable(&masks, i))
			ctrl_value_access(&member, value, settable, selectors);
	}
}

void ctrl_value_access(const struct ctrl_slot *slot, const void *value,
		       void *settable, void *selectors)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	struct ctrl_slot element;
	__u32 i;

	if (ctrl_slot_is_scalar(slot)) {
		ctrl_slot_mark(slot, settable);
		return;
	}
	if (btf_is_struct(t)) {
		access_struct(slot, value, settable, selectors);
		return;
	}
	for (i = 0; i < btf_array(t)->nelems; i++) {
		element = ctrl_slot_element(slot, i);
		ctrl_value_access(&element, value, settable, selectors);
	}
}

static int walk_part(const struct ctrl_slot *slot, __u32 i, const char *path,
		     ctrl_scalar_fn fn, void *ctx)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	struct ctrl_slot part;
	char *name;
	int err;

	if (btf_is_array(t)) {
		part = ctrl_slot_element(slot, i);
		err = asprintf(&name, "%s[%u]", path, i);
	} else {
		if (member_is_mask(slot->btf, t, i))
			return 0;
		part = ctrl_slot_member(slot, i);
		err = asprintf(&name, "%s%s%s", path, *path ? "." : "",
			       btf__name_by_offset(slot->btf,
						   btf_members(t)[i].name_off));
	}
	if (err < 0)
		return -ENOMEM;

	err = ctrl_slot_for_each(&part, name, fn, ctx);
	free(name);
	return err;
}

int ctrl_slot_for_each(const struct ctrl_slot *slot, const char *path,
		       ctrl_scalar_fn fn, void *ctx)
{
	const struct btf_type *t = ctrl_slot_type(slot);
	__u32 i, nr;
	int err = 0;

	if (ctrl_slot_is_scalar(slot))
		return fn(slot, path, ctx);

	nr = btf_is_array(t) ? btf_array(t)->nelems : btf_vlen(t);
	for (i = 0; i < nr && !err; i++)
		err = walk_part(slot, i, path, fn, ctx);
	return err;
}

int ctrl_key_parse(struct ctrl_source *src, const char *word, void *key)
{
	struct ctrl_slot slot = ctrl_slot_root(src->btf, src->key_type_id);
	struct ctrl_msg msg;
	int err;

	if (!ctrl_slot_is_scalar(&slot)) {
		p_err("can't parse key '%s': keys of %s are not numbers", word,
		      src->name);
		return -EINVAL;
	}

	err = ctrl_slot_parse(&slot, "key", word, key, &msg);
	if (err && ctrl_slot_is_ifindex(&slot) && !is_number(word))
		p_err("can't find device '%s': %s", word, strerror(ENODEV));
	else if (err)
		p_err("%s", msg.text);
	return err;
}
