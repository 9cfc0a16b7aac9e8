# A table for spreadsheets; what is not counted stays empty.
# usage: bpftool -j ctrl dump xdp_stats | jq -r -f examples/csv.jq
(map(.value | keys_unsorted) | max_by(length)) as $members |
	(["key", "ifname"] + $members), (.[] | [.key, .ifname] + [.value[$members[]]]) | @csv
