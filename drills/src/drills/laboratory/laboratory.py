"""The attacks on one DBMS, one after the other, each leaving its stretch of every access log and the truth.

A record is `<folder>/<case>/<log>/access.log` with `truth.json` beside it, and can be scored again later.
"""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from drills.laboratory import truth
from drills.laboratory.cases import Case
from drills.laboratory.engines import ENGINES
from drills.laboratory.fronts import Front, open_shop
from drills.laboratory.truth import Cell
from drills.laboratory.visitors import Visitors
from drills.processes import Processes

_QUIET_SECONDS = 0.3


@dataclass(frozen=True)
class Record:
    """One access log of one case, and what the attacker brought home during it; `harm`: what befell the log since."""

    case: Case
    log: str
    path: Path
    cells: list[Cell]
    harm: str = ""


def attack_all(processes: Processes, dbms: str, cases: list[Case], folder: Path) -> Iterator[Record]:
    """Start the DBMS and the shop, carry out the cases in order and keep their records in `folder`."""
    work = Path(tempfile.mkdtemp(prefix="decode-lab-"))
    processes.at_end(lambda: shutil.rmtree(work))
    work.chmod(0o755)  # the database server may run as another user
    front = open_shop(processes, ENGINES[dbms](processes, work), work / "front")
    for case in cases:
        yield from _attack(processes, front, case, work / case.name, folder / case.name)


def recorded(cases: list[Case], folder: Path) -> Iterator[Record]:
    """The records that an earlier run kept in `folder`."""
    for case in cases:
        for path in sorted((folder / case.name).glob("*/access.log")):
            yield Record(case, path.parent.name, path, truth.read(path.with_name("truth.json")))


def _attack(processes: Processes, front: Front, case: Case, work: Path, kept: Path) -> Iterator[Record]:
    work.mkdir()
    begins = {name: _size(path) for name, path in front.logs.items()}
    with Visitors(front.site):
        cells = case.attack(processes, front.site, work)
    time.sleep(_QUIET_SECONDS)  # a log line is written after the answer
    for name, path in front.logs.items():
        with path.open("rb") as log:
            log.seek(begins[name])
            lines = log.read().splitlines(keepends=True)
        folder = kept / name
        folder.mkdir(parents=True)
        (folder / "access.log").write_bytes(b"".join(_kept(lines, case.keep_lines)))
        truth.write(cells, folder / "truth.json")
        yield Record(case, name, folder / "access.log", cells)


def _kept(lines: list[bytes], percent: int) -> list[bytes]:
    chance = random.Random(7)  # noqa: S311
    return [line for line in lines if chance.randrange(100) < percent]


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
