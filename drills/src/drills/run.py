"""One drill from beginning to end: live, hand the evidence to kakuho, compare its answer with the truth."""

import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from drills.life import Lived, live
from drills.loopback import install_guard
from drills.processes import Processes, own_peak_mib
from drills.response import Answer, respond
from drills.scenarios.catalogue import Scenario
from drills.score import Score, compare, read_verdicts


@dataclass(frozen=True)
class Drill:
    """What was asked for."""

    scenario: Scenario
    scale: float
    seed: int
    left_out: tuple[str, ...]
    log_format: str
    keep: Path | None


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    drill: Drill
    lived: Lived
    answer: Answer
    score: Score

    def as_dict(self) -> dict[str, Any]:
        """Everything, for a file: the score's keys stand at the top."""
        drill, lived, answer = self.drill, self.lived, self.answer
        derived = answer.investigation.get("window") or {}
        return self.score.as_dict() | {
            "passed": self.score.passed,
            "scenario": drill.scenario.name,
            "scale": drill.scale,
            "seed": drill.seed,
            "left_out": list(drill.left_out),
            "handed_over": [
                file.name for file in (*lived.handed.files, lived.handed.inventory, lived.handed.responder)
            ],
            "true_window": {
                "first": lived.window[0].isoformat(),
                "last": lived.window[1].isoformat(),
            },
            "derived_window": derived,
            "stages": [asdict(stage) for stage in answer.stages],
            "drill_peak_mib": own_peak_mib(),
            "visits": lived.visits,
            "answers": lived.answers,
            "facts": {key: fact["value"] for key, fact in answer.facts["facts"].items()},
        }


def run(drill: Drill, told: Callable[[str, float], None]) -> Outcome:
    """Run it; all that it started has ended when this returns or raises, and its folder is gone unless it is kept."""
    install_guard()
    with ExitStack() as stack:
        folder = _folder(drill.keep, stack)
        processes = stack.enter_context(Processes())
        lived = live(processes, folder, drill.scenario, drill.scale, drill.seed, drill.left_out, drill.log_format, told)
        (folder / "truth.json").write_text(json.dumps(sorted(lived.truth)), encoding="utf-8")
        name = f"演習 {drill.scenario.name}"
        answer = respond(
            processes,
            lived.handed,
            folder / "case",
            name,
            lambda stage: told(f"証拠だけを kakuho に渡して調べる / kakuho on the evidence alone: {stage}", 1),
        )
        verdicts = read_verdicts(answer.verdicts)
        return Outcome(drill, lived, answer, compare(lived.truth, verdicts["confirmed"], verdicts["possible"]))


def _folder(keep: Path | None, stack: ExitStack) -> Path:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        return keep.resolve()
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kakuho-drill-", ignore_cleanup_errors=True)))
