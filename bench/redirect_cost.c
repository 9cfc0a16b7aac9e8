// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What a packet costs that XDP redirects to a device.
 *
 * usage: redirect_cost DEV PEER ROUNDS PACKETS
 *
 * Redirects live frames to DEV and prints for each of ROUNDS the nanoseconds that
 * PACKETS more packets take, divided by PACKETS: what is not done for each packet
 * cancels out. PEER is where they come out: all of them must.
 */
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <net/if.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bench.h"

#define FRAME_LEN	64

static int load_redirect(const char *dev)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1,
		  .imm = if_nametoindex(dev) },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "redirect", "GPL", insns,
			       sizeof(insns) / sizeof(*insns), NULL);

	if (fd < 0)
		err(1, "can't load a program that redirects to %s", dev);
	return fd;
}

static unsigned long long received(const char *dev)
{
	unsigned long long packets;
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/rx_packets", dev);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%llu", &packets) != 1)
		err(1, "can't read %s", path);
	fclose(file);
	return packets;
}

/*
 * Returns the time it took. Not the CPU time of this thread: packets may be received
 * by ksoftirqd, and nothing else runs.
 */
static unsigned long long redirect(int prog, unsigned int packets)
{
	unsigned char frame[FRAME_LEN] = {
		2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5,
	};
	struct bpf_test_run_opts opts = {
		.sz = sizeof(opts),
		.data_in = frame,
		.data_size_in = sizeof(frame),
		.repeat = packets,
		.flags = BPF_F_TEST_XDP_LIVE_FRAMES,
	};
	unsigned long long begin;

	begin = now(CLOCK_MONOTONIC);
	if (bpf_prog_test_run_opts(prog, &opts))
		err(1, "can't run the program");
	return now(CLOCK_MONOTONIC) - begin;
}

static void measure(int prog, const char *peer, unsigned int packets)
{
	unsigned int few = packets / 10 + 1, many = packets + few;
	unsigned long long before, short_time, long_time, got;

	before = received(peer);
	short_time = redirect(prog, few);
	long_time = redirect(prog, many);
	got = received(peer) - before;
	if (got != few + many)
		errx(1, "%s received %llu packets, not %u", peer, got, few + many);

	printf("%.3f\n", (double)(long_time - short_time) / packets);
}

int main(int argc, char **argv)
{
	unsigned int rounds, packets;
	int prog;

	if (argc != 5)
		errx(1, "usage: redirect_cost DEV PEER ROUNDS PACKETS");
	rounds = parse_count(argv[3]);
	packets = parse_count(argv[4]);
	prog = load_redirect(argv[1]);

	/* what the first packets find cold */
	redirect(prog, packets / 10 + 1);
	while (rounds--)
		measure(prog, argv[2], packets);
	return 0;
}
