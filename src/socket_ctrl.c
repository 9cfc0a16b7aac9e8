// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpftool ctrl socket: filters of sockets.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/vm_sockets.h>

#include "classic_ctrl.h"
#include "command_ctrl.h"
#include "main.h"
#include "object_ctrl.h"
#include "output_ctrl.h"
#include "socket_users_ctrl.h"

/* Bits of bpf_ctrl_socket_filter.valid */
enum {
	VALID_TAG	= 1 << 0,
	VALID_INODE	= 1 << 1,
	VALID_DROPS	= 1 << 2,
	VALID_UID	= 1 << 3,
	VALID_PROTOCOL	= 1 << 4,
	VALID_IFINDEX	= 1 << 5,
	VALID_PORT	= 1 << 6,
	VALID_CID	= 1 << 7,
	VALID_GROUPS	= 1 << 8,
	VALID_ADDR	= 1 << 9,
	VALID_PATH	= 1 << 10,
};

#define LOCAL_LEN	(BPF_CTRL_SOCK_PATH_LEN + IF_NAMESIZE)

struct number_name {
	__u32 number;
	const char *name;
};

static const struct number_name families[] = {
	{ AF_UNSPEC,	"tun" },
	{ AF_UNIX,	"unix" },
	{ AF_INET,	"inet" },
	{ AF_INET6,	"inet6" },
	{ AF_NETLINK,	"netlink" },
	{ AF_PACKET,	"packet" },
	{ AF_CAN,	"can" },
	{ AF_BLUETOOTH,	"bluetooth" },
	{ AF_ALG,	"alg" },
	{ AF_VSOCK,	"vsock" },
	{ 44,		"xdp" },
	{}
};

static const struct number_name types[] = {
	{ 0,			"-" },
	{ SOCK_STREAM,		"stream" },
	{ SOCK_DGRAM,		"dgram" },
	{ SOCK_RAW,		"raw" },
	{ SOCK_SEQPACKET,	"seqpacket" },
	{ SOCK_PACKET,		"packet" },
	{}
};

static const struct number_name kinds[] = {
	{ BPF_CTRL_FILTER_CLASSIC,	"classic" },
	{ BPF_CTRL_FILTER_EBPF,		"ebpf" },
	{}
};

static const struct number_name packet_protocols[] = {
	{ 0,		"none" },
	{ ETH_P_ALL,	"all" },
	{ ETH_P_IP,	"ip" },
	{ ETH_P_ARP,	"arp" },
	{ ETH_P_IPV6,	"ipv6" },
	{}
};

static const struct number_name inet_protocols[] = {
	{ IPPROTO_ICMP,		"icmp" },
	{ IPPROTO_TCP,		"tcp" },
	{ IPPROTO_UDP,		"udp" },
	{ IPPROTO_ICMPV6,	"icmpv6" },
	{ IPPROTO_SCTP,		"sctp" },
	{ IPPROTO_MPTCP,	"mptcp" },
	{ IPPROTO_RAW,		"raw" },
	{}
};

static const char *find_name(const struct number_name *names, __u32 number)
{
	for (; names->name; names++)
		if (names->number == number)
			return names->name;
	return NULL;
}

/* What has no name is shown as the number that it is. */
static int add_name(struct ctrl_table *table, const struct number_name *names,
		    const char *fmt, __u32 number)
{
	const char *name = find_name(names, number);

	return name ? ctrl_table_add(table, "%s", name) : ctrl_table_add(table, fmt, number);
}

static int add_protocol(struct ctrl_table *table,
			const struct bpf_ctrl_socket_filter *filter)
{
	if (!(filter->valid & VALID_PROTOCOL))
		return ctrl_table_add(table, "-");
	if (filter->family == AF_PACKET)
		return add_name(table, packet_protocols, "0x%04x", filter->protocol);
	if (filter->family == AF_INET || filter->family == AF_INET6)
		return add_name(table, inet_protocols, "%u", filter->protocol);
	return ctrl_table_add(table, "%u", filter->protocol);
}

static const char *dev_name(struct ctrl_source *src, __u32 ifindex,
			    char name[IF_NAMESIZE])
{
	if (!ctrl_source_ifname(src, ifindex, name))
		snprintf(name, IF_NAMESIZE, "%u", ifindex);
	return name;
}

/* "127.0.0.1%lo:53", "[::1]:53", "*:53" */
static void inet_text(struct ctrl_source *src, const struct bpf_ctrl_socket_filter *filter,
		      char text[LOCAL_LEN])
{
	static const __u8 any[sizeof(filter->addr)];
	char ip[INET6_ADDRSTRLEN], addr[INET6_ADDRSTRLEN + 2] = "*";
	char dev[IF_NAMESIZE + 1] = "", port[8] = "";

	if (memcmp(filter->addr, any, sizeof(any))) {
		inet_ntop(filter->family, filter->addr, ip, sizeof(ip));
		snprintf(addr, sizeof(addr), filter->family == AF_INET6 ? "[%s]" : "%s", ip);
	}
	if (filter->valid & VALID_IFINDEX && filter->ifindex) {
		dev[0] = '%';
		dev_name(src, filter->ifindex, dev + 1);
	}
	if (filter->valid & VALID_PORT && filter->port)
		snprintf(port, sizeof(port), ":%u", filter->port & 0xffff);
	snprintf(text, LOCAL_LEN, "%s%s%s", addr, dev, port);
}

static void vsock_text(const struct bpf_ctrl_socket_filter *filter, char text[LOCAL_LEN])
{
	char port[16] = "*";

	if (filter->port != VMADDR_PORT_ANY)
		snprintf(port, sizeof(port), "%u", filter->port);
	if (filter->cid == VMADDR_CID_ANY)
		snprintf(text, LOCAL_LEN, "*:%s", port);
	else
		snprintf(text, LOCAL_LEN, "%u:%s", filter->cid, port);
}

/* What a socket is bound to: whichever its family has. False if that is not known. */
static bool local_text(struct ctrl_source *src, const struct bpf_ctrl_socket_filter *filter,
		       char text[LOCAL_LEN])
{
	char dev[IF_NAMESIZE];

	if (filter->valid & VALID_PATH)
		snprintf(text, LOCAL_LEN, "%.*s", BPF_CTRL_SOCK_PATH_LEN,
			 *filter->path ? filter->path : "*");
	else if (filter->valid & VALID_ADDR)
		inet_text(src, filter, text);
	else if (filter->valid & VALID_CID)
		vsock_text(filter, text);
	else if (filter->valid & VALID_IFINDEX)
		snprintf(text, LOCAL_LEN, "%s",
			 filter->ifindex ? dev_name(src, filter->ifindex, dev) : "any");
	else if (filter->valid & VALID_PORT)
		snprintf(text, LOCAL_LEN, "%u", filter->port);
	else
		return false;
	return true;
}

/* What is shown besides what the map says. */
struct socket_ctx {
	struct socket_users users;
	bool one;
};

/*
 * The classic instructions can be had by who may trace a process that has the socket. Returns
 * their number or a negative errno.
 */
static int get_instructions(const struct socket_user *user, struct sock_filter **insns)
{
	int pidfd = -1, fd = -1, nr = -ESRCH;
	socklen_t len = 0;

	*insns = NULL;
	pidfd = syscall(SYS_pidfd_open, user->pid, 0);
	if (pidfd < 0)
		goto out;
	fd = syscall(SYS_pidfd_getfd, pidfd, user->fd, 0);
	/* here a length is that of the program in instructions */
	if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, NULL, &len))
		goto out;
	*insns = calloc(len + 1, sizeof(**insns));
	if (*insns && !getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, *insns, &len))
		nr = len;
out:
	if (nr < 0)
		nr = errno ? -errno : nr;
	if (fd >= 0)
		close(fd);
	if (pidfd >= 0)
		close(pidfd);
	return nr;
}

/* Of the filter that is shown, if it is a classic one; from the first process that has it. */
static int show_instructions(const struct socket_ctx *ctx,
			     const struct bpf_ctrl_socket_filter *filter,
			     void (*show)(const struct sock_filter *insns, int nr))
{
	const struct socket_user *user = NULL;
	struct sock_filter *insns;
	int nr = -ESRCH;

	if (!ctx->one || filter->kind != BPF_CTRL_FILTER_CLASSIC ||
	    !(filter->valid & VALID_INODE))
		return 0;

	while (nr < 0 && (user = ctrl_socket_users_next(&ctx->users, filter->inode, user))) {
		nr = get_instructions(user, &insns);
		if (nr >= 0)
			show(insns, nr);
		free(insns);
	}
	return nr < 0 ? nr : 0;
}

static void write_instructions(const struct sock_filter *insns, int nr)
{
	char text[CTRL_CLASSIC_LEN];
	int i;

	jsonw_name(json_wtr, "instructions");
	jsonw_start_array(json_wtr);
	for (i = 0; i < nr; i++) {
		ctrl_classic_text(&insns[i], i, text);
		jsonw_start_object(json_wtr);
		jsonw_uint_field(json_wtr, "code", insns[i].code);
		jsonw_uint_field(json_wtr, "jt", insns[i].jt);
		jsonw_uint_field(json_wtr, "jf", insns[i].jf);
		jsonw_uint_field(json_wtr, "k", insns[i].k);
		jsonw_string_field(json_wtr, "text", text);
		jsonw_end_object(json_wtr);
	}
	jsonw_end_array(json_wtr);
}

static void show_filter_json(struct ctrl_source *src, __u64 cookie,
			     const void *value, void *data)
{
	const struct bpf_ctrl_socket_filter *filter = value;
	const char *family = find_name(families, filter->family);
	const struct socket_user *user = NULL;
	struct socket_ctx *ctx = data;
	char local[LOCAL_LEN];

	if (family)
		jsonw_string_field(json_wtr, "family", family);
	if (local_text(src, filter, local))
		ctrl_json_name_field(json_wtr, "local", local);
	jsonw_name(json_wtr, "pids");
	jsonw_start_array(json_wtr);
	while ((user = ctrl_socket_users_next(&ctx->users, filter->inode, user))) {
		jsonw_start_object(json_wtr);
		jsonw_uint_field(json_wtr, "pid", user->pid);
		ctrl_json_name_field(json_wtr, "comm", user->comm);
		jsonw_end_object(json_wtr);
	}
	jsonw_end_array(json_wtr);
	show_instructions(ctx, filter, write_instructions);
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
	while ((user = ctrl_socket_users_next(list, inode, user)))
		fprintf(out, "%s%s(%u)", ftell(out) ? "," : "", user->comm, user->pid);
	if (!ftell(out))
		fprintf(out, "-");
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static int add_number(struct ctrl_table *table, bool valid, __u64 number)
{
	return valid ? ctrl_table_add(table, "%llu", (unsigned long long)number) :
		       ctrl_table_add(table, "-");
}

static int add_tag(struct ctrl_table *table, const struct bpf_ctrl_socket_filter *filter)
{
	char text[2 * BPF_CTRL_TAG_LEN + 1] = "-";
	int i;

	for (i = 0; filter->valid & VALID_TAG && i < BPF_CTRL_TAG_LEN; i++)
		snprintf(text + 2 * i, sizeof(text) - 2 * i, "%02x", filter->tag[i]);
	return ctrl_table_add(table, "%s", text);
}

static int show_filter_row(struct ctrl_source *src, __u64 cookie,
			   const void *value, struct ctrl_table *table, void *data)
{
	const struct bpf_ctrl_socket_filter *filter = value;
	struct socket_ctx *ctx = data;
	char local[LOCAL_LEN] = "-";
	char *users;
	int err;

	users = users_text(&ctx->users, filter->inode);
	if (!users) {
		p_err("mem alloc failed");
		return -ENOMEM;
	}
	local_text(src, filter, local);
	err = ctrl_table_add(table, "%llu", (unsigned long long)cookie) ?:
	      add_name(table, families, "%u", filter->family) ?:
	      add_name(table, types, "%u", filter->type) ?:
	      add_protocol(table, filter) ?:
	      ctrl_table_add(table, "%s", local) ?:
	      add_name(table, kinds, "%u", filter->kind) ?:
	      add_number(table, filter->prog_id, filter->prog_id) ?:
	      ctrl_table_add(table, "%u", filter->len) ?:
	      add_tag(table, filter) ?:
	      ctrl_table_add(table, "%s", filter->locked ? "yes" : "no") ?:
	      ctrl_table_add(table, "%u", filter->sockets) ?:
	      add_number(table, filter->valid & VALID_DROPS, filter->drops) ?:
	      add_number(table, filter->valid & VALID_UID, filter->uid) ?:
	      ctrl_table_add(table, "%s", users);
	free(users);
	return err;
}

static void print_instructions(const struct sock_filter *insns, int nr)
{
	char text[CTRL_CLASSIC_LEN];
	int i;

	for (i = 0; i < nr; i++) {
		ctrl_classic_text(&insns[i], i, text);
		printf("%s\n", text);
	}
}

/* Behind the table. */
static void show_filter_text(const void *value, void *ctx)
{
	int err = show_instructions(ctx, value, print_instructions);

	if (err)
		p_info("can't get the instructions: %s", err == -ESRCH ?
		       "no process that may be looked at has the socket" : strerror(-err));
}

static const struct ctrl_column socket_columns[] = {
	{ "COOKIE" },
	{ "FAMILY",	true },
	{ "TYPE",	true },
	{ "PROTO",	true },
	{ "LOCAL",	true },
	{ "KIND",	true },
	{ "PROG" },
	{ "LEN" },
	{ "TAG",	true },
	{ "LOCKED",	true },
	{ "SOCKETS" },
	{ "DROPS" },
	{ "UID" },
	{ "PROCESS",	true },
	{}
};

static const struct ctrl_object socket_object = {
	.ctrl_type	= BPF_CTRL_SOCKET_FILTER,
	.name		= "socket_filter",
	.noun		= "socket filter",
	.key_word	= "cookie",
	.key_size	= sizeof(__u64),
	.value_size	= sizeof(struct bpf_ctrl_socket_filter),
	.columns	= socket_columns,
	.show_json	= show_filter_json,
	.show_row	= show_filter_row,
	.show_more	= show_filter_text,
};

static int do_show(int argc, char **argv)
{
	struct socket_ctx ctx = { .one = argc };
	__u64 cookie;
	int err;

	if (ctx.one && ctrl_object_parse_key(&socket_object, &argc, &argv, &cookie))
		return -1;
	if (ctrl_no_more_args(argc, argv))
		return -1;

	err = ctrl_socket_users_find(&ctx.users) ?:
	      ctrl_object_show(&socket_object, ctx.one ? &cookie : NULL, &ctx);
	ctrl_socket_users_free(&ctx.users);
	return err;
}

/* Nothing but sockets cloned from it has the filter, or a device. */
static int check_settable(__u64 cookie, const char *verb,
			  const struct bpf_ctrl_socket_filter *filter)
{
	if (filter->settable)
		return 0;
	p_err("can't %s socket filter %llu: %s", verb, (unsigned long long)cookie,
	      filter->family == AF_UNSPEC ? "it is that of a tun device" :
					    "the socket that it was attached to is closed");
	return -EOPNOTSUPP;
}

static int lock_filter(__u64 cookie, void *value)
{
	struct bpf_ctrl_socket_filter *filter = value;

	if (filter->locked)
		return 1;
	filter->locked = 1;
	return check_settable(cookie, "lock", filter);
}

/* The kernel refuses that, too, but says less. */
static int detach_filter(__u64 cookie, void *value)
{
	struct bpf_ctrl_socket_filter *filter = value;

	if (filter->locked) {
		p_err("can't detach socket filter %llu: it is locked",
		      (unsigned long long)cookie);
		return -EPERM;
	}
	filter->command = BPF_CTRL_SOCKET_DETACH;
	return check_settable(cookie, "detach", filter);
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
	/* what can't be undone is said in full */
	lock = !strcmp(*argv, "lock");
	if (!lock && strcmp(*argv, "detach")) {
		p_err("expected 'lock' or 'detach', got: '%s'", *argv);
		return -1;
	}
	NEXT_ARG();
	if (ctrl_no_more_args(argc, argv))
		return -1;

	return lock ? ctrl_object_change(&socket_object, cookie, "lock", lock_filter) :
		      ctrl_object_change(&socket_object, cookie, "detach", detach_filter);
}

static int do_help(int argc, char **argv)
{
	static const char text[] =
		"Usage: %1$s ctrl socket { show | list } [cookie COOKIE]\n"
		"       %1$s ctrl socket set cookie COOKIE { lock | detach }\n"
		"       %1$s ctrl socket help\n"
		"\n"
		"       Filters of sockets of this network namespace; with 'cookie' the\n"
		"       instructions of a classic one, too. 'lock' can't be undone: the filter\n"
		"       stays as it is as long as the socket. 'detach' leaves the socket without a\n"
		"       filter: it gets all packets.\n";

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
	return ctrl_select(cmds, argc, argv);
}
