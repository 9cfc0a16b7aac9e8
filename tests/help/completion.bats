#!/usr/bin/env bats
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# kernels: um
#
# Completion in bash, of what this kernel has.

# shellcheck disable=SC2154,SC2015 # set by try; "|| show" is meant for either
load ../lib/command
load ../lib/completion

setup_file()
{
	ip link add tab0 type dummy
	bpftool ctrl xdp set stats on
}

@test "test_completion_of_other_objects_goes_on_working" {
	tab_has "prog map ctrl batch help" ""
	tab_has "show dump lookup update" map ""
	tab "help" prog he
	tab_has "--json --pretty" --
	tab_has "--json --pretty" ctrl --
	tab "id pinned name" map show ""
	tab_has "$(bpftool -j map list | jq -r '.[0].id')" map show id ""
	tab_has "tab0 lo" net attach xdp id 1 dev ""
}

@test "test_completion_of_types_of_this_kernel" {
	local types command

	types=$(bpftool -j ctrl list | jq -r '.[].type' | xargs)
	for command in list pin; do
		tab "$types" ctrl "$command" ""
	done
	for command in dump watch schema set; do
		tab "$types pinned id" ctrl "$command" ""
	done
	tab "key" ctrl dump pinned /sys/fs/bpf/file ""
	tab "registry" ctrl dump reg
	tab "c json" ctrl schema xdp_stats format ""
	tab "json" ctrl schema xdp_stats format j
	tab "format" ctrl schema xdp_stats ""
}

@test "test_completion_of_devices_and_keys" {
	tab "tab0" ctrl xdp stats dev ta
	# nor what is no device beside them
	ip link add tabbond type bond
	[ -e /sys/class/net/bonding_masters ]
	tab "" ctrl xdp stats dev bonding_m
	ip link del tabbond
	tab "dev all watch" ctrl xdp stats ""
	tab "interval count" ctrl xdp stats dev lo watch ""
	tab "count" ctrl xdp stats dev lo watch interval 2 ""
	tab "" ctrl xdp stats dev lo watch interval ""
	tab "key" ctrl dump xdp_stats ""
	tab_has "tab0 lo" ctrl dump xdp_stats key ""
	tab_has "$(bpftool -j ctrl list | jq -r 'map(.ctrl_type | tostring) | join(" ")')" \
		ctrl dump registry key ""
	tab "interval count key" ctrl watch xdp_stats ""
	tab "interval count" ctrl watch xdp_stats key lo ""
}

@test "test_completion_of_sockets_and_programs" {
	local sockets cookie prog

	ip link set lo up
	filtersockets udp 3>&- > "$BATS_TEST_TMPDIR/sockets" &
	sockets=$!
	wait_for grep -q '^open$' "$BATS_TEST_TMPDIR/sockets"
	read -r cookie prog < <(bpftool -j ctrl socket show |
		jq -r ".[] | select(.pids[0].pid == $sockets) | \"\(.key) \(.value.prog_id)\"")
	tab_has "show list set help" ctrl socket ""
	tab "cookie" ctrl socket show ""
	tab_has "$cookie" ctrl socket show cookie ""
	tab "lock detach" ctrl socket set cookie "$cookie" ""
	tab "id path prog" ctrl cgroup show ""
	tab_has "$prog" ctrl cgroup show prog ""
	kill "$sockets"
}

# They are shown, and quoted, and nothing is run or expanded.
# shellcheck disable=SC2016 # that is it
@test "test_completion_of_devices_with_any_name" {
	ip link add '$(>ran)' type dummy
	ip link add '*' type dummy
	cd "$BATS_TEST_TMPDIR"
	complete_words ctrl xdp stats dev ""
	ip link del '$(>ran)'
	ip link del '*'
	[ ! -e ran ]
	grep -qxF '\$\(\>ran\)' <<< "$out" || show
	grep -qxF '\*' <<< "$out" || show
	! grep -qx 'out\|err' <<< "$out" || show
}

# What members there are is asked of the kernel, what can be set of the tool.
@test "test_completion_of_members_and_values" {
	local type settable

	# shellcheck disable=SC2016 # for the other shell
	ask()
	{
		works bash -c 'source "$1"; shift; "$@"' bash \
			"$BATS_TEST_DIRNAME/../../bash-completion/bpftool-ctrl" "$@"
	}

	ask _bpftool_ctrl_members xdp_stats lo
	[ "$(xargs <<< "$out")" = "$(bpftool -j ctrl dump xdp_stats key lo | jq -r '.[0].value | keys_unsorted[]' | xargs)" ] || show
	ask _bpftool_ctrl_values registry scope
	[[ $out == *BPF_CTRL_SCOPE_NETNS*NETNS* ]] || show
	ask _bpftool_ctrl_values registry key_size
	[ -z "$out" ] || show

	# as help has it, with a command that sets
	settable=$(bpftool -j ctrl list | jq -er '.[] | select(.ops | index("update")) | .type')
	for type in $settable; do
		tab "key" ctrl set "$type" ""
	done
	if bpftool -j ctrl list | jq -e 'any(.type == "xdp_attr")' > /dev/null; then
		tab_has "command rings.num rings.size" ctrl set xdp_attr key tab0 ""
		tab_has "SETUP_REDIRECT" ctrl set xdp_attr key tab0 command ""
		tab_has "rings.num" ctrl set xdp_attr key tab0 command SETUP_REDIRECT ""
	fi
}
