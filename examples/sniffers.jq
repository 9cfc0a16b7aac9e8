# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Who reads packets, on which device, with how long a filter (0: all packets), and has
# lost how many:
#	bpftool -j ctrl socket show | jq -rf examples/sniffers.jq
#	tcpdump(812)	eth0	4	0

.[] | select(.value.protocol > 0) |
	[ ([ .pids[] | "\(.comm)(\(.pid))" ] | join(",")),
	  (.value.ifindex_ifname // .value.ifname // (.value.ifindex | if . == 0 then "any" else . end)),
	  .value.len, .value.drops ] | @tsv
