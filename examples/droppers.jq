# Devices that drop more than so many packets a second, as it happens.
# usage: bpftool -j ctrl xdp stats watch interval 1 count 3 | jq -r --argjson pps 100 -f examples/droppers.jq
select(.rate.drop > $pps) | "\(.time | floor | todate) \(.ifname) drops \(.rate.drop | floor) packets/s"
