# How much of what came in each program did not let through, in percent.
# usage: bpftool -j ctrl xdp stats | jq -r -f examples/lost.jq
.[] | select(.stats.packets > 0) |
	"\(.ifname) \((.stats.drop + .stats.aborted + .stats.invalid) * 100 / .stats.packets | floor)%"
