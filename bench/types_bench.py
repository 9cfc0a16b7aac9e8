# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""The part of bench/run about many probe links, cgroups and packet sockets."""

NUMBERS = (1_000, 10_000)

# 10,000 relative to 1,000; and how much the BTF of these may take is in bench/run.
MAX_GROWTH = 12

ROWS = (("kprobe", "probe links"), ("cgroup", "cgroups"),
        ("socket_filter", "packet sockets"))

TEXT = """\
## Reading thousands of probe links, cgroups and packet sockets

CPU time of reading all of them, in milliseconds, as above: by batch lookup
(bench/types_read.c, from creating the map to closing it), and `bpftool -j ctrl dump`, from
its execve to its exit. Walks are linear: ten times as many take no more than {max_growth} times
as long. The links are to uprobes in a file that nobody has mapped.

{table}
"""


def section(times, table, verdict):
    """The section, from {WAY: {NUMBER: milliseconds}}; table and verdict are bench/run's."""
    few, many = NUMBERS
    rows = []
    for name, title in ROWS:
        for way, how in (("batch", "batch lookup"), ("bpftool", "bpftool")):
            ms = times[f"{name}-{way}"]
            growth = ms[many] / ms[few]
            rows.append([f"{title}, {how}", f"{ms[few]:.2f}", f"{ms[many]:.2f}",
                         f"{growth:.1f}", MAX_GROWTH,
                         verdict(f"growth of {title}, {how}", growth, MAX_GROWTH)])
    return TEXT.format(max_growth=MAX_GROWTH, table=table(
        ["", f"{few:,}", f"{many:,}", "growth", "at most", "target"], rows))
