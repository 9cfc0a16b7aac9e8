// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What a packet costs that an XDP program drops.
 *
 * usage: xdp_cost OBJECT ROUNDS PACKETS WAY...
 *
 * Runs xdp_drop.bpf.c (OBJECT) on live frames, counted in each WAY in turn, and
 * prints a line for each of ROUNDS: the way and the nanoseconds that PACKETS more
 * packets took of this thread's CPU time, divided by PACKETS: what is not done for
 * each packet cancels out.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <linux/if_ether.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bench.h"
#include "xdp_drop.h"

#define LOOPBACK_IFINDEX	1	/* test runs are on behalf of it */
#define FRAME_LEN		64
#define STATS_SYSCTL		"/proc/sys/kernel/bpf_stats_enabled"

struct totals {
	__u64 packets;
	__u64 bytes;
};

/* A way to count packets. */
struct way {
	const char *name;
	const char *prog;
	void (*begin)(void);	/* opt. */
	/* opt.: what has been counted so far, to see that it was */
	void (*read)(struct totals *totals);
	void (*end)(void);	/* opt. */
};

static struct bpf_object *object;
static int prog_fd;
static int control_fd;
static struct bpf_link *follower;

static void write_sysctl(const char *value)
{
	int fd = open(STATS_SYSCTL, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		err(1, "can't write to %s", STATS_SYSCTL);
	close(fd);
}

static void bpf_stats_begin(void)
{
	write_sysctl("1");
}

/* They have no bytes: what cannot be compared is taken as right. */
static void bpf_stats_read(struct totals *totals)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	if (bpf_prog_get_info_by_fd(prog_fd, &info, &len))
		err(1, "can't get info of the program");
	totals->packets = info.run_cnt;
	totals->bytes = info.run_cnt * FRAME_LEN;
}

static void bpf_stats_end(void)
{
	write_sysctl("0");
}

static void control_begin(void)
{
	control_fd = open_control_map(BPF_CTRL_XDP_STATS);
}

static void control_read(struct totals *totals)
{
	struct bpf_ctrl_xdp_stats stats;
	__u32 key = LOOPBACK_IFINDEX;

	if (bpf_map_lookup_elem(control_fd, &key, &stats))
		err(1, "can't look up XDP statistics of ifindex %u", key);
	totals->packets = stats.drop;
	totals->bytes = stats.bytes;
}

static void control_end(void)
{
	close(control_fd);
}

/* On a kernel without control maps, what "bpftool ctrl" has instead */
static void fallback_begin(void)
{
	if (system("bpftool ctrl xdp set stats on"))
		errx(1, "can't switch the fallback on");
}

static void fallback_read(struct totals *totals)
{
	FILE *out = popen("bpftool -j ctrl xdp stats dev lo | jq '.[0].stats | .drop, .bytes'", "r");

	if (!out || fscanf(out, "%llu %llu", &totals->packets, &totals->bytes) != 2 ||
	    pclose(out))
		errx(1, "can't read the statistics of the fallback");
}

static void fallback_end(void)
{
	if (system("bpftool ctrl xdp set stats off"))
		errx(1, "can't switch the fallback off");
}

/* A program that does nothing, where the fallback's counts */
static void follow_begin(void)
{
	follower = bpf_program__attach(bpf_object__find_program_by_name(object, "follow"));
	if (!follower)
		err(1, "can't attach the program that follows");
}

static void follow_end(void)
{
	bpf_link__destroy(follower);
}

/*
 * The distribution's monitor, which follows tracepoints: there is none for a drop. It takes
 * its timer when all of its programs are attached.
 */
static void monitor_begin(void)
{
	if (system("xdp-monitor --stats > /dev/null &\n"
		   "until ls -l /proc/$!/fd | grep -q timerfd; do\n"
		   "	kill -0 $! || exit 1\n"
		   "	sleep 0.1\n"
		   "done"))
		errx(1, "can't start xdp-monitor (package xdp-tools)");
}

static void monitor_end(void)
{
	if (system("kill $(pidof xdp-monitor)"))
		errx(1, "xdp-monitor has ended");
}

static void counter_read(struct totals *totals)
{
	int nr_cpus = libbpf_num_possible_cpus();
	struct xdp_drop_counter *counters;
	__u32 key = 0;
	int i, fd;

	fd = bpf_object__find_map_fd_by_name(object, "counters");
	counters = calloc(nr_cpus, sizeof(*counters));
	if (!counters || bpf_map_lookup_elem(fd, &key, counters))
		err(1, "can't read the program's counters");

	*totals = (struct totals){};
	for (i = 0; i < nr_cpus; i++) {
		totals->packets += counters[i].packets;
		totals->bytes += counters[i].bytes;
	}
	free(counters);
}

static const struct way ways[] = {
	{
		.name	= "none",
		.prog	= "drop",
	}, {
		.name	= "none_again",
		.prog	= "drop",
	}, {
		.name	= "program",
		.prog	= "drop_counted",
		.read	= counter_read,
	}, {
		.name	= "bpf_stats",
		.prog	= "drop",
		.begin	= bpf_stats_begin,
		.read	= bpf_stats_read,
		.end	= bpf_stats_end,
	}, {
		.name	= "control",
		.prog	= "drop",
		.begin	= control_begin,
		.read	= control_read,
		.end	= control_end,
	}, {
		.name	= "fallback",
		.prog	= "drop",
		.begin	= fallback_begin,
		.read	= fallback_read,
		.end	= fallback_end,
	}, {
		.name	= "follow",
		.prog	= "drop",
		.begin	= follow_begin,
		.end	= follow_end,
	}, {
		.name	= "monitor",
		.prog	= "drop",
		.begin	= monitor_begin,
		.end	= monitor_end,
	}, {}
};

static const struct way *find_way(const char *name)
{
	const struct way *way;

	for (way = ways; way->name; way++)
		if (!strcmp(way->name, name))
			return way;
	errx(1, "no such way to count packets: '%s'", name);
}

static void load_object(const char *path)
{
	object = bpf_object__open_file(path, NULL);
	if (!object)
		err(1, "can't open %s", path);
	if (bpf_object__load(object))
		err(1, "can't load %s", path);
}

static unsigned long long run_packets(unsigned int packets)
{
	char frame[FRAME_LEN] = { [12] = ETH_P_IP >> 8, [13] = ETH_P_IP & 0xff };
	struct bpf_test_run_opts opts = {
		.sz = sizeof(opts),
		.data_in = frame,
		.data_size_in = sizeof(frame),
		.repeat = packets,
		.flags = BPF_F_TEST_XDP_LIVE_FRAMES,
	};
	unsigned long long begin;

	begin = now(CLOCK_THREAD_CPUTIME_ID);
	if (bpf_prog_test_run_opts(prog_fd, &opts))
		err(1, "can't run the program");
	return now(CLOCK_THREAD_CPUTIME_ID) - begin;
}

static void check_counted(const struct way *way, const struct totals *before,
			  __u64 packets)
{
	struct totals after;

	way->read(&after);
	after.packets -= before->packets;
	after.bytes -= before->bytes;
	if (after.packets != packets || after.bytes != packets * FRAME_LEN)
		errx(1, "%s: %llu packets of %u bytes were counted as %llu and %llu bytes",
		     way->name, packets, FRAME_LEN, after.packets, after.bytes);
}

static void measure(const struct way *way, unsigned int packets)
{
	unsigned int few = packets / 10 + 1, many = packets + few;
	struct totals before;
	unsigned long long short_time, long_time;

	if (way->read)
		way->read(&before);
	short_time = run_packets(few);
	long_time = run_packets(many);
	if (way->read)
		check_counted(way, &before, few + many);

	printf("%s %.2f\n", way->name, (double)(long_time - short_time) / packets);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	unsigned int rounds, packets, i;
	struct bpf_program *prog;
	const struct way *way;

	if (argc < 5)
		errx(1, "usage: xdp_cost OBJECT ROUNDS PACKETS WAY...");
	load_object(argv[1]);
	rounds = parse_count(argv[2]);
	packets = parse_count(argv[3]);

	for (argv += 4; *argv; argv++) {
		way = find_way(*argv);
		prog = bpf_object__find_program_by_name(object, way->prog);
		prog_fd = bpf_program__fd(prog);
		if (way->begin)
			way->begin();
		for (i = 0; i < rounds; i++)
			measure(way, packets);
		if (way->end)
			way->end();
	}
	bpf_object__close(object);
	return 0;
}
