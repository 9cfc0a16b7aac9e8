// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: createlog [NAME=NUMBER]...
 *
 * Creates a control map with these members of union bpf_attr (key_size, value_size, map_flags,
 * ctrl_type, btf_fd, map_ifindex; without any, the registry), and asks for the kernel's log of
 * that, which is there since Linux 7.3. Prints the error's name, or nothing, and the log.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <sys/syscall.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof(*(array)))
#define COMMON_ATTRS		(1 << 16)

/* struct bpf_common_attr of Linux 7.3 */
struct common_attr {
	__u64 log_buf;
	__u32 log_size;
	__u32 log_level;
	__u32 log_true_size;
};

static void set(union bpf_attr *attr, const char *word)
{
	const struct {
		const char *name;
		__u32 *member;
	} members[] = {
		{ "key_size",	&attr->key_size },
		{ "value_size",	&attr->value_size },
		{ "map_flags",	&attr->map_flags },
		{ "btf_fd",	&attr->btf_fd },
		{ "map_ifindex", &attr->map_ifindex },
	};
	size_t len = strcspn(word, "="), i;
	unsigned long number;

	if (!word[len])
		errx(2, "expected NAME=NUMBER, got: %s", word);
	number = strtoul(word + len + 1, NULL, 0);
	if (!strncmp(word, "ctrl_type", len))
		attr->map_extra = number;
	for (i = 0; i < ARRAY_SIZE(members); i++)
		if (!strncmp(word, members[i].name, len))
			*members[i].member = number;
}

int main(int argc, char **argv)
{
	char log[256] = "";
	struct common_attr common = {
		.log_buf	= (unsigned long)log,
		.log_size	= sizeof(log),
		.log_level	= 1,
	};
	union bpf_attr attr = {
		.map_type	= 60,
		.max_entries	= 1,
	};

	for (; argc > 1; argc--)
		set(&attr, *++argv);
	if (syscall(__NR_bpf, BPF_MAP_CREATE | COMMON_ATTRS, &attr, sizeof(attr), &common,
		    sizeof(common)) < 0)
		printf("%s: ", strerrorname_np(errno));
	printf("%s\n", strcmp(log, "") ? strtok(log, "\n") : "");
	return 0;
}
