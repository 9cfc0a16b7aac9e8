#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# kernels: host
#
# scripts/series-mail, with a tree of a few files whose get_maintainer.pl knows who looks
# after them.

# shellcheck disable=SC2154 # set by run
setup()
{
	bats_require_minimum_version 1.5.0
	export GIT_CONFIG_GLOBAL=$BATS_TEST_TMPDIR/config
	git config --global user.name Author
	git config --global user.email author@localhost
	scripts=$(cd "$BATS_TEST_DIRNAME/../../scripts" && pwd)
	cd "$BATS_TEST_TMPDIR" || return
	make_base
	mkdir -p series/{one,fixes}
	echo 7.3.4 > series/BASE
	git init -q -b base tree
	cp -rT base tree
	git -C tree add -A
	git -C tree commit -q -m base
	git -C tree checkout -q -b series
}

make_base()
{
	mkdir -p base/{scripts,kernel/bpf,net,arch/um}
	echo base > base/kernel/bpf/map.c
	echo base > base/net/dev.c
	echo base > base/arch/um/smp.c
	cat > base/scripts/get_maintainer.pl <<-'SCRIPT'
		#!/bin/sh
		for file; do
			[ ! -f "$file" ] || cat "$file"
		done | sed -n 's,^+++ b/,,p' > files
		! grep -q '^kernel/bpf' files || echo 'Bea <bea@localhost> (maintainer:BPF [GENERAL] (Safe))'
		! grep -q '^net' files || echo '"Nora N." <nora@localhost> (supporter:NETWORKING)'
		! grep -q '^arch/um' files || echo 'Uma <uma@localhost> (maintainer:UML)'
		rm files
		echo 'Rea <rea@localhost> (reviewer:BPF)'
		echo 'list@localhost (open list:BPF [GENERAL] (Safe))'
	SCRIPT
	chmod +x base/scripts/get_maintainer.pl
}

# add TOPIC FILE LINE: a commit of that topic
add()
{
	echo "$3" >> "tree/$2"
	git -C tree add -A
	git -C tree commit -q -m "$2: grow" -m "Because of $3." -m "Topic: $1"
}

# cover TOPIC SUBJECT
cover()
{
	printf 'Subject: %s\n\nWhy it is.\n\n  a number  1.0\n' "$2" > "series/$1/0000-cover-letter.patch"
}

series()
{
	add fixes net/dev.c 'fix;'
	add fixes kernel/bpf/map.c 'fix too;'
	add fixes arch/um/smp.c 'fix as well;'
	add one kernel/bpf/map.c "$(printf '\tBPF_MAP_TYPE_CONTROL = 60,')"
	add one net/dev.c 'last;'
	cover fixes '[PATCH 0/3] fixes'
	cover one '[PATCH bpf-next 0/2] bpf: one'
	"$scripts/series-export" tree series > /dev/null
}

@test "series-mail: a topic is a thread with prefix, numbers and the cover letter's text" {
	series
	run -0 "$scripts/series-mail" tree series one mail/one
	[ "$(cat mail/one/*.patch | grep '^Subject: ')" = "Subject: [PATCH bpf-next 0/2] bpf: one
Subject: [PATCH bpf-next 1/2] kernel/bpf/map.c: grow
Subject: [PATCH bpf-next 2/2] net/dev.c: grow" ]
	grep -qx '  a number  1.0' mail/one/0000-cover-letter.patch
	grep -qE '^ net/dev.c +\| 1 \+$' mail/one/0000-cover-letter.patch
	run -1 grep -rnE '\*\*\*|^Topic:' mail
}

@test "series-mail: a thread says what it is for and what comes before it, once" {
	series
	"$scripts/series-mail" tree series one mail/one
	[ "$(cat mail/one/* | grep '^base-commit: ')" = "base-commit: $(git -C tree rev-parse base)" ]
	grep -q '^base-commit: ' mail/one/0000-cover-letter.patch
	[ "$(grep -c '^prerequisite-patch-id: ' mail/one/0000-cover-letter.patch)" = 3 ]
	"$scripts/series-mail" tree series one mail/one 0123456789abcdef
	grep -qx 'base-commit: 0123456789abcdef' mail/one/0000-cover-letter.patch
}

@test "series-mail: all mails of a thread go to all of its people" {
	local file

	series
	"$scripts/series-mail" tree series one mail/one
	for file in mail/one/*; do
		[ "$(sed -n '/^$/q; /^To: /p; /^Cc: /p' "$file")" = 'To: Bea <bea@localhost>
To: "Nora N." <nora@localhost>
Cc: list@localhost
Cc: Rea <rea@localhost>' ]
	done
}

@test "series-mail: no mail is without a text" {
	local file

	series
	"$scripts/series-mail" tree series one mail/one
	"$scripts/series-mail" tree series fixes mail/fixes
	[ "$(find mail -type f | wc -l)" = 6 ]
	for file in mail/*/*; do
		git mailinfo message patch < "$file" > info
		grep -q '^Subject: ' info
		grep -qE '^(Because of|Why it is)' message
	done
}

@test "series-mail: fixes go alone, each to its own tree" {
	series
	"$scripts/series-mail" tree series fixes mail/fixes
	[ "$(cat mail/fixes/*.patch | grep '^Subject: ')" = "Subject: [PATCH net] net/dev.c: grow
Subject: [PATCH bpf] kernel/bpf/map.c: grow
Subject: [PATCH uml] arch/um/smp.c: grow" ]
	[ "$(grep -c '^To: ' mail/fixes/0001-*)" = 1 ]
	grep -q '^To: "Nora' mail/fixes/0001-*
	grep -q '^To: Bea' mail/fixes/0002-*
	grep -q '^To: Uma' mail/fixes/0003-*
	[ "$(cat mail/fixes/* | grep -c "^base-commit: $(git -C tree rev-parse base)$")" = 3 ]
	git -C tree checkout -q base
	for file in mail/fixes/*; do
		git -C tree apply --check "$PWD/$file"
	done
}

@test "series-mail: the number of the map type is the next free one, and the mails apply" {
	series
	"$scripts/series-mail" tree series one mail/one
	"$scripts/series-mail" tree series fixes mail/fixes
	git -C tree checkout -q base
	git -C tree am -q "$PWD"/mail/fixes/* "$PWD"/mail/one/000[12]-*
	[ "$(cat tree/kernel/bpf/map.c)" = "$(printf 'base\nfix too;\n\tBPF_MAP_TYPE_CONTROL,')" ]
	[ "$(cat tree/net/dev.c)" = "$(printf 'base\nfix;\nlast;')" ]
}

@test "series-mail: mails of nobody, of another series, of no topic" {
	series
	run -1 "$scripts/series-mail" tree series two mail/two
	[ "$output" = "error: TOPIC: expected one of fixes one, got: 'two'" ]
	run -1 "$scripts/series-mail" tree series '' mail
	[ "$output" = "error: TOPIC: expected one of fixes one, got: ''" ]
	run -1 "$scripts/series-mail" nowhere series one mail/one
	[ "$output" = "error: no nowhere: make series-edit makes it" ]
	add one net/dev.c 'not written yet'
	run -1 "$scripts/series-mail" tree series one mail/one
	[[ $output = "error: tree is not what series has:"* ]]
	[ ! -e mail ]
}

@test "series-edit: the base is the same commit wherever it is made" {
	local n

	for n in 1 2; do
		cp -r base base$n
		touch base$n/.gitignore
		mkdir -p empty
		echo 7.3.4 > empty/BASE
		: > empty/series
		"$scripts/series-edit" base$n empty made$n
	done
	[ "$(git -C made1 rev-parse base)" = "$(git -C made2 rev-parse base)" ]
}
