# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# "make help" lists what there is to make. Everything made is below build/.

# Which kernel: what is made of 6.12, the default, has no suffix below build/.
BASES := 6.12 7.3
KERNEL ?= 6.12
ifeq ($(filter $(KERNEL),$(BASES)),)
$(error KERNEL: expected one of $(BASES), got: '$(KERNEL)')
endif
dash = $(filter-out -6.12,-$1)
OF := $(call dash,$(KERNEL))

# The kernel sources: any tarball of 6.12.x and 7.3.x, the one of KERNEL with KSRC_TAR=FILE;
# the series were made for kernel-patch/*/BASE. That of 7.3 is Debian's, too, but of later
# releases than this machine's.
FETCHED := build/source-7.3/linux-source-7.3.tar.xz
TAR_6.12 := /usr/src/linux-source-6.12.tar.xz
TAR_7.3 := $(FETCHED)
ifneq ($(KSRC_TAR),)
TAR_$(KERNEL) := $(KSRC_TAR)
endif
prefix ?= /usr/local
# Where kernels are kept (scripts/cache) for this clone and others; CACHE= keeps none.
CACHE ?= $(if $(XDG_CACHE_HOME)$(HOME),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/bpf-control-maps)
export CACHE

# Where a series is, a folder for each topic.
series = kernel-patch/$1
patches = $(wildcard $(call series,$1)/*/*.patch)
SERIES := $(call series,$(KERNEL))
PATCHES := $(call patches,6.12)
SRC := $(wildcard src/*.[ch])
STEP := scripts/step

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

# --- What people ask for -----------------------------------------------------

.PHONY: all help
all: build/bin/bpftool ## bpftool with "ctrl": build/bin/bpftool (the default)

help: ## this list
	@sed -nE 's/^(# )?([a-z0-9_.-]+):.*## (.*)/  make \2\t\3/p' $(MAKEFILE_LIST) | \
		expand -t 30
	@echo "Kernels that were built are kept in $(CACHE) for other clones:"
	@echo "CACHE_MB=4096 megabytes of them at most, with CACHE= none."

# --- Packages ----------------------------------------------------------------

# deps-GROUP: see scripts/packages. Always run, and instant when nothing is missing.
DEPS_kernel := source kernel
DEPS_bpftool := source bpftool
DEPS_vm := source kernel bpftool vm test
DEPS_bench := $(DEPS_vm) bench
DEPS_debian := source debian
DEPS_lint := source lint
DEPS_check := $(DEPS_vm) debian lint doc deb fuzz fleet
DEPS_fuzz := source kernel bpftool fuzz
DEPS_series := source kernel vm series
DEPS_series-lint := source kernel series-lint
DEPS_man := source doc
DEPS_deb := deb
DEPS_kernel-deb := source kernel deb kernel-deb

DEPS := $(addprefix deps-,kernel debian bpftool vm bench lint check fuzz series series-lint man deb kernel-deb)
.PHONY: $(DEPS)
$(DEPS): deps-%:
	@scripts/deps $(DEPS_$*)

# --- Source ------------------------------------------------------------------

$(filter-out $(FETCHED),$(sort $(TAR_6.12) $(TAR_7.3))): | deps-bpftool
	@test -e $@ || { echo "error: no kernel source $@" >&2; exit 1; }

# It is kept like a kernel, by the version that the series is for.
source_key = source-$(file < $(call series,7.3)/BASE)
$(FETCHED): | deps-bpftool
	@rm -f $(@D)/.key; scripts/cache get '$(source_key)' $(@D) || KEY='$(source_key)' \
		$(STEP) "Getting the kernel source 7.3" build/log/source-7.3.log \
			scripts/fetch-source 7.3 $(@D)

define source_rules
build/base$2.stamp: $(TAR_$1) scripts/unpack-source
	@$(STEP) "Unpacking the kernel source $1" build/log/unpack$2.log \
		scripts/unpack-source $1 $(TAR_$1) build/linux-base$2
	@touch $$@

build/source$2.stamp: build/base$2.stamp $(addprefix $(call series,$1)/,series BASE) \
		$(call patches,$1) scripts/prepare-source scripts/series-list
	@$(STEP) "Patching the kernel source $1" build/log/source$2.log \
		scripts/prepare-source build/linux-base$2 $(call series,$1) build/linux$2
	@touch $$@
endef
$(foreach base,$(BASES),$(eval $(call source_rules,$(base),$(call dash,$(base)))))

# --- Kernels -----------------------------------------------------------------

# KIND is an architecture (um, x86_64) and what is added to it (-debug); -base adds nothing
# but leaves out the series. Those of 7.3 end with -7.3.
KINDS := um um-debug x86_64 x86_64-debug x86_64-base
KERNELS := $(KINDS) $(KINDS:%=%-7.3)
parts = $(subst -, ,$1)
arch = $(firstword $(call parts,$1))
base = $(or $(filter $(BASES),$(call parts,$1)),6.12)
is_base = $(filter base,$(call parts,$1))
image = build/$1/$(if $(filter um%,$1),linux,bzImage)
source = build/linux$(if $(is_base),-base)$(call dash,$(base))
source_stamp = build/$(if $(is_base),base,source)$(call dash,$(base)).stamp
fragments = $(wildcard $(addprefix kconfig/,common common-$(base) $(arch) $(arch)-$(base) \
	$(if $(filter debug,$(call parts,$1)),$(arch)-debug)))

# kernel: ## the patched kernel as a process (User-mode Linux): build/um/linux
# kernel-um-debug: ## ... with KASAN, lockdep, kmemleak: build/um-debug/linux
# kernel-x86_64: ## ... for QEMU: build/x86_64/bzImage
# kernel-x86_64-debug: ## ... for QEMU, with the same: build/x86_64-debug/bzImage
# kernel-base-x86_64: ## ... without the series, to compare: build/x86_64-base/bzImage
# kernel-um-7.3: ## any of them of Linux 7.3, as all with KERNEL=7.3: build/um-7.3/linux
#
# What a kernel is made of has a name, its KEY. The source is made ready only for one that is
# neither built nor kept. (This make is not said to be one, or "make -n" would run it.)
define kernel_rules
.PHONY: kernel-$1
kernel-$1: $(TAR_$(base)) | deps-kernel
	@KEY=$$$$(scripts/kernel-key $1 $(TAR_$(base)) '$(if $(is_base),,$(call series,$(base)))' \
		$(fragments)) || exit; export KEY; \
	[ -e $(image) ] || rm -f build/$1/.key; \
	scripts/cache get "$$$$KEY" build/$1 || { \
		$(MAKE) --no-print-directory $(source_stamp) && \
		$(STEP) "Building the $1 kernel" build/log/kernel-$1.log \
			scripts/build-kernel $1 $(source) $(image) $(fragments); }
endef
$(foreach kind,$(KERNELS),$(eval $(call kernel_rules,$(kind))))

# The tests run on 7.3 where its source can be had; an image of it without one is of nobody
# knows which series.
.PHONY: kernel-um-7.3,um
kernel-um-7.3,um:
	@if $(MAKE) --no-print-directory $(TAR_7.3); then \
		$(MAKE) --no-print-directory kernel-um-7.3; \
	else \
		echo "warning: without a source of Linux 7.3 the tests run on 6.12 only" >&2; \
		rm -rf build/um-7.3; \
		$(MAKE) --no-print-directory kernel-um; \
	fi

.PHONY: kernel kernel-base-x86_64
kernel: kernel-um$(OF)
kernel-base-x86_64: kernel-x86_64-base$(OF)

# Debian's, as they are: vm/run boots them, too. What they need of the kernel source is
# one script.
DEBIAN_KERNELS := $(shell sed -n 's/^\([0-9.]*\) .*/debian-\1/p' vm/debian-kernels)

# kernel-debian-6.12: ## Debian's own, as vm/debian-kernels lists them: build/debian-6.12
.PHONY: $(DEBIAN_KERNELS:%=kernel-%)
$(DEBIAN_KERNELS:%=kernel-%): kernel-%: build/%/vmlinux build/%/initrd

build/debian-%/vmlinux: $(addprefix scripts/,unpack-debian-kernel apt-root debian-sources) vm/debian-kernels \
		| build/base.stamp deps-debian
	@$(STEP) "Unpacking Debian's kernel $*" build/log/kernel-debian-$*.log \
		scripts/unpack-debian-kernel $* build/linux-base/scripts/extract-vmlinux $(@D)

build/debian-%/initrd: build/debian-%/vmlinux build/vm/modprobe scripts/build-initrd
	scripts/build-initrd $(@D) build/vm/modprobe

build/vm/modprobe: vm/modprobe.c | deps-debian
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -static -o $@ $<

# --- bpftool -----------------------------------------------------------------

# src itself: its time changes when a file goes.
build/bin/bpftool: build/source.stamp $(SRC) $(wildcard src src/skeleton src/skeleton/*) scripts/build-bpftool \
		scripts/build-env | deps-bpftool
	@$(STEP) "Building bpftool" build/log/bpftool.log \
		scripts/build-bpftool build/linux build
	@mkdir -p $(@D)
	@ln -f build/bpftool/bpftool $@ && touch $@

# Of this bpftool: its pages, and its completion with what completes "ctrl" behind it.
MAN := build/man/bpftool-ctrl.8
$(MAN): build/source.stamp docs/bpftool-ctrl.rst scripts/build-bpftool scripts/build-man | deps-man
	@$(STEP) "Making the manual pages" build/log/man.log \
		scripts/build-man build/linux build/man
	@touch $@

COMPLETION := build/bash-completion/bpftool
$(COMPLETION): build/source.stamp bash-completion/bpftool-ctrl
	@mkdir -p $(@D)
	cat build/linux/tools/bpf/bpftool/bash-completion/bpftool bash-completion/bpftool-ctrl > $@

.PHONY: man completion install
man: $(MAN) ## the manual pages: build/man

completion: $(COMPLETION)

install: all man completion ## bpftool, its manual pages and completion below DESTDIR and prefix
	@install -D -m 0755 build/bin/bpftool $(DESTDIR)$(prefix)/sbin/bpftool
	@install -D -m 0644 $(COMPLETION) \
		$(DESTDIR)$(prefix)/share/bash-completion/completions/bpftool
	@install -d $(DESTDIR)$(prefix)/share/man/man8
	@install -m 0644 build/man/*.8 $(DESTDIR)$(prefix)/share/man/man8

# VERSION: of the package
.PHONY: deb
deb: deps-deb all man completion scripts/build-deb $(wildcard systemd/*) ## a Debian package beside the distribution's bpftool: build/*.deb
	@$(STEP) "Making the Debian package" build/log/deb.log scripts/build-deb build

.PHONY: static
static: build/static/bpftool ## bpftool for any distribution, with its libraries in it: build/static

build/static/bpftool: build/bin/bpftool scripts/build-static
	@$(STEP) "Linking a static bpftool" build/log/static.log scripts/build-static build

# Debian 12 and 13 with systemd and Prometheus, for tests, which are left out without them.
.PHONY: systemd-root systemd-root-if-any
systemd-root: build/systemd/versions ## Debian 12 and 13 with systemd and Prometheus, for tests: build/systemd
build/systemd/versions: scripts/build-systemd-root
	@scripts/deps release
	@$(STEP) "Making roots with systemd" build/log/systemd-root.log \
		scripts/build-systemd-root $(@D) bookworm trixie

systemd-root-if-any:
	@$(MAKE) --no-print-directory systemd-root || \
		echo "warning: the tests with systemd are left out" >&2

# On a machine that nobody needs: scripts/check-release RELEASE check-deb
.PHONY: check-deb
check-deb: deb
	@scripts/check-deb build/bpftool-ctrl_*.deb

# Debian's Prometheus, for tests, which are left out where it can't be had.
.PHONY: prometheus prometheus-if-any
prometheus: build/prometheus/versions ## Prometheus and its node exporter, for tests: build/prometheus
build/prometheus/versions: scripts/fetch-prometheus
	@$(STEP) "Getting Prometheus" build/log/prometheus.log scripts/fetch-prometheus $(@D)

prometheus-if-any:
	@$(MAKE) --no-print-directory prometheus || \
		echo "warning: the tests with Prometheus are left out" >&2

# CONFIG: of the machine itself, unless said otherwise. LSMOD: what lsmod prints where it is to run
CONFIG ?= /boot/config-$(shell uname -r)
.PHONY: kernel-deb
kernel-deb: build/source$(OF).stamp | deps-kernel-deb ## Debian packages of a kernel with the series (CONFIG=FILE LSMOD=FILE KERNEL=7.3): build/kernel-deb
	@xz -dcfq '$(CONFIG)' 2> /dev/null | grep -q '^CONFIG_' || \
		{ echo "error: no configuration $(CONFIG): CONFIG=FILE" >&2; exit 1; }
	@test -z '$(LSMOD)' || sed '/^Module /d' '$(LSMOD)' 2> /dev/null | grep -qE '^\w+( |$$)' || \
		{ echo "error: no modules, as lsmod lists them, in $(LSMOD): LSMOD=FILE" >&2; exit 1; }
	@$(STEP) "Making packages of the kernel $(KERNEL)" build/log/kernel-deb$(OF).log \
		scripts/build-kernel-deb build/linux$(OF) '$(CONFIG)' build/kernel-deb$(OF) '$(LSMOD)'

# --- Programs of the tests and benchmarks ------------------------------------

# The patched kernel's UAPI headers, as a distribution would install them.
UAPI := build/usr/include
build/headers.stamp: build/source.stamp scripts/kbuild | deps-kernel
	@$(STEP) "Installing the kernel's headers" build/log/headers.log \
		scripts/kbuild x86_64 build/linux build/headers headers
	@mkdir -p $(UAPI)
	@rsync -rcm --delete --include='*/' --include='*.h' --exclude='*' \
		build/headers/usr/include/ $(UAPI)/
	@touch $@

# libbpf as built for bpftool, from the patched tree.
LIBBPF := build/bpftool/libbpf
CLANG := clang
TEST_CFLAGS := -O2 -g -Wall -Wextra -Wno-unused-parameter -Werror

# Programs that the series adds to tools/testing/selftests/bpf, by their patches.
KSELFTESTS := $(sort $(shell sed -n \
	's,^+++ b/tools/testing/selftests/bpf/\(map_control[a-z_]*\)\.c$$,\1,p' $(PATCHES) /dev/null))

built = $(patsubst $1/%$2,build/$1/%$3,$(wildcard $1/*$2))
PROGRAMS := \
	$(KSELFTESTS:%=build/tests/kselftest/%) \
	$(call built,tests/progs,.bpf.c,.bpf.o) $(call built,tests/clients,.c) \
	$(call built,tests/tools,.c) $(call built,examples,.c) \
	$(call built,bench,.bpf.c,.bpf.o) \
	$(filter-out %.bpf,$(call built,bench,.c)) build/fuzz-kernel/fuzz-kernel

.PHONY: programs
programs: $(PROGRAMS) ## what the tests and benchmarks run, and the examples

build/%.bpf.o: %.bpf.c $(wildcard tests/progs/*.h bench/*.h) build/headers.stamp \
		| deps-vm build/bin/bpftool
	@mkdir -p $(@D)
	$(CLANG) -target bpf -mcpu=v3 $(TEST_CFLAGS) -I $(UAPI) -I $(LIBBPF)/include -c -o $@ $<

# Clients know nothing of control maps: the distribution's headers and libbpf only.
build/tests/clients/%: tests/clients/%.c $(wildcard tests/clients/*.h) | deps-vm
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -o $@ $< -lbpf

# Examples know nothing but the kernel's UAPI headers and libbpf, here the distribution's.
build/examples/%: examples/%.c build/headers.stamp | deps-vm
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -isystem $(UAPI) -o $@ $< -lbpf

build/tests/tools/%: tests/tools/%.c $(wildcard tests/tools/*.h) build/headers.stamp
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -isystem $(UAPI) -o $@ $< -pthread

WITH_LIBBPF = -isystem $(UAPI) -I $(LIBBPF)/include -o $@ $< $(LIBBPF)/libbpf.a \
	-lelf -lz -pthread

build/bench/%: bench/%.c $(wildcard bench/*.h tests/tools/*.h) build/headers.stamp build/bin/bpftool
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) $(WITH_LIBBPF)

# As the tree's own Makefile builds them, but without its skeletons and their needs.
KTOOLS := build/linux/tools
build/tests/kselftest/%: build/source.stamp build/bin/bpftool
	@mkdir -p $(@D)
	$(CC) -O2 -g -Wall -Werror -I $(KTOOLS)/include -I $(KTOOLS)/include/uapi \
		-I $(LIBBPF)/include -o $@ $(KTOOLS)/testing/selftests/bpf/$*.c \
		$(LIBBPF)/libbpf.a -lelf -lz

# The newest clients that Debian has, unpacked. Their tests are left out where there are none
# (tests/run).
build/newest/versions: $(addprefix scripts/,fetch-newest apt-root debian-sources) | deps-debian
	@$(STEP) "Getting the newest clients" build/log/newest.log scripts/fetch-newest $(@D)

build/tests/clients/%: tests/clients/%.go build/newest/versions scripts/build-go
	@mkdir -p $(@D)
	@$(STEP) "Building $@" build/log/$*.log scripts/build-go build/newest $@ $<

.PHONY: newest newest-if-any
newest: build/newest/versions $(call built,tests/clients,.go) ## the newest clients, for tests: build/newest
newest-if-any:
	@$(MAKE) --no-print-directory newest || \
		echo "warning: the tests of the newest clients are left out" >&2

# Debian 12's QEMU has no igb.
FETCH_TOOLS := $(addprefix scripts/,fetch-packages apt-root debian-sources)
build/qemu/version: scripts/fetch-qemu $(FETCH_TOOLS) | deps-vm deps-debian
	@$(STEP) "Getting a QEMU with an igb" build/log/qemu.log scripts/fetch-qemu $(@D)

.PHONY: qemu qemu-if-any
qemu: build/qemu/version ## a QEMU that has an igb, for tests: build/qemu
qemu-if-any:
	@$(MAKE) --no-print-directory qemu || \
		echo "warning: the tests of an igb are left out" >&2

# Nor does its jq start fast.
build/jq/version: scripts/fetch-jq $(FETCH_TOOLS) | deps-vm deps-debian
	@$(STEP) "Getting a jq that starts fast" build/log/jq.log scripts/fetch-jq $(@D)

.PHONY: jq-if-any
jq-if-any:
	@$(MAKE) --no-print-directory build/jq/version || \
		echo "warning: tests in emulated machines take longer" >&2

# --- Fuzzing -----------------------------------------------------------------

# The code under test is built with clang's sanitizers, with what it needs of bpftool;
# libbpf is that of bpftool.
FUZZ := $(addprefix build/fuzz/,value json btf name metrics)
FUZZ_SRC := $(wildcard src/apply_*ctrl.c src/metrics_*ctrl.c src/value_*ctrl.c) $(patsubst %,src/%_ctrl.c,btf_dump counters error name netns number update xdp_selected)
FUZZ_TOOL := $(KTOOLS)/bpf/bpftool/json_writer.c
FUZZ_CFLAGS := -g -O1 -std=gnu11 -Wall -Werror -fno-omit-frame-pointer \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined

build/fuzz/types.btf: tests/fuzz/types.c | deps-fuzz
	@mkdir -p $(@D)
	$(CC) -g -c -o $(@:.btf=.o) $<
	pahole --btf_encode_detached=$@ $(@:.btf=.o)

build/fuzz/%: tests/fuzz/%.c tests/fuzz/fuzz.c tests/fuzz/fuzz.h tests/fuzz/btf.S \
		build/fuzz/types.btf $(SRC) build/bin/bpftool | deps-fuzz
	$(CLANG) $(FUZZ_CFLAGS) -DFUZZ_BTF='"build/fuzz/types.btf"' -I tests/fuzz -I src \
		-I $(KTOOLS)/bpf/bpftool -I $(LIBBPF)/include -I $(KTOOLS)/include \
		-I $(KTOOLS)/include/uapi -I build/linux/kernel/bpf -o $@ \
		$< tests/fuzz/fuzz.c tests/fuzz/btf.S $(FUZZ_SRC) $(FUZZ_TOOL) \
		$(LIBBPF)/libbpf.a -ljansson -lelf -lz

# FUZZ_TIME: seconds for each target.
FUZZ_TIME ?= 60
.PHONY: fuzz fuzz-programs
fuzz-programs: $(FUZZ)
fuzz: $(FUZZ) ## look for crashes in what reads values, JSON, BTF and names
	@for target in $(notdir $(FUZZ)); do scripts/fuzz $$target $(FUZZ_TIME) || exit; done

# Random calls in the kernel with KASAN, lockdep and kmemleak; of 7.3 with two CPUs.
# SECONDS, or until there were CALLS; the same SEED has each process draw the same.
FUZZ_KERNEL := build/fuzz-kernel/fuzz-kernel
SECONDS ?= 600
SEED ?= $(shell date +%s)
$(FUZZ_KERNEL): $(wildcard tests/fuzz-kernel/*.[ch]) build/headers.stamp
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -isystem $(UAPI) -o $@ $(filter %.c,$^)

.PHONY: fuzz-kernel
fuzz-kernel: deps-vm kernel-um-debug$(OF) all $(FUZZ_KERNEL) ## look for faults of the kernel for SECONDS=600 (KERNEL=7.3)
	@vm/run -k um-debug$(OF) $(if $(filter 7.3,$(KERNEL)),-c 2) -t $$(($(SECONDS) + 600)) -- \
		$(FUZZ_KERNEL) $(SEED) $(SECONDS) $(CALLS)

# --- Other machines and compilers --------------------------------------------

# The newest that Debian has, whose warnings are the newest, too; unpacked.
PORT_SUITE ?= sid
PORTS := i386 s390x lto clang
build/port/root/versions: $(addprefix scripts/,fetch-port apt-root debian-sources) | deps-debian
	@$(STEP) "Getting compilers of $(PORT_SUITE)" build/log/fetch-port.log \
		scripts/fetch-port $(@D) $(PORT_SUITE)

build/port/%/done: build/port/root/versions build/source.stamp build/fuzz/types.btf $(SRC) \
		$(wildcard src/skeleton/* tests/fuzz/*.[chS]) $(addprefix scripts/,in-port build-port build-bpftool)
	@$(STEP) "Building bpftool for $*" build/log/port-$*.log scripts/in-port build/port/root \
		scripts/build-port $* build/linux build/port/$* $(FUZZ_SRC) $(FUZZ_TOOL)
	@touch $@

# One after the other: each takes all processors.
.PHONY: port port-if-any
port: ## bpftool for 32 bits, big endian, with LTO and by clang, for tests: build/port
	@for kind in $(PORTS); do $(MAKE) --no-print-directory build/port/$$kind/done || exit; done

port-if-any:
	@$(MAKE) --no-print-directory build/port/root/versions || { \
		echo "warning: the tests of other machines and compilers are left out" >&2; exit 0; } && \
	$(MAKE) --no-print-directory port

# --- Running -----------------------------------------------------------------

.PHONY: demo shell bench
demo: deps-vm kernel all programs ## a story of ten seconds in the patched kernel
	@vm/run -k um$(OF) -- demo/run

shell: deps-vm kernel all programs ## a root shell in the patched kernel
	@vm/run -k um$(OF) -- bash

bench: deps-bench qemu kernel-x86_64$(OF) kernel-base-x86_64 $(addprefix kernel-debian-,$(BASES)) all programs ## measure the costs
	@KERNEL=$(KERNEL) bench/run

# --- Checking ----------------------------------------------------------------

# What each of these runs, and thus the kernels it needs, is in tests/tiers.
TIERS_check := check$(OF)
TIERS_check-debug := check-debug$(OF)
TIERS_ci := $(TIERS_check) $(TIERS_check-debug)
TIERS_check-all := check-all
kernels_of = $(addprefix kernel-,$(filter-out host,$(shell sed -nE \
	's,^($(subst $() ,|,$(TIERS_$1))) +([^ ]+).*,\2,p' tests/tiers | sed 's/:[0-9]*//g' | sort -u)))

# check: ## every test that a change must pass (KERNEL=7.3: those of the series, on it alone)
# check-debug: ## with KASAN, lockdep, kmemleak those of the kernel
# ci: ## both of these
# check-all: ## everything: more kernels, and all tests of um with them
define check_rules
.PHONY: $1
$1: deps-check $(kernels_of) all man completion deb static programs fuzz-programs prometheus-if-any
	@tests/run $(addprefix -T ,$(TIERS_$1))
endef
$(foreach goal,check check-debug ci check-all,$(eval $(call check_rules,$(goal))))
ci check-all: newest-if-any
check ci check-all: qemu-if-any jq-if-any
check-all: port-if-any systemd-root-if-any
check-all: export FUZZ_TIME := $(FUZZ_TIME)
check-all: export FUZZ_RUNS := -1

.PHONY: lint
lint: build/source.stamp build/bin/bpftool | deps-lint ## shell scripts, kernel style, layers, musl, spelling
	@scripts/lint build/linux

# --- The series --------------------------------------------------------------

# Changed in git and written out again: edit build/series-KERNEL, commit, "make series".
# What both bases have is changed on both: series-diff shows where they differ.
.PHONY: series series-edit series-check series-diff series-mail series-lint
series-edit: build/base$(OF).stamp | deps-series ## the series as commits in build/series-6.12 (KERNEL=7.3: -7.3)
	@$(STEP) "Making build/series-$(KERNEL)" build/log/series-edit$(OF).log \
		scripts/series-edit build/linux-base$(OF) $(SERIES) build/series-$(KERNEL)

series: ## write kernel-patch/6.12 from there (KERNEL=7.3: 7.3)
	@scripts/series-export build/series-$(KERNEL) $(SERIES)

series-check: lint build/base$(OF).stamp | deps-series ## checkpatch; build and boot um after each patch
	@scripts/series-check um$(OF) build/linux-base$(OF) $(SERIES) build/series-check$(OF) \
		$(call fragments,um$(OF))

# CHECKS="arm64 coccicheck": only those of scripts/series-lint
series-lint: build/base$(OF).stamp build/source$(OF).stamp | deps-series-lint ## what compilers, sparse and coccicheck say of it that is new
	@scripts/series-lint $(KERNEL) $(CHECKS)

series-diff: ## what the series for 6.12 and for 7.3 differ in, as commits
	@scripts/series-diff build/series-6.12 build/series-7.3

# TOPIC: a folder of kernel-patch/KERNEL; BASE_COMMIT: what it is for, if not Debian's source
series-mail: | deps-series ## the mails of one TOPIC=core to maintainers: build/mail/core (KERNEL=7.3)
	@[ -e build/series-$(KERNEL) ] || $(MAKE) --no-print-directory series-edit
	@scripts/series-mail build/series-$(KERNEL) $(SERIES) '$(TOPIC)' build/mail/$(TOPIC) $(BASE_COMMIT)

# --- Cleaning ----------------------------------------------------------------

# build/series-* may hold work that exists nowhere else, so they go only by FORCE=1.
.PHONY: clean distclean
clean: ## remove what was built, but neither the sources nor build/series-*
	rm -rf $(addprefix build/,$(KERNELS) $(DEBIAN_KERNELS) vm bpftool bin static prometheus systemd kernel-deb kernel-deb-7.3 man bash-completion deb headers headers.stamp usr tests \
		newest qemu jq port bench examples fuzz test-results series-check series-check-7.3 \
		series-lint series-lint-7.3 lint musl mail fuzz-kernel log) build/*.deb build/*.lock build/boots.*

distclean: ## remove all of build/ (with FORCE=1 build/series-*, too)
	@if ls -d build/series-[0-9]* > /dev/null 2>&1 && [ "$(FORCE)" != 1 ]; then \
		echo "build/series-* stay (FORCE=1 removes them)"; \
		find build -mindepth 1 -maxdepth 1 ! -name 'series-[0-9]*' -exec rm -rf {} +; \
	else \
		rm -rf build; \
	fi
