# Each counter summed over all devices: of any control type whose values are numbers.
# usage: bpftool -j ctrl dump xdp_stats | jq -c -f examples/totals.jq
map(.value | to_entries[] | select(.value | type == "number")) | group_by(.key) |
	map({ key: .[0].key, value: (map(.value) | add) }) | from_entries
