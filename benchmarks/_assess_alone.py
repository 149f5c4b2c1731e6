"""The assessment of a case whose lake and investigation are there: ``python -m benchmarks._assess_alone CASE``.

Prints the seconds of each step, and the totals, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path

import pyarrow as pa

from kakuho.case import Case
from kakuho.exposure.assess import assess
from kakuho.inventory import Inventory
from kakuho.people.link import link_persons


def main() -> None:
    case = Case.open(Path(sys.argv[1]))
    started = [("start", time.perf_counter())]
    found = assess(case, _link, lambda step: started.append((step, time.perf_counter())))
    started.append(("end", time.perf_counter()))
    seconds = {name: round(after - at, 2) for (name, at), (_, after) in pairwise(started)}
    print(json.dumps({"seconds": seconds, "totals": found.summary["totals"]}))


def _link(tables: dict[str, pa.Table], inventory: Inventory) -> tuple[pa.Table, pa.Table]:
    linkage = link_persons(tables, inventory)
    return linkage.persons, linkage.conflicts


if __name__ == "__main__":
    main()
