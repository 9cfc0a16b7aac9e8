# Where redirected packets die, at which end.
# usage: bpftool -j ctrl xdp stats | jq -r -f examples/redirect-problems.jq
.[] | (select(.stats.redirect_errors > 0) | "\(.ifname): \(.stats.redirect_errors) could not be queued to their target"),
	(select(.stats.xmit_drops > 0) | "\(.ifname): \(.stats.xmit_drops) sent to it were lost on the way out")
