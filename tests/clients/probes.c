// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Attach programs to kprobes and uprobes as any program with libbpf does.
 *
 * usage: probes attach OBJECT DIRECTORY
 *	attaches the programs in OBJECT, of tests/progs/probes.bpf.c, but those for
 *	which the kernel has no links (a kernel without fprobes), and pins the links and
 *	the map with the number of their runs in DIRECTORY of bpffs
 * usage: probes hit NUMBER
 *	hits each of the probes NUMBER times
 * usage: probes churn OBJECT
 *	attaches and detaches on_kprobe and on_multi until it is killed
 */
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#define FUNCTION	"__x64_sys_getpgid"
#define TRACEFS		"/sys/kernel/tracing/"
#define COOKIE		4711

/* What the uprobes are on. */
__attribute__((noinline)) int probed_function(int i)
{
	/* keep the compiler from knowing what it does */
	asm volatile("" : "+r"(i));
	return i;
}

static struct bpf_program *program(struct bpf_object *obj, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, name);

	if (!prog)
		errx(1, "no program %s", name);
	return prog;
}

static struct bpf_link *attach_kprobe(struct bpf_object *obj, const char *name)
{
	LIBBPF_OPTS(bpf_kprobe_opts, opts, .bpf_cookie = COOKIE,
		    .retprobe = !!strstr(name, "ret"));

	return bpf_program__attach_kprobe_opts(program(obj, name), FUNCTION, &opts);
}

static struct bpf_link *attach_uprobe(struct bpf_object *obj, const char *name)
{
	LIBBPF_OPTS(bpf_uprobe_opts, opts, .func_name = "probed_function",
		    .retprobe = !!strstr(name, "ret"));
	char path[PATH_MAX] = {};

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		err(1, "can't read /proc/self/exe");
	return bpf_program__attach_uprobe_opts(program(obj, name), -1, path, 0, &opts);
}

static struct bpf_link *attach_multi(struct bpf_object *obj, const char *name)
{
	const char *symbols[] = { FUNCTION, "__x64_sys_getsid" };
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .syms = symbols, .cnt = 2,
		    .retprobe = !!strstr(name, "ret"));

	return bpf_program__attach_kprobe_multi_opts(program(obj, name), NULL, &opts);
}

static int perf_open(struct perf_event_attr *attr)
{
	int fd;

	attr->size = sizeof(*attr);
	fd = syscall(__NR_perf_event_open, attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		err(1, "can't open perf event");
	return fd;
}

static unsigned long long read_number(const char *path)
{
	unsigned long long number;
	FILE *file = fopen(path, "r");

	if (!file || fscanf(file, "%llu", &number) != 1)
		err(1, "can't read %s", path);
	fclose(file);
	return number;
}

/* An event that others can use, too. */
static struct bpf_link *attach_tracefs(struct bpf_object *obj, const char *name)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT };
	/* fopen() would go to the end, which this file has not got */
	int fd = open(TRACEFS "kprobe_events", O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd < 0 || (dprintf(fd, "p:ctrl/shared " FUNCTION "\n") < 0 && errno != EEXIST))
		err(1, "can't define an event in tracefs");
	close(fd);
	attr.config = read_number(TRACEFS "events/ctrl/shared/id");
	return bpf_program__attach_perf_event(program(obj, name), perf_open(&attr));
}

static unsigned long long address_of(const char *function)
{
	char line[512], name[256], type;
	unsigned long long addr = 0;
	FILE *file = fopen("/proc/kallsyms", "r");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%llx %c %255s", &addr, &type, name) == 3 &&
		    !strcmp(name, function)) {
			fclose(file);
			return addr;
		}
	errx(1, "no %s in kallsyms", function);
}

static struct bpf_link *attach_address(struct bpf_object *obj, const char *name)
{
	struct perf_event_attr attr = { .config2 = address_of(FUNCTION) };

	attr.type = read_number("/sys/bus/event_source/devices/kprobe/type");
	return bpf_program__attach_perf_event(program(obj, name), perf_open(&attr));
}

static const struct {
	const char *name;
	struct bpf_link *(*attach)(struct bpf_object *obj, const char *name);
} probes[] = {
	{ "on_kprobe",		attach_kprobe },
	{ "on_kretprobe",	attach_kprobe },
	{ "on_uprobe",		attach_uprobe },
	{ "on_uretprobe",	attach_uprobe },
	{ "on_multi",		attach_multi },
	{ "on_retmulti",	attach_multi },
	{ "on_tracefs",		attach_tracefs },
	{ "on_address",		attach_address },
};

static struct bpf_object *load(const char *path)
{
	struct bpf_object *obj = bpf_object__open(path);

	if (!obj || bpf_object__load(obj))
		err(1, "can't load %s", path);
	return obj;
}

static void attach_all(const char *path, const char *dir)
{
	struct bpf_object *obj = load(path);
	struct bpf_link *link;
	char pin[512];
	size_t i;

	for (i = 0; i < sizeof(probes) / sizeof(*probes); i++) {
		link = probes[i].attach(obj, probes[i].name);
		if (!link && errno == EOPNOTSUPP)
			continue;
		snprintf(pin, sizeof(pin), "%s/%s", dir, probes[i].name);
		if (!link || bpf_link__pin(link, pin))
			err(1, "can't attach %s", probes[i].name);
	}
	snprintf(pin, sizeof(pin), "%s/runs", dir);
	if (bpf_map__pin(bpf_object__find_map_by_name(obj, "runs"), pin))
		err(1, "can't pin %s", pin);
}

static void hit_all(long nr)
{
	while (nr-- > 0) {
		if (getpgid(0) < 0)
			err(1, "getpgid");
		probed_function(nr);
	}
}

static void churn(const char *path)
{
	struct bpf_object *obj = load(path);

	for (;;) {
		bpf_link__destroy(attach_kprobe(obj, "on_kprobe"));
		bpf_link__destroy(attach_uprobe(obj, "on_uprobe"));
		bpf_link__destroy(attach_multi(obj, "on_multi"));
	}
}

int main(int argc, char **argv)
{
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	if (argc == 4 && !strcmp(argv[1], "attach"))
		attach_all(argv[2], argv[3]);
	else if (argc == 3 && !strcmp(argv[1], "hit"))
		hit_all(atol(argv[2]));
	else if (argc == 3 && !strcmp(argv[1], "churn"))
		churn(argv[2]);
	else
		errx(1, "usage: probes { attach OBJECT DIRECTORY | hit NUMBER | churn OBJECT }");
	return 0;
}
