# The ten devices that run XDP on most packets.
# usage: bpftool -j ctrl xdp stats | jq -r -f examples/top-talkers.jq
sort_by(-(.stats.packets // 0))[:10][] | "\(.ifname) \(.stats.packets // 0) packets \(.stats.bytes // 0) bytes"
