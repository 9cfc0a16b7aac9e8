# Redirect rings on all veth devices that have no XDP program, so that packets can be
# redirected to them: one ring of 256 packets each.
# usage: bpftool -j ctrl dump xdp_attr | jq --argjson veths "$(ip -j link show type veth)" -f examples/rings-for-veth.jq | bpftool ctrl apply
map(select(.value.mode == "BPF_CTRL_XDP_MODE_NONE" and .value.rings_max.num > 0 and .value.rings.num == 0) |
	select(.ifname as $name | $veths | any(.ifname == $name)) |
	.value = { command: "BPF_CTRL_XDP_SETUP_REDIRECT", rings: { num: 1, size: 256 } })
