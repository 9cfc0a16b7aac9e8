# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""What a packet costs that is redirected into a veth device without a program."""

PACKETS = 300_000
# How far apart the rounds may be, in instructions.
SPREAD = 1

TEXT = """\
## Redirecting into a veth device

An XDP program redirects live frames of 64 bytes to a veth device, whose peer has no program of
its own, and hands them to the stack, which has no use for them. What makes the peer take them is
an XDP program that does nothing but XDP_PASS, GRO, or redirect rings. Instructions for each
packet, all of the way, as above, of {packets:,} packets; that each one came out was checked.

{table}
"""

WAYS = (("program", "XDP_PASS program on the peer"),
        ("gro", "GRO on the peer"),
        ("rings", "redirect rings"))


def section(bench):
    """Measure with what bench/run, a module, has, and return the text."""
    _, lines = bench.run_vm("Redirects into veth", "redirect", ["-k", "x86_64"],
                            ["bench/redirect", str(bench.ROUNDS), str(PACKETS)])
    cost = {way: bench.median(f"redirect with {way}",
                              [float(line[2]) for line in lines if line[:2] == ["redirect", way]],
                              SPREAD)
            for way, _ in WAYS}
    rows = []
    for way, title in WAYS:
        limit = cost["program"] if way == "rings" else None
        rows.append([title, f"{cost[way]:.1f}", f"{cost[way] - cost['program']:+.1f}",
                     f"{limit:.1f}" if limit else "",
                     bench.verdict(title, cost[way], limit) if limit else ""])
    return TEXT.format(packets=PACKETS, table=bench.table(
        ["XDP_REDIRECT", "instructions", "more", "at most", "target"], rows))
