// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usage: xskmd DEV MAP COUNT [clean|dirty]
 *
 * Receives COUNT packets of queue 0 of a device through an AF_XDP socket that it puts
 * into the pinned XSKMAP MAP, and prints for each the metadata that is in front of
 * it, as JSON. Says "ready" when it is. Gives up after a minute without a packet.
 *
 * With a fourth word there is one frame only, which it gives back after each packet: as it
 * is, or clean, which is without the marker of the metadata.
 */
#include <poll.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/bpf_ctrl.h>

#include "frames.h"
#include "xsk.h"

#define NR		XSK_NR
#define CHUNK		XSK_CHUNK
#define TIMEOUT_MS	60000

static unsigned char *umem;

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

static void *map_ring(int sock, size_t size, unsigned long long offset)
{
	void *ring = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			  sock, offset);

	if (ring == MAP_FAILED)
		err(1, "can't map a ring");
	return ring;
}

static __u32 *fill_producer;
static __u64 *fill_addrs;

static void open_fill_ring(int sock, const struct xdp_mmap_offsets *off)
{
	unsigned char *ring = map_ring(sock, off->fr.desc + NR * sizeof(__u64),
				       XDP_UMEM_PGOFF_FILL_RING);

	fill_producer = (void *)(ring + off->fr.producer);
	fill_addrs = (void *)(ring + off->fr.desc);
}

static void give(__u64 addr)
{
	fill_addrs[*fill_producer % NR] = addr;
	__atomic_store_n(fill_producer, *fill_producer + 1, __ATOMIC_RELEASE);
}

/* The marker is what is last: valid, size and cookie. */
static void give_back(const struct xdp_desc *desc, bool clean)
{
	if (clean)
		memset(umem + desc->addr - 8, 0, 8);
	give(desc->addr / CHUNK * CHUNK);
}

static void enter(const char *path, int sock)
{
	union bpf_attr attr = { .pathname = (uintptr_t)path };
	__u32 key = 0, value = sock;
	int map;

	map = bpf(BPF_OBJ_GET, &attr);
	if (map < 0)
		err(1, "can't open %s", path);
	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (uintptr_t)&key;
	attr.value = (uintptr_t)&value;
	if (bpf(BPF_MAP_UPDATE_ELEM, &attr))
		err(1, "can't put the socket into %s", path);
}

static void show(const struct xdp_desc *desc, const struct bpf_ctrl_xdp_rx_md *md)
{
	printf("{\"len\":%u,\"valid\":%u,\"size\":%u,\"cookie\":%u,\"rx_timestamp\":%llu,\"rx_hash\":%u,\"rx_hash_type\":%u,\"vlan_proto\":%u,\"vlan_tci\":%u}\n",
	       desc->len, md->valid, md->size, md->cookie, md->rx_timestamp, md->rx_hash,
	       md->rx_hash_type, __builtin_bswap16(md->vlan_proto), md->vlan_tci);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct xdp_mmap_offsets off;
	socklen_t len = sizeof(off);
	struct pollfd pfd = { .events = POLLIN };
	struct bpf_ctrl_xdp_rx_md md;
	struct xdp_desc *descs;
	unsigned char *ring;
	const char *frame = argc == 5 ? argv[4] : NULL;
	__u32 i, count;

	if (argc < 4 || argc > 5 || (frame && strcmp(frame, "clean") && strcmp(frame, "dirty")))
		errx(2, "usage: xskmd DEV MAP COUNT [clean|dirty]");
	count = to_number(argv[3], 1, NR);

	pfd.fd = xsk_open(argv[1], 0, &umem);
	if (getsockopt(pfd.fd, SOL_XDP, XDP_MMAP_OFFSETS, &off, &len))
		err(1, "can't get the offsets of the rings");
	open_fill_ring(pfd.fd, &off);
	for (i = 0; i < (frame ? 1 : NR); i++)
		give(i * CHUNK);
	ring = map_ring(pfd.fd, off.rx.desc + NR * sizeof(*descs), XDP_PGOFF_RX_RING);
	descs = (void *)(ring + off.rx.desc);
	enter(argv[2], pfd.fd);
	puts("ready");
	fflush(stdout);

	for (i = 0; i < count; i++) {
		while (__atomic_load_n((__u32 *)(ring + off.rx.producer),
				       __ATOMIC_ACQUIRE) <= i)
			if (poll(&pfd, 1, TIMEOUT_MS) <= 0)
				errx(1, "received %u packets, not %u", i, count);
		memcpy(&md, umem + descs[i].addr - sizeof(md), sizeof(md));
		/* whoever reads of a packet may send the next */
		if (frame)
			give_back(&descs[i], !strcmp(frame, "clean"));
		show(&descs[i], &md);
	}
	return 0;
}
