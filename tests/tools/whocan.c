// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: whocan [TYPE]...
 *
 * Prints a table of who may do what with a control map of each TYPE, or of all that there
 * are: create (without that: "-"), read, set and, by having it, make the kernel count.
 * Somebody, as who a child gives up privileges, creates a map and uses it; whether the
 * kernel counts its parent, who is root, reads in the registry meanwhile.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/bpf_ctrl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof(*(array)))
#define CAP(name)		(1ULL << CAP_##name)
#define ALL_CAPS		(~0ULL)
#define MAX_TYPES		16
#define MAX_VALUE		4096
#define NAME_WIDTH		26

struct who {
	const char *name;
	__u64 caps;		/* that are kept, of the initial user namespace */
	int namespaces;		/* that are new; of a new user namespace they have all */
	bool token;		/* delegates everything, in the new user namespace */
};

static const struct who everybody[] = {
	{ .name = "root", .caps = ALL_CAPS },
	{ .name = "CAP_BPF", .caps = CAP(BPF) },
	{ .name = "CAP_NET_ADMIN", .caps = CAP(NET_ADMIN) },
	{ .name = "CAP_BPF, CAP_NET_ADMIN", .caps = CAP(BPF) | CAP(NET_ADMIN) },
	{ .name = "CAP_BPF, CAP_PERFMON", .caps = CAP(BPF) | CAP(PERFMON) },
	{ .name = "nobody" },
	{ .name = "user namespace", .caps = ALL_CAPS, .namespaces = CLONE_NEWUSER },
	{ .name = "user namespace, token", .caps = ALL_CAPS, .namespaces = CLONE_NEWUSER,
	  .token = true },
	{ .name = "container", .caps = ALL_CAPS, .namespaces = CLONE_NEWUSER | CLONE_NEWNET },
	{ .name = "container, token", .caps = ALL_CAPS,
	  .namespaces = CLONE_NEWUSER | CLONE_NEWNET, .token = true },
};

static int sys_bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

static int create(__u32 type, __u32 flags, int token)
{
	union bpf_attr attr = {
		.map_type	= BPF_MAP_TYPE_CONTROL,
		.map_flags	= flags | (token < 0 ? 0 : BPF_F_TOKEN_FD),
		.map_token_fd	= token < 0 ? 0 : token,
		.ctrl_type	= type,
	};

	return sys_bpf(BPF_MAP_CREATE, &attr);
}

/* Key 1 is there for devices (lo); of cgroups the keys are larger, and none may be there. */
static int element(enum bpf_cmd cmd, int map, void *value)
{
	__u64 key[2] = { 1 };
	union bpf_attr attr = {
		.map_fd	= map,
		.key	= (unsigned long)key,
		.value	= (unsigned long)value,
	};

	return sys_bpf(cmd, &attr) ? -errno : 0;
}

/* --- The registry, for the parent --------------------------------------------- */

static int registry;
static __u32 types[MAX_TYPES];
static unsigned int nr_types;

static struct bpf_ctrl_info info_of(__u32 type)
{
	struct bpf_ctrl_info info;
	union bpf_attr attr = {
		.map_fd	= registry,
		.key	= (unsigned long)&type,
		.value	= (unsigned long)&info,
	};

	if (sys_bpf(BPF_MAP_LOOKUP_ELEM, &attr))
		err(2, "can't look control type %u up", type);
	return info;
}

static bool is_named(__u32 type, char **names)
{
	struct bpf_ctrl_info info = info_of(type);

	if (!*names)
		return true;
	while (*names && strcmp(*names, info.name))
		names++;
	return *names;
}

/* @names: ends with NULL */
static void read_registry(char **names)
{
	__u32 key, last;
	union bpf_attr attr = { .next_key = (unsigned long)&key };

	registry = create(BPF_CTRL_REGISTRY, BPF_F_RDONLY, -1);
	if (registry < 0)
		err(2, "can't open the registry");
	attr.map_fd = registry;
	while (!sys_bpf(BPF_MAP_GET_NEXT_KEY, &attr)) {
		if (nr_types == MAX_TYPES)
			errx(2, "there are more than %d control types", MAX_TYPES);
		last = key;
		attr.key = (unsigned long)&last;
		if (is_named(key, names))
			types[nr_types++] = key;
	}
	if (errno != ENOENT || !nr_types)
		err(2, "can't read the registry");
}

/* A map goes a little after its last descriptor. */
static void wait_until_off(void)
{
	unsigned int i, tries;

	for (i = 0; i < nr_types; i++) {
		for (tries = 0; info_of(types[i]).users; tries++) {
			if (tries == 6000)
				errx(2, "%s is on and stays so", info_of(types[i]).name);
			usleep(10000);
		}
	}
}

/* --- To become somebody ------------------------------------------------------- */

static void keep_caps(__u64 caps)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {
		{ .effective = caps, .permitted = caps },
		{ .effective = caps >> 32, .permitted = caps >> 32 },
	};

	if (caps != ALL_CAPS && syscall(__NR_capset, &header, data))
		err(2, "can't give up capabilities");
}

static void write_file(pid_t pid, const char *name, const char *text)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(2, "can't write %s", path);
	close(fd);
}

static void send_fd(int sock, int fd)
{
	char byte = 0, control[CMSG_SPACE(sizeof(fd))] = {};
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	if (sendmsg(sock, &msg, 0) != 1)
		err(2, "can't send a descriptor");
}

static int receive_fd(int sock)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(sock, &msg, 0) != 1 || !CMSG_FIRSTHDR(&msg))
		errx(2, "no descriptor came");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

/* A bpffs of this user namespace, of which root, to whom it is sent, delegates: as
 * tools/testing/selftests/bpf/prog_tests/token.c has it.
 */
static int make_token(int sock)
{
	union bpf_attr attr = {};
	int fs, mnt, token;

	fs = syscall(__NR_fsopen, "bpf", 0);
	if (fs < 0)
		err(2, "can't open a bpffs");
	send_fd(sock, fs);
	mnt = receive_fd(sock);
	attr.token_create.bpffs_fd = openat(mnt, ".", O_RDONLY | O_CLOEXEC);
	token = sys_bpf(BPF_TOKEN_CREATE, &attr);
	if (token < 0)
		err(2, "can't make a token");
	return token;
}

static void delegate(int sock)
{
	static const char *const what[] = {
		"delegate_cmds", "delegate_maps", "delegate_progs", "delegate_attachs",
	};
	int fs = receive_fd(sock), mnt;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(what); i++)
		if (syscall(__NR_fsconfig, fs, FSCONFIG_SET_STRING, what[i], "any", 0))
			err(2, "can't set %s", what[i]);
	if (syscall(__NR_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		err(2, "can't make the bpffs");
	mnt = syscall(__NR_fsmount, fs, 0, 0);
	if (mnt < 0)
		err(2, "can't mount the bpffs");
	send_fd(sock, mnt);
	close(mnt);
	close(fs);
}

/* --- What somebody may do ----------------------------------------------------- */

/* Sent by the child about its map, which it has until it is answered */
struct tried {
	int created;		/* or a negative errno, as the others */
	int read;
	int set;
};

static void try_type(__u32 type, int token, int sock)
{
	/* it asks for what does not exist, so that nothing changes */
	unsigned char value[MAX_VALUE] = {}, bad[MAX_VALUE];
	int map = create(type, 0, token);
	struct tried tried = { .created = map < 0 ? -errno : 0 };
	char answer;

	memset(bad, 0xff, sizeof(bad));
	if (map >= 0) {
		tried.read = element(BPF_MAP_LOOKUP_ELEM, map, value);
		tried.set = element(BPF_MAP_UPDATE_ELEM, map, bad);
	}
	if (send(sock, &tried, sizeof(tried), 0) != sizeof(tried) ||
	    recv(sock, &answer, 1, 0) != 1)
		err(2, "can't tell the result");
	close(map);
}

static void be(const struct who *who, int sock)
{
	int token = -1;
	unsigned int i;
	char mapped;

	if (who->namespaces) {
		if (unshare(who->namespaces | CLONE_NEWNS))
			err(2, "can't make namespaces");
		if (send(sock, "", 1, 0) != 1 || recv(sock, &mapped, 1, 0) != 1)
			err(2, "nobody maps the users");
	}
	if (who->token)
		token = make_token(sock);
	keep_caps(who->caps);
	for (i = 0; i < nr_types; i++)
		try_type(types[i], token, sock);
	exit(0);
}

/* What was refused for want of privileges, or is not there, is not printed. */
static void print_cell(unsigned int i, const struct tried *tried)
{
	struct bpf_ctrl_info info = info_of(types[i]);
	int width = i + 1 < nr_types ? strlen(info.name) : 0;
	char cell[16] = "-", *end = cell;

	if (!tried->created) {
		if (tried->read != -EPERM)
			*end++ = 'r';
		if (tried->set != -EPERM && info.ops & BPF_CTRL_OP_UPDATE)
			*end++ = 's';
		if (info.users)
			*end++ = 'n';
		*end = '\0';
	} else if (tried->created != -EPERM) {
		snprintf(cell, sizeof(cell), "?%d", -tried->created);
	}
	printf("  %-*s", width, cell);
}

static void print_row(const struct who *who)
{
	struct tried tried;
	int socks[2], status;
	unsigned int i;
	char ready;
	pid_t pid;

	wait_until_off();
	fflush(stdout);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, socks))
		err(2, "can't make sockets");
	pid = fork();
	if (!pid) {
		close(socks[0]);
		close(registry);
		be(who, socks[1]);
	}
	close(socks[1]);
	if (who->namespaces) {
		if (recv(socks[0], &ready, 1, 0) != 1)
			errx(2, "%s can't be", who->name);
		write_file(pid, "uid_map", "0 0 1");
		write_file(pid, "setgroups", "deny");
		write_file(pid, "gid_map", "0 0 1");
		send(socks[0], "", 1, 0);
	}
	if (who->token)
		delegate(socks[0]);

	printf("%-*s", NAME_WIDTH, who->name);
	for (i = 0; i < nr_types; i++) {
		if (recv(socks[0], &tried, sizeof(tried), 0) != sizeof(tried))
			errx(2, "%s does not say what may be done", who->name);
		print_cell(i, &tried);
		send(socks[0], "", 1, 0);
	}
	putchar('\n');
	close(socks[0]);
	if (waitpid(pid, &status, 0) != pid || status)
		errx(2, "%s did not end well", who->name);
}

int main(int argc, char **argv)
{
	unsigned int i;

	read_registry(argv + 1);
	printf("%-*s", NAME_WIDTH, "");
	for (i = 0; i < nr_types; i++)
		printf("  %s", info_of(types[i]).name);
	putchar('\n');
	for (i = 0; i < ARRAY_SIZE(everybody); i++)
		print_row(&everybody[i]);
	return 0;
}
