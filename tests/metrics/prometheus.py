#!/usr/bin/python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""Ask a Prometheus on this machine.

usage: prometheus.py value EXPR          the one value that it has now, or nothing
       prometheus.py counted SELECTOR    what was counted, and how often it began anew, of a
                                         counter, by its samples; rate() must say the same
"""
import json
import math
import sys
import urllib.parse
import urllib.request

URL = "http://127.0.0.1:9090/api/v1/query?"


def ask(expr, **more):
    query = urllib.parse.urlencode({"query": expr, **more})
    with urllib.request.urlopen(URL + query) as reply:
        return json.load(reply)["data"]["result"]


def value(expr):
    for result in ask(expr):
        print(result["value"][1])


def counted(selector):
    """rate() is the growth between the first and the last sample, by the time between them,
    where the range ends with them: what is beyond is made up."""
    result, = ask(f"{selector}[1h]")
    samples = [(t, float(v)) for t, v in result["values"]]
    growth = resets = 0
    for (_, before), (_, now) in zip(samples, samples[1:]):
        resets += now < before
        growth += now if now < before else now - before
    first, last = samples[0][0], samples[-1][0]
    span = last - first
    answer, = ask(f"rate({selector}[{math.ceil(span * 1000)}ms])", time=last)
    rate = float(answer["value"][1])
    if abs(rate * span - growth) > 0.01 * growth:
        sys.exit(f"rate() {rate} for {span} s, and {growth} were counted: {samples}")
    answer, = ask(f"resets({selector}[1h])", time=last)
    if float(answer["value"][1]) != resets:
        sys.exit(f"resets() {answer['value'][1]}, not {resets}: {samples}")
    print(f"{growth:.0f} {resets}")


{"value": value, "counted": counted}[sys.argv[1]](sys.argv[2])
