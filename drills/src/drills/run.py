"""One drill from beginning to end: live, hand the evidence to kakuho, compare its answer with the truth."""

import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import petinsurance
from drills.handover import Handover, hand_over
from drills.holes import Hole, holes
from drills.life import Lived, live
from drills.loopback import install_guard
from drills.processes import Processes, own_peak_mib
from drills.response import Answer, respond
from drills.scenarios.catalogue import SCENARIOS, Scenario
from drills.score import Score, compare, read_verdicts

INVENTORY = Path(petinsurance.__file__).parent / "inventory.yaml"
Told = Callable[[str, float], None]


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
    """What came of it. `owners`: the addresses that the owners of accounts, when asked, called their own."""

    lived: Lived
    handed: Handover
    answer: Answer
    score: Score
    owners: tuple[str, ...]

    @property
    def known(self) -> tuple[str, ...]:
        """The indicators that were handed over with this evidence."""
        return _shown(self.lived.known, self.handed.folder)

    @property
    def holes(self) -> list[Hole]:
        """What was deleted of the logs, and what kakuho found missing there."""
        return holes(self.lived.wiped, self.answer.gaps) if self.lived.wiped else []

    def as_dict(self) -> dict[str, Any]:
        """Everything, for a file: the score's keys stand at the top."""
        lived, handed, answer = self.lived, self.handed, self.answer
        return self.score.as_dict() | {
            "passed": self.score.passed,
            "scenario": lived.scenario,
            "scale": lived.scale,
            "seed": lived.seed,
            "left_out": list(handed.left_out),
            "handed_over": [file.name for file in (*handed.files, handed.inventory, handed.responder)],
            "true_window": {"first": lived.first, "last": lived.last},
            "derived_window": answer.window,
            "stages": [asdict(stage) for stage in answer.stages],
            "drill_peak_mib": own_peak_mib(),
            "visits": lived.visits,
            "answers": lived.answers,
            "known_to_responder": list(handed.known_paths),
            "known_indicators": list(self.known),
            "owners_asked": list(self.owners),
            "wiped": asdict(lived.wiped) if lived.wiped else None,
            "holes": [hole.as_dict() for hole in self.holes],
            "facts": {key: fact["value"] for key, fact in answer.facts["facts"].items()},
        }


def run(drill: Drill, told: Told) -> Outcome:
    """Run it; all that it started has ended when this returns or raises, and its folder is gone unless it is kept."""
    install_guard()
    with ExitStack() as stack:
        folder = _folder(drill.keep, stack)
        processes = stack.enter_context(Processes())
        lived = live(processes, folder, drill.scenario, drill.scale, drill.seed, drill.log_format, told)
        return _answer(processes, folder, lived, drill.left_out, told)


def again(folder: Path, left_out: tuple[str, ...], told: Told) -> Outcome:
    """Hand a kept drill's evidence, or another part of it, to kakuho once more."""
    with Processes() as processes:
        return _answer(processes, folder, Lived.read(folder), left_out, told)


def _answer(processes: Processes, folder: Path, lived: Lived, left_out: tuple[str, ...], told: Told) -> Outcome:
    """Each answer has a folder of its own in the drill's: the evidence handed over, and kakuho's case."""
    work = folder / f"answer-{len(list(folder.glob('answer-*'))) + 1}"
    scenario = SCENARIOS[lived.scenario]
    handed = hand_over(
        work / "evidence",
        folder / lived.logs,
        folder / lived.snapshot,
        INVENTORY,
        scenario.overlay,
        scenario.responder,
        left_out,
    )
    owners = _shown(lived.owners, handed.folder)
    answer = respond(
        processes,
        handed,
        work / "case",
        f"演習 {lived.scenario} {lived.seed}",
        _shown(lived.known, handed.folder),
        owners,
        lambda stage: told(f"証拠だけを kakuho に渡して調べる / kakuho on the evidence alone: {stage}", 1),
    )
    verdicts = read_verdicts(answer.verdicts)
    return Outcome(lived, handed, answer, compare(lived.truth, verdicts["confirmed"], verdicts["possible"]), owners)


def _shown(indicators: tuple[str, ...], handed: Path) -> tuple[str, ...]:
    """Those addresses that a log which was handed over shows: nobody would name, or ask about, another."""
    logs = [*handed.glob("access.log"), *handed.glob("postgresql*"), *handed.glob("ledger/*.jsonl")]
    held = "\n".join(log.read_text(encoding="utf-8", errors="replace") for log in logs)
    return tuple(
        one for one in indicators if re.search(rf"(?<![\d.]){re.escape(one.partition('=')[2])}(?![\d.])", held)
    )


def _folder(keep: Path | None, stack: ExitStack) -> Path:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        return keep.resolve()
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kakuho-drill-", ignore_cleanup_errors=True)))
