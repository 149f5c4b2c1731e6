"""One case after the other against one DBMS: the attack, its stretch of every log, and the decoder's score on each."""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from drills.laboratory import truth
from drills.laboratory.cases import Case
from drills.laboratory.engines import ENGINES
from drills.laboratory.fronts import Front, open_shop
from drills.laboratory.scoring import Score, score, values_of
from drills.laboratory.truth import Cell
from drills.laboratory.visitors import Visitors
from drills.processes import Processes, ProgramError, last_words

KAKUHO = Path(sys.executable).parent / "kakuho"
_QUIET_SECONDS = 0.3


@dataclass(frozen=True)
class Attacked:
    """A case that was carried out: the truth, and the stretch of each log that it left, in `folder`/<log>/access.log."""

    case: Case
    cells: list[Cell]
    logs: dict[str, Path]


@dataclass(frozen=True)
class Outcome:
    """The decoder's score on one log of one case."""

    case: Case
    log: str
    score: Score
    seconds: float

    @property
    def passed(self) -> bool:
        """No wrong value; and nothing undecided, where the log can decide it."""
        may_stay_open = self.case.keep_lines < 100 or self.log in self.case.undecidable_logs
        return self.score.wrong == 0 and (may_stay_open or self.score.undecided == 0)

    def as_dict(self) -> dict[str, object]:
        counts = {name: getattr(self.score, name) for name in ("true", "right", "undecided", "wrong", "remarks")}
        return {"case": self.case.name, "log": self.log, "passed": self.passed, "seconds": self.seconds, **counts}


def attack_all(processes: Processes, dbms: str, cases: list[Case], folder: Path) -> Iterator[Attacked]:
    """Start the DBMS and the shop in `folder` and carry out the cases; `folder` must let other users pass."""
    database = ENGINES[dbms](processes, folder)
    front = open_shop(processes, database, folder / "front")
    for case in cases:
        yield _attack(processes, front, case, folder / "cases" / case.name)


def decode(attacked: Attacked, processes: Processes) -> list[Outcome]:
    """The decoder on every log of the case."""
    outcomes = []
    for log, path in attacked.logs.items():
        finished = processes.run([str(KAKUHO), "injection", "decode", str(path), "--json"], {"PATH": "/usr/bin:/bin"})
        if finished.exit_code:
            raise ProgramError(f"kakuho injection decode failed on {path}:\n{last_words(finished.errors)}")
        values = values_of(json.loads(finished.output))
        judged = score(values, attacked.cells, hidden=attacked.case.hidden)
        outcomes.append(Outcome(attacked.case, log, judged, finished.seconds))
    return outcomes


def _attack(processes: Processes, front: Front, case: Case, folder: Path) -> Attacked:
    folder.mkdir(parents=True)
    begins = {name: _size(path) for name, path in front.logs.items()}
    with Visitors(front.site):
        cells = case.attack(processes, front.site, folder)
    time.sleep(_QUIET_SECONDS)  # a log line is written after the answer
    logs = {}
    for name, path in front.logs.items():
        with path.open("rb") as log:
            log.seek(begins[name])
            lines = log.read().splitlines(keepends=True)
        (folder / name).mkdir()
        logs[name] = folder / name / "access.log"
        logs[name].write_bytes(b"".join(_kept(lines, case.keep_lines)))
        truth.write(cells, folder / name / "truth.json")
    return Attacked(case, cells, logs)


def _kept(lines: list[bytes], percent: int) -> list[bytes]:
    chance = random.Random(7)  # noqa: S311
    return [line for line in lines if chance.randrange(100) < percent]


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


Told = Callable[[str], None]
