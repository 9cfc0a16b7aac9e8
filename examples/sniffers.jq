# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Who reads packets with a filter, on which device, how long that is, and how many packets
# were lost:
#	bpftool -j ctrl socket show | jq -rf examples/sniffers.jq
#	tcpdump(812)	eth0	4	0

.[] | select(.family == "packet" and .value.protocol > 0) |
	[ ([ .pids[] | "\(.comm)(\(.pid))" ] | join(",")),
	  (.value.ifindex_ifname // .value.ifname // (.value.ifindex | if . == 0 then "any" else . end)),
	  .value.len, .value.drops ] | @tsv
