# Counters in the text format of Prometheus, for the textfile collector of its node exporter.
# usage: bpftool -j ctrl xdp stats all | jq -r -f examples/prometheus.jq
def escaped: gsub("\\\\"; "\\\\") | gsub("\""; "\\\"") | gsub("\n"; "\\n");
[.[] | .ifname as $dev | .stats | to_entries[] | { dev: $dev, key, value }] | group_by(.key)[] |
	"# TYPE xdp_\(.[0].key)_total counter",
	(.[] | "xdp_\(.key)_total{device=\"\(.dev | escaped)\"} \(.value)")
