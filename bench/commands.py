# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""What single commands take: time, and memory with few and with many devices."""

DEVICES = (100, 10_000)
# CPU time relative to "bpftool map show"
MAX_TIME = 1.2
# Peak memory with many devices relative to few; a page more or less is no growth.
MAX_PEAK = 1.02

TEXT = """\
## Single commands

CPU time as above, with two devices, in milliseconds. `bpftool map show` lists one map.

{time_table}

Greatest resident set in KB, of {few:,} and of {many:,} devices. Dumps print each device as
it is read, in batches of 64 KB. Only the table of `xdp stats`, whose columns are as wide as
their widest number, is kept until all devices were read: some hundred bytes for each.

{peak_table}

{targets}
"""

TIMED = (("map_show", "`bpftool map show`"),
         ("stats", "`bpftool ctrl xdp stats dev X`"),
         ("stats_json", "`bpftool -j ctrl xdp stats dev X`"),
         ("dump_key", "`bpftool -j ctrl dump xdp_stats key X`"))
PEAKS = (("dump", "`bpftool ctrl dump xdp_stats`"),
         ("dump_json", "`bpftool -j ctrl dump xdp_stats`"),
         ("stats_json", "`bpftool -j ctrl xdp stats all`"),
         ("stats", "`bpftool ctrl xdp stats all`"))


def section(bench):
    """Measure with what bench/run, a module, has, and return the text."""
    few, many = DEVICES
    _, lines = bench.run_vm("Single commands", "commands", ["-k", "x86_64", "-m", "1536"],
                            ["bench/commands", str(bench.ROUNDS), str(few), str(many)])
    times = {way: bench.median(way, [int(line[2]) / 1e6 for line in lines
                                     if line[:2] == ["time", way]], bench.COMMAND_SPREAD_MS)
             for way, _ in TIMED}
    peaks = {(line[1], int(line[2])): int(line[3]) for line in lines if line[0] == "peak"}

    targets = [(title + " to map show", times[way] / times["map_show"], MAX_TIME)
               for way, title in TIMED[1:2]]
    targets += [(f"memory of {title}, {many:,} devices to {few:,}",
                 peaks[way, many] / peaks[way, few], MAX_PEAK) for way, title in PEAKS[:3]]
    return TEXT.format(
        few=few, many=many,
        time_table=bench.table(["", "ms", "to map show"], [
            [title, f"{times[way]:.2f}", f"{times[way] / times['map_show']:.2f}"]
            for way, title in TIMED]),
        peak_table=bench.table(["", f"{few:,} devices", f"{many:,} devices"], [
            [title, peaks[way, few], peaks[way, many]] for way, title in PEAKS]),
        targets=bench.table(["", "measured", "at most", "target"], [
            [title, f"{value:.3f}", f"{limit:.3g}", bench.verdict(title, value, limit)]
            for title, value, limit in targets]))
