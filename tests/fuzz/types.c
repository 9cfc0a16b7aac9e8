// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A key and a value with members of every kind; only their BTF is used.
 */
typedef unsigned char __u8;
typedef signed char __s8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;
typedef long long __s64;

typedef __u32 bpf_ctrl_ifindex_t;
typedef __u64 bpf_ctrl_valid_t;
typedef __u64 bpf_ctrl_settable_t;

enum command { COMMAND_UNSPEC, COMMAND_STORE };
enum mode { MODE_OFF = -1, MODE_AUTO, MODE_ON };
enum speed { SPEED_NONE, SPEED_SLOW, SPEED_FAST };
enum wide { WIDE_NONE, WIDE_SOME = 1ULL << 40, WIDE_ALL = ~0ULL };

struct pair {
	__u32 num;
	__u32 size;
};

struct nested {
	bpf_ctrl_settable_t settable;
	__u32 wanted;
	__u32 granted;
};

struct bits {
	__u64 one:1;
	__u64 three:3;
	__u64 forty:40;
	__s32 bias:4;
	enum speed speed:2;
};

struct queue {
	__u64 packets;
	__u64 busy_ns;
	__u64 cookie;
};

struct value {
	enum command command;
	__u32 flags;
	bpf_ctrl_settable_t settable;
	__u64 u64;
	__s64 s64;
	enum wide wide;
	char label[16];
	__u32 counts[4];
	struct pair pairs[3];
	struct nested nested;
	struct bits bits;
	bpf_ctrl_ifindex_t ifindex;
	bpf_ctrl_ifindex_t peer;
	enum mode mode;
	__u16 u16;
	__s8 s8;
	_Bool on;
	bpf_ctrl_valid_t valid;
	__u64 updates;
	__u64 never;
	struct queue queue[2];
	__u64 more_total[2];
};

/* in this order: that of the types in BTF */
bpf_ctrl_ifindex_t key;
struct value value;
