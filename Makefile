# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# "make help" lists what there is to make. Everything made is below build/.

# The kernel source: any 6.12.x tarball; the series was made for kernel-patch/BASE.
KSRC_TAR ?= /usr/src/linux-source-6.12.tar.xz
prefix ?= /usr/local

PATCHES := $(wildcard kernel-patch/*.patch)
SRC := $(wildcard src/*.[ch])
SCRIPTS := scripts
STEP := scripts/step

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

# --- What people ask for -----------------------------------------------------

.PHONY: all kernel help
all: build/bin/bpftool ## bpftool with "ctrl", as build/bin/bpftool (the default)
kernel: kernel-um ## the patched kernel as a process (User-mode Linux): build/um/linux
# kernel-x86_64: ## ... for QEMU: build/x86_64/bzImage
# kernel-um-debug: ## ... with KASAN, lockdep, kmemleak: build/um-debug/linux
# kernel-x86_64-debug: ## ... both: build/x86_64-debug/bzImage
# kernel-base-x86_64: ## the kernel without the series: build/x86_64-base/bzImage

help: ## this list
	@sed -nE 's/^(# )?([a-z0-9_-]+):.*## (.*)/  make \2\t\3/p' $(MAKEFILE_LIST) | \
		expand -t 30

# --- Packages ----------------------------------------------------------------

# deps-GROUP: see scripts/packages. Always run, and instant when nothing is missing.
DEPS_kernel := source kernel
DEPS_bpftool := source bpftool
DEPS_test := source kernel bpftool vm test lint

.PHONY: deps-kernel deps-bpftool deps-test
deps-kernel deps-bpftool deps-test: deps-%:
	@scripts/deps $(DEPS_$*)

# --- Source ------------------------------------------------------------------

$(KSRC_TAR): | deps-bpftool
	@test -e $@ || { echo "error: no kernel source $@" >&2; exit 1; }

# src/ is copied into the tree later and must survive the update.
build/source.stamp: $(KSRC_TAR) kernel-patch/series kernel-patch/BASE $(PATCHES) \
		scripts/prepare-source
	@$(STEP) "Preparing the kernel source" build/log/source.log \
		scripts/prepare-source $(SRC:src/%=-x tools/bpf/bpftool/%) \
		$(KSRC_TAR) kernel-patch build/linux-base build/linux
	@touch $@

# --- Kernels -----------------------------------------------------------------

# KIND is its base (um, x86_64) and what is added to it (-debug); -base adds nothing
# but leaves out the series.
KERNELS := um um-debug x86_64 x86_64-debug x86_64-base
image = build/$1/$(if $(filter um%,$1),linux,bzImage)
source = build/linux$(if $(filter %-base,$1),-base)
fragments = $(addprefix kconfig/,common $(firstword $(subst -, ,$1)) $(filter %-debug,$1))

define kernel_rules
.PHONY: kernel-$1
kernel-$1: $(call image,$1)
$(call image,$1): build/source.stamp $(call fragments,$1) scripts/build-kernel \
		scripts/configure-kernel scripts/kbuild scripts/kernel-env | deps-kernel
	@$(STEP) "Building the $1 kernel" build/log/kernel-$1.log \
		scripts/build-kernel $1 $(call source,$1) $$@ $(call fragments,$1)
endef
$(foreach kind,$(KERNELS),$(eval $(call kernel_rules,$(kind))))

.PHONY: kernel-base-x86_64
kernel-base-x86_64: kernel-x86_64-base

# --- bpftool -----------------------------------------------------------------

build/bin/bpftool: build/source.stamp $(SRC) scripts/build-bpftool | deps-bpftool
	@$(STEP) "Building bpftool" build/log/bpftool.log \
		scripts/build-bpftool build/linux build
	@mkdir -p $(@D)
	@ln -f build/bpftool/bpftool $@ && touch $@

.PHONY: install
install: all ## bpftool and its completion below DESTDIR and prefix
	@scripts/build-bpftool build/linux build install prefix=$(prefix) \
		DESTDIR=$(abspath $(DESTDIR)) bash_compdir=$(prefix)/share/bash-completion/completions
