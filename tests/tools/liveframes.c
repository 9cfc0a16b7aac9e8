// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: liveframes PROG DEV COUNT SIZE [BATCH]
 *
 * Runs a pinned XDP program on frames as if the device DEV had received them, at
 * full speed, and lets them go where the program says (BPF_PROG_TEST_RUN). BATCH (64)
 * of them are dealt with before any other device may receive.
 */
#include <net/if.h>
#include <stdint.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <linux/bpf.h>

#include "frames.h"

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

int main(int argc, char **argv)
{
	static const unsigned char dst[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
	unsigned char frame[FRAME_MAX];
	union bpf_attr attr = {};
	struct xdp_md ctx = {};
	int prog;

	if (argc < 5 || argc > 6)
		errx(2, "usage: liveframes PROG DEV COUNT SIZE [BATCH]");

	attr.pathname = (uintptr_t)argv[1];
	prog = bpf(BPF_OBJ_GET, &attr);
	if (prog < 0)
		err(1, "can't open %s", argv[1]);
	ctx.ingress_ifindex = if_nametoindex(argv[2]);
	if (!ctx.ingress_ifindex)
		err(1, "can't find device %s", argv[2]);
	ctx.data_end = to_number(argv[4], ETH_HLEN, 3000);
	frame_init(frame, ctx.data_end, dst, 0);

	memset(&attr, 0, sizeof(attr));
	attr.test.prog_fd = prog;
	attr.test.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
	attr.test.repeat = to_number(argv[3], 1, UINT32_MAX);
	attr.test.batch_size = argc > 5 ? to_number(argv[5], 1, 256) : 64;
	attr.test.data_in = (uintptr_t)frame;
	attr.test.data_size_in = ctx.data_end;
	attr.test.ctx_in = (uintptr_t)&ctx;
	attr.test.ctx_size_in = sizeof(ctx);
	if (bpf(BPF_PROG_TEST_RUN, &attr))
		err(1, "can't run %s on %s", argv[1], argv[2]);
	return 0;
}
