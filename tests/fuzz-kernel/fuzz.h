/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Random bpf(2) calls on control maps: what the parts of the program share. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <sys/types.h>
#include <linux/bpf.h>
#include <linux/bpf_ctrl.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof(*(a)))
#define MAX_ERRNO	160

/* All that happens is drawn from one of these, of which each process has its own. */
struct rng {
	uint64_t state;
};

uint32_t rng_next(struct rng *rng);

/* A number below N */
static inline uint32_t rng_below(struct rng *rng, uint32_t n)
{
	return rng_next(rng) % n;
}

static inline int rng_one_in(struct rng *rng, uint32_t n)
{
	return !rng_below(rng, n);
}

/* Shared by all processes: when to end, and what was answered how often. */
struct shared {
	volatile int stop;
	long end;
	uint64_t calls;
	/* [operation][errno], 0: success */
	uint64_t counts[64][MAX_ERRNO];
};

extern struct shared *shared;

/* Counts what a system call returned; returns 0 or -errno, or the descriptor. */
long count(unsigned int operation, long ret);

/* What a fault of the kernel is that it does not see itself: ends the run. */
__attribute__((format(printf, 1, 2), noreturn)) void found(const char *format, ...);

/* calls.c: operations on maps */
struct operation {
	const char *name;
	/* how often, among the others */
	unsigned int weight;
	/* every call is to be refused */
	int refused;
};

extern const struct operation operations[];
extern const unsigned int operations_nr;

/* The maps that all processes inherit, one of each type that there is */
void calls_create_shared(void);
/* Makes one call after another until SHARED says stop. KIND says in which namespaces. */
void calls_run(struct rng *rng, unsigned int kind);
#define CALLS_KINDS	4

/* values.c: what an update is asked to set */
void value_change(struct rng *rng, uint32_t type, void *value, uint32_t size);

/* devices.c and objects.c: what comes and goes meanwhile. Each does one step. */
void devices_step(struct rng *rng);
void devices_init(void);
/* A veth pair in a network namespace that is new */
void devices_add_pair(void);
void cgroups_step(struct rng *rng);
void sockets_step(struct rng *rng);
void probes_step(struct rng *rng);

/* bpf.c */
long sys_bpf(enum bpf_cmd cmd, union bpf_attr *attr);
/* A program of two instructions that returns RESULT */
int prog_load(uint32_t type, uint32_t attach_type, int result);
long link_create(int prog, int target, uint32_t attach_type, uint32_t flags);

#endif
