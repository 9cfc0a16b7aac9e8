/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * An AF_XDP socket of a queue of a device, in copy mode, with rings of XSK_NR entries.
 */
#ifndef TESTS_TOOLS_XSK_H
#define TESTS_TOOLS_XSK_H

#include <err.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <linux/if_xdp.h>

#define XSK_NR		64
#define XSK_CHUNK	4096

static void xsk_set_option(int sock, int option, const void *value, socklen_t size)
{
	if (setsockopt(sock, SOL_XDP, option, value, size))
		err(1, "can't set AF_XDP option %d", option);
}

/* xsk_open - returns the socket, which is bound; @umem is set to its XSK_NR chunks */
static int xsk_open(const char *dev, __u32 queue, unsigned char **umem)
{
	struct sockaddr_xdp addr = {
		.sxdp_family = AF_XDP,
		.sxdp_flags = XDP_COPY,
		.sxdp_ifindex = if_nametoindex(dev),
		.sxdp_queue_id = queue,
	};
	struct xdp_umem_reg reg = { .len = XSK_NR * XSK_CHUNK, .chunk_size = XSK_CHUNK };
	int nr = XSK_NR, sock;

	*umem = mmap(NULL, reg.len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		     -1, 0);
	reg.addr = (uintptr_t)*umem;
	sock = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (sock < 0 || *umem == MAP_FAILED)
		err(1, "can't open an AF_XDP socket");
	xsk_set_option(sock, XDP_UMEM_REG, &reg, sizeof(reg));
	xsk_set_option(sock, XDP_UMEM_FILL_RING, &nr, sizeof(nr));
	xsk_set_option(sock, XDP_UMEM_COMPLETION_RING, &nr, sizeof(nr));
	xsk_set_option(sock, XDP_RX_RING, &nr, sizeof(nr));
	if (bind(sock, (struct sockaddr *)&addr, sizeof(addr)))
		err(1, "can't bind an AF_XDP socket to queue %u of %s", queue, dev);
	return sock;
}

#endif /* TESTS_TOOLS_XSK_H */
