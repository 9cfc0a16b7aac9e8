# Where redirected packets die: at which end, and why.
# usage: bpftool -j ctrl xdp show all | jq -r -f examples/redirect-problems.jq
def counter($name): .stats[$name] // 0;

# Of other devices, those that would take redirected packets if they had rings
def without_rings($all):
	.ifname as $self |
	[$all[] | select(.ifname != $self and .redirect_rings.num == 0 and (.features | index("ndo-xmit") | not)).ifname] |
	if length > 0 then ", takes no redirected packets (no redirect rings: \(join(" ")))" else "" end;

def rings: .redirect_rings.granted | if .num then " (\(.num) of \(.size))" else "" end;

# Redirects that are in no other counter here: these at least, for a broadcast is one, and sent by
# several. (Without redirect_other a fallback counts, which does not see all that is sent either.)
def elsewhere:
	map(select(.stats.redirect_other) |
		counter("redirect") - counter("redirect_errors") - counter("redirect_other") -
			counter("xmit_packets") - counter("xmit_drops")) |
	add // 0;

. as $all | (.[] |
(select(counter("redirect_errors") > 0) |
	"\(.ifname): \(counter("redirect_errors")) of \(counter("redirect")) redirected packets could not be handed over: their target is not there, is down\(without_rings($all)), or is a socket that is full"),
(select(counter("redirect_other") > 0) |
	"\(.ifname): \(counter("redirect_other")) of \(counter("redirect")) redirected packets were given to a CPU (cpumap) or a socket (AF_XDP): no counter says what became of them there"),
(select(counter("xmit_drops") > 0) |
	"\(.ifname): \(counter("xmit_drops")) of \(counter("xmit_drops") + counter("xmit_packets")) packets redirected to it were lost there: its rings\(rings) were full, packets too long, or a program of the devmap dropped them")),
(elsewhere | select(. > 0) |
	"\(.) redirected packets went to no device here: one of another network namespace took them")
