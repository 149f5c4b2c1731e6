"""How often coverage calls ordinary traffic a gap, and which holes it finds.

``python -m benchmarks.coverage_false_alarms`` tries generated weeks of several kinds of systems (``_traffic.py``);
with the path of an access log in the combined format (a drill's, say) it tries that log as well. ``--logs N``: how many
logs of each kind.

False alarms: a log in which nothing is missing, reported as missing something. A holiday or a weekend of an office
system is counted apart where the report says itself that nothing was to be expected (quiet). Found: half of the hole or
more is reported, by whatever reason; a hole's place is drawn evenly over day and night.
"""

from __future__ import annotations

import argparse
import re
from datetime import datetime
from pathlib import Path

import numpy as np
from benchmarks._traffic import SHAPES, Integers, Shape, lines_of, shop

from kakuho.evidence.coverage.activity import Activity, together
from kakuho.evidence.coverage.interval import Gap
from kakuho.evidence.coverage.judgement import rhythm_gaps
from kakuho.evidence.coverage.rhythm import HOUR_US, MINUTE_US

HOLES = {"10 min": MINUTE_US * 10, "1 h": HOUR_US, "6 h": 6 * HOUR_US, "1 day": 24 * HOUR_US}
LEVELS = (5, 40, 600, 6000)
STAMP = re.compile(r"\[([^\]]+)\]")


def activity(times: Integers) -> Activity:
    """Lines at these times (microseconds, in order) as one source."""
    minutes, starts = np.unique(times // MINUTE_US, return_index=True)
    ends = np.append(starts[1:], len(times))
    ones = np.ones(len(minutes), np.int64)
    columns = {"source_id": ones, "minute": minutes, "first": times[starts], "last": times[ends - 1]}
    return together({**columns, "counts": ends - starts}, {1: (int(times[0]), int(times[-1]))})


def reported(times: Integers) -> list[Gap]:
    """What coverage reports by rhythm alone."""
    return rhythm_gaps(activity(times))


def hours(gaps: list[Gap], reason: str) -> float:
    return sum(gap.end - gap.start for gap in gaps if gap.reason == reason) / HOUR_US


def false_alarms(name: str, logs: list[Integers]) -> None:
    """One row: how many logs have an alarm, and the hours of each kind a week."""
    weeks = sum((times[-1] - times[0]) / HOUR_US / 168 for times in logs)
    found = [reported(times) for times in logs]
    kinds = ("silence", "rate_drop", "quiet_stretch")
    alarmed = [sum(any(gap.reason == kind for gap in gaps) for gaps in found) for kind in kinds]
    spent = [sum(hours(gaps, kind) for gaps in found) / weeks for kind in kinds]
    cells = "".join(f"{count:>7}/{len(logs):<3}{time:>7.2f}" for count, time in zip(alarmed, spent, strict=True))
    print(f"{name:<34}{cells}", flush=True)


def found_share(times: Integers, length: int, trials: int, random: np.random.Generator, kept: float = 0.0) -> float:
    """The share of holes of this length that are found; ``kept``: the share of the lines that stays in the hole."""
    found = 0
    for _ in range(trials):
        start = int(random.integers(times[0] + 24 * HOUR_US, times[-1] - 24 * HOUR_US - length))
        end = start + length
        out = (times >= start) & (times < end) & (random.uniform(size=len(times)) >= kept)
        told = sum(max(0, min(gap.end, end) - max(gap.start, start)) for gap in reported(times[~out]))
        found += told * 2 >= length
    return found / trials


def power(name: str, times: Integers, trials: int) -> None:
    """One row: the share found of holes of each length, and of six hours of which a tenth of the lines is left."""
    random = np.random.default_rng(1)
    shares = [found_share(times, length, trials, random) for length in HOLES.values()]
    thinned = found_share(times, 6 * HOUR_US, trials, random, kept=0.1)
    print(f"{name:<34}" + "".join(f"{share:>9.0%}" for share in shares) + f"{thinned:>16.0%}", flush=True)


def read_log(path: Path) -> Integers:
    """The times of an access log's lines."""
    stamps = STAMP.findall(path.read_text(encoding="utf-8", errors="replace"))
    seconds = [datetime.strptime(stamp, "%d/%b/%Y:%H:%M:%S %z").timestamp() for stamp in stamps]
    return (np.sort(np.array(seconds)) * 1_000_000).astype(np.int64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", nargs="*", type=Path)
    parser.add_argument("--logs", type=int, default=10)
    chosen = parser.parse_args()
    given = {f"{path.name} ({number})": read_log(path) for number, path in enumerate(chosen.log, 1)}
    heads = "".join(f"{head:>18}" for head in ("silence  h/week", "rate drop  h/week", "quiet  h/week"))
    print(f"Ordinary traffic: logs with an alarm, hours a week\n{'':<34}{heads}")
    for shape in SHAPES:
        number = chosen.logs if shape.name != SHAPES[0].name else max(2, chosen.logs // 4)
        false_alarms(shape.name, [lines_of(shape, seed) for seed in range(number)])
    for name, times in given.items():
        false_alarms(name, [times])
    print(f"\nHoles found, by length\n{'':<34}" + "".join(f"{name:>9}" for name in HOLES) + f"{'6 h, 9 in 10':>16}")
    for level in LEVELS:
        shape = Shape(f"site, {level:,} lines/h, four weeks", 28, shop(level))
        power(shape.name, lines_of(shape, 1), chosen.logs * 4)
    office = next(shape for shape in SHAPES if shape.name == "office hours, 300 lines/h")
    power(office.name, lines_of(office, 1), chosen.logs * 4)
    for name, times in given.items():
        power(name, times, chosen.logs * 4)


if __name__ == "__main__":
    main()
