// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl socket: packet sockets and their filters.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_ether.h>

#include "command_ctrl.h"
#include "main.h"
#include "number_ctrl.h"
#include "object_ctrl.h"

#define COMM_LEN	16

/* A process that has a socket open. */
struct socket_user {
	__u64 inode;
	__u32 pid;
	char comm[COMM_LEN];
};

/* All of them, in ascending order of inodes. */
struct socket_users {
	struct socket_user *users;
	size_t nr;
	size_t max;
};

static int add_user(struct socket_users *list, const struct socket_user *user)
{
	size_t max = list->max ? list->max * 2 : 64;
	struct socket_user *users;

	if (list->nr == list->max) {
		users = realloc(list->users, max * sizeof(*users));
		if (!users) {
			p_err("mem alloc failed");
			return -ENOMEM;
		}
		list->users = users;
		list->max = max;
	}
	list->users[list->nr++] = *user;
	return 0;
}

static void read_comm(int proc, struct socket_user *user)
{
	ssize_t len = -1;
	int fd;

	fd = openat(proc, "comm", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, user->comm, sizeof(user->comm));
		close(fd);
	}
	/* the last character is a newline */
	user->comm[len > 0 ? len - 1 : 0] = '\0';
}

static int cmp_user(const void *a, const void *b)
{
	const struct socket_user *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* The sockets of one process; what can't be read belongs to others, or is gone. */
static int add_process(struct socket_users *list, int proc, __u32 pid)
{
	struct socket_user user = { .pid = pid };
	unsigned long long inode;
	struct dirent *entry;
	char link[64];
	ssize_t len;
	int fd, err = 0;
	DIR *dir;

	fd = openat(proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (!err && (entry = readdir(dir))) {
		len = readlinkat(fd, entry->d_name, link, sizeof(link) - 1);
		if (len < 0)
			continue;
		link[len] = '\0';
		if (sscanf(link, "socket:[%llu]", &inode) != 1)
			continue;
		if (!*user.comm)
			read_comm(proc, &user);
		user.inode = inode;
		err = add_user(list, &user);
	}
	closedir(dir);
	return err;
}

static int find_users(struct socket_users *list)
{
	struct dirent *entry;
	int proc, err = 0;
	__u64 pid;
	DIR *dir;

	dir = opendir("/proc");
	if (!dir)
		return 0;
	while (!err && (entry = readdir(dir))) {
		if (ctrl_number_parse(entry->d_name, &pid))
			continue;
		proc = openat(dirfd(dir), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (proc < 0)
			continue;
		err = add_process(list, proc, pid);
		close(proc);
	}
	closedir(dir);
	if (list->nr)
		qsort(list->users, list->nr, sizeof(*list->users), cmp_user);
	return err;
}

/* The next user of a socket after @user, or the first if that is NULL. */
static const struct socket_user *
next_user(const struct socket_users *list, __u64 inode,
	  const struct socket_user *user)
{
	const struct socket_user *end = list->users + list->nr;
	size_t low = 0, high = list->nr, mid;
	__u32 pid = 0;

	if (user) {
		/* a process may have it open more than once */
		for (pid = user->pid; user < end && user->inode == inode; user++)
			if (user->pid != pid)
				return user;
		return NULL;
	}

	while (low < high) {
		mid = low + (high - low) / 2;
		if (list->users[mid].inode < inode)
			low = mid + 1;
		else
			high = mid;
	}
	user = list->users + low;
	return inode && user < end && user->inode == inode ? user : NULL;
}

static const char *filter_name(__u32 filter)
{
	static const char * const names[] = {
		[BPF_CTRL_FILTER_NONE]		= "none",
		[BPF_CTRL_FILTER_CLASSIC]	= "classic",
		[BPF_CTRL_FILTER_EBPF]		= "ebpf",
	};

	return filter < ARRAY_SIZE(names) ? names[filter] : "unknown";
}

static const char *type_name(__u16 type)
{
	switch (type) {
	case SOCK_RAW:
		return "raw";
	case SOCK_DGRAM:
		return "dgram";
	case SOCK_PACKET:
		return "packet";
	default:
		return "unknown";
	}
}

static const char *protocol_name(__u32 protocol, char text[8])
{
	static const struct {
		__u32 protocol;
		const char *name;
	} names[] = {
		{ 0,		"none" },
		{ ETH_P_ALL,	"all" },
		{ ETH_P_IP,	"ip" },
		{ ETH_P_ARP,	"arp" },
		{ ETH_P_IPV6,	"ipv6" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].protocol == protocol)
			return names[i].name;
	snprintf(text, 8, "0x%04x", protocol & 0xffff);
	return text;
}

static void show_socket_json(struct ctrl_source *src, __u64 cookie,
			     const void *value, void *ctx)
{
	const struct bpf_ctrl_socket_filter *socket = value;
	const struct socket_user *user = NULL;

	jsonw_name(json_wtr, "pids");
	jsonw_start_array(json_wtr);
	while ((user = next_user(ctx, socket->inode, user))) {
		jsonw_start_object(json_wtr);
		jsonw_uint_field(json_wtr, "pid", user->pid);
		jsonw_string_field(json_wtr, "comm", user->comm);
		jsonw_end_object(json_wtr);
	}
	jsonw_end_array(json_wtr);
}

/* "tcpdump(17),sh(3)" */
static char *users_text(const struct socket_users *list, __u64 inode)
{
	const struct socket_user *user = NULL;
	char *text = NULL;
	size_t len = 0;
	FILE *out;

	out = open_memstream(&text, &len);
	if (!out)
		return NULL;
	while ((user = next_user(list, inode, user)))
		fprintf(out, "%s%s(%u)", ftell(out) ? "," : "", user->comm, user->pid);
	if (!ftell(out))
		fprintf(out, "-");
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static const char *dev_name(struct ctrl_source *src, __u32 ifindex,
			    char name[IF_NAMESIZE])
{
	if (!ifindex)
		return "any";
	if (!ctrl_source_ifname(src, ifindex, name))
		snprintf(name, IF_NAMESIZE, "%u", ifindex);
	return name;
}

static int show_socket_row(struct ctrl_source *src, __u64 cookie,
			   const void *value, struct ctrl_table *table, void *ctx)
{
	const struct bpf_ctrl_socket_filter *socket = value;
	char dev[IF_NAMESIZE], protocol[8], prog[16] = "-";
	char *users;
	int err;

	users = users_text(ctx, socket->inode);
	if (!users) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	if (socket->filter == BPF_CTRL_FILTER_EBPF)
		snprintf(prog, sizeof(prog), "%u", socket->prog_id);
	err = ctrl_table_add(table, "%llu", (unsigned long long)cookie) ?:
	      ctrl_table_add(table, "%s", type_name(socket->type)) ?:
	      ctrl_table_add(table, "%s", protocol_name(socket->protocol, protocol)) ?:
	      ctrl_table_add(table, "%s", dev_name(src, socket->ifindex, dev)) ?:
	      ctrl_table_add(table, "%s", filter_name(socket->filter)) ?:
	      ctrl_table_add(table, "%s", prog) ?:
	      ctrl_table_add(table, "%u", socket->len) ?:
	      ctrl_table_add(table, "%s", socket->locked ? "yes" : "no") ?:
	      ctrl_table_add(table, "%llu", (unsigned long long)socket->drops) ?:
	      ctrl_table_add(table, "%u", socket->uid) ?:
	      ctrl_table_add(table, "%s", users);
	free(users);
	return err;
}

static const struct ctrl_column socket_columns[] = {
	{ "COOKIE" },
	{ "TYPE",	true },
	{ "PROTO",	true },
	{ "DEV",	true },
	{ "FILTER",	true },
	{ "PROG" },
	{ "LEN" },
	{ "LOCKED",	true },
	{ "DROPS" },
	{ "UID" },
	{ "PROCESS",	true },
	{}
};

static const struct ctrl_object socket_object = {
	.ctrl_type	= BPF_CTRL_SOCKET_FILTER,
	.name		= "socket_filter",
	.noun		= "packet socket",
	.key_word	= "cookie",
	.key_size	= sizeof(__u64),
	.value_size	= sizeof(struct bpf_ctrl_socket_filter),
	.columns	= socket_columns,
	.show_json	= show_socket_json,
	.show_row	= show_socket_row,
};

static int do_show(int argc, char **argv)
{
	struct socket_users list = {};
	__u64 cookie;
	bool one = argc;
	int err;

	if (one && ctrl_object_parse_key(&socket_object, &argc, &argv, &cookie))
		return -1;
	if (ctrl_no_more_args(argc, argv))
		return -1;

	err = find_users(&list) ?:
	      ctrl_object_show(&socket_object, one ? &cookie : NULL, &list);
	free(list.users);
	return err;
}

static int lock_socket(__u64 cookie, void *value)
{
	struct bpf_ctrl_socket_filter *socket = value;

	if (socket->locked)
		return 1;
	socket->locked = 1;
	return 0;
}

/* The kernel refuses that, too, but says less. */
static int detach_filter(__u64 cookie, void *value)
{
	struct bpf_ctrl_socket_filter *socket = value;

	if (socket->locked) {
		p_err("can't detach the filter of packet socket %llu: it is locked",
		      (unsigned long long)cookie);
		return -EPERM;
	}
	if (socket->filter == BPF_CTRL_FILTER_NONE) {
		p_err("can't detach the filter of packet socket %llu: it has none",
		      (unsigned long long)cookie);
		return -ENODATA;
	}
	socket->command = BPF_CTRL_SOCKET_DETACH;
	return 0;
}

static int do_set(int argc, char **argv)
{
	__u64 cookie;
	bool lock;

	if (ctrl_object_parse_key(&socket_object, &argc, &argv, &cookie))
		return -1;
	if (!argc) {
		p_err("expected 'lock' or 'detach'");
		return -1;
	}
	lock = is_prefix(*argv, "lock");
	if (!lock && !is_prefix(*argv, "detach")) {
		p_err("expected 'lock' or 'detach', got: '%s'", *argv);
		return -1;
	}
	NEXT_ARG();
	if (ctrl_no_more_args(argc, argv))
		return -1;

	return lock ? ctrl_object_change(&socket_object, cookie, "lock", lock_socket) :
		      ctrl_object_change(&socket_object, cookie,
					 "detach the filter of", detach_filter);
}

static int do_help(int argc, char **argv)
{
	static const char text[] =
		"Usage: %1$s ctrl socket { show | list } [cookie COOKIE]\n"
		"       %1$s ctrl socket set cookie COOKIE { lock | detach }\n"
		"       %1$s ctrl socket help\n"
		"\n"
		"       Packet sockets (AF_PACKET) of this network namespace. 'lock' can't be\n"
		"       undone: the filter stays as it is as long as the socket. 'detach' leaves\n"
		"       the socket without a filter: it gets all packets.\n";

	return ctrl_help(text);
}

static const struct cmd cmds[] = {
	{ "show",	do_show },
	{ "list",	do_show },
	{ "help",	do_help },
	{ "set",	do_set },
	{ 0 }
};

int do_ctrl_socket(int argc, char **argv)
{
	return cmd_select(cmds, argc, argv, ctrl_unknown_cmd);
}
