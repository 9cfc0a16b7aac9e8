# Control types that can be changed, and how to get the schema of what they take.
# usage: bpftool -j ctrl list | jq -r -f examples/settable.jq
.[] | select(.ops | index("update")) | "\(.type): bpftool ctrl schema \(.type) format json"
