"""`kakuho injection decode` as a program on one record, and its score there."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from drills.laboratory.cases import Case
from drills.laboratory.laboratory import Record
from drills.laboratory.scoring import Score, score, values_of
from drills.processes import Processes, ProgramError, last_words

PROGRAM = Path(sys.executable).parent / "kakuho"


@dataclass(frozen=True)
class Outcome:
    case: Case
    log: str
    harm: str
    score: Score
    seconds: float

    @property
    def passed(self) -> bool:
        """No wrong value; and nothing undecided, where the log can decide it."""
        may_stay_open = self.harm or self.case.keep_lines < 100 or self.log in self.case.undecidable_logs
        return self.score.wrong == 0 and (bool(may_stay_open) or self.score.undecided == 0)

    def as_dict(self) -> dict[str, object]:
        counts = {name: getattr(self.score, name) for name in ("true", "right", "undecided", "wrong", "remarks")}
        return {
            "dbms": self.case.dbms,
            "technique": self.case.technique,
            "variant": self.case.variant,
            "log": self.log,
            "harm": self.harm,
            "passed": self.passed,
            "seconds": self.seconds,
            **counts,
        }


def decode(processes: Processes, record: Record) -> Outcome:
    """Nothing but the log is handed over; a decoder that ends with an error fails the laboratory."""
    finished = processes.run([str(PROGRAM), "injection", "decode", str(record.path), "--json"], os.environ)
    if finished.exit_code:
        raise ProgramError(f"kakuho injection decode failed on {record.path}:\n{last_words(finished.errors)}")
    values = values_of(json.loads(finished.output))
    judged = score(values, record.cells, hidden=record.case.hidden)
    return Outcome(record.case, record.log, record.harm, judged, finished.seconds)
