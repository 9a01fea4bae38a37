#!/usr/bin/env python3
"""Writes the results of the last run, from criterion's files, as the table of README.md."""

import json
import os
import pathlib
import sys

UNITS = [(1e6, "ms"), (1e3, "µs"), (1, "ns")]
OWN = ("ours", "ours, owned", "ours, vectored")


def goal(group):
    """How many times as fast as the best peer we want to be."""
    return 2 if "3.1.1" in group or group == "topic/one" else 3


def results(home):
    """The median in nanoseconds, by group and by function."""
    rows = {}
    for path in pathlib.Path(home).rglob("new/benchmark.json"):
        benchmark = json.loads(path.read_text())
        estimates = json.loads(path.with_name("estimates.json").read_text())
        row = rows.setdefault(benchmark["group_id"], {})
        row[benchmark["function_id"]] = estimates["median"]["point_estimate"]
    return rows


def time(nanoseconds):
    if nanoseconds is None:
        return ""
    for size, unit in UNITS:
        if nanoseconds >= size:
            return f"{nanoseconds / size:.1f} {unit}"
    return "0"


def main():
    home = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("CRITERION_HOME", "target/criterion")
    print("| row | floor: UTF-8 | floor: copy | ours | owned | vectored | best peer | | ours is |")
    print("|---|--:|--:|--:|--:|--:|---|--:|---|")
    for group, row in sorted(results(home).items()):
        peers = {name: value for name, value in row.items() if name not in OWN and not name.startswith("floor")}
        name, best = min(peers.items(), key=lambda peer: peer[1]) if peers else ("", None)
        ours = row.get("ours")
        verdict = ""
        if best is not None and ours:
            ratio = best / ours
            verdict = f"{ratio:.1f}x as fast" if ratio >= 1 else f"**slower: the peer wins, {1 / ratio:.1f}x**"
            if 1 <= ratio < goal(group):
                verdict += f", short of {goal(group)}x"
        cells = [
            f"`{group}`",
            time(row.get("floor: framing and UTF-8")),
            time(row.get("floor: copy")),
            time(ours),
            time(row.get("ours, owned")),
            time(row.get("ours, vectored")),
            name,
            time(best),
            verdict,
        ]
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
