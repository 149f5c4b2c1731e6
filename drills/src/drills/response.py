"""kakuho, run as a program on the evidence folder, stage by stage, as a responder would type it."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drills.handover import Handover
from drills.holes import Gap, read_gaps
from drills.processes import Processes, ProgramError, last_words

PROGRAM = Path(sys.executable).parent / "kakuho"
REASON = "ordinary visitors do not do this; the responder has looked at each finding's events"


@dataclass(frozen=True)
class Stage:
    """One command, and what it cost."""

    name: str
    seconds: float
    peak_mib: float


@dataclass(frozen=True)
class Answer:
    """What kakuho found, read from the files of its case folder."""

    case: Path
    stages: tuple[Stage, ...]
    facts: dict[str, Any]
    investigation: dict[str, Any]
    gaps: list[Gap]

    @property
    def window(self) -> dict[str, Any]:
        """The intrusion window as kakuho derived it."""
        return self.investigation.get("window") or {}

    @property
    def verdicts(self) -> Path:
        return self.case / "assessments" / "001" / "verdicts.parquet"


def respond(
    processes: Processes,
    handed: Handover,
    case: Path,
    name: str,
    known: Sequence[str],
    owners: Sequence[str],
    told: Callable[[str], None],
) -> Answer:
    """Open a case on what was handed over and carry it to the report.

    `known`: the intruder's indicators that the analyst brings; `owners`: those of accounts' owners, who were asked.
    """
    in_case = ["--case", str(case)]
    decide = ["--by", "drill responder", "--reason", REASON]
    confirm = ["--confirm-proposed", *decide, *(word for one in known for word in ("--confirm", one))]
    dismiss = [*(word for one in owners for word in ("--dismiss", one))]
    commands: list[tuple[str, list[str]]] = [
        ("case new", ["case", "new", str(case), "--name", name, "--inventory", str(handed.inventory)]),
        ("evidence add", [*in_case, "evidence", "add", *(str(file) for file in handed.files)]),
        ("detect", [*in_case, "detect"]),
        ("investigate", [*in_case, "investigate", *confirm, *dismiss, "--decisions", str(handed.responder)]),
        ("investigate again", [*in_case, "investigate", *decide]),
        ("assess", [*in_case, "assess"]),
        ("report", [*in_case, "report"]),
    ]
    stages = []
    for title, arguments in commands:
        if title == "investigate again":
            proposed = _looked_at(case)
            if not proposed:
                continue
            arguments.extend(proposed)
        told(title)
        finished = processes.run([str(PROGRAM), *arguments, "--json"], _environment())
        if finished.exit_code:
            raise ProgramError(
                f"kakuho {title} ended with {finished.exit_code}:\n{last_words(finished.errors + finished.output)}"
            )
        stages.append(Stage(title, finished.seconds, finished.peak_mib))
    return Answer(
        case,
        tuple(stages),
        json.loads((case / "assessments" / "001" / "facts.json").read_text(encoding="utf-8")),
        json.loads((case / "lake" / "investigation.json").read_text(encoding="utf-8")),
        read_gaps(case / "lake"),
    )


def _looked_at(case: Path) -> list[str]:
    """What the first look proposed and a second confirms: addresses new to several compromised accounts."""
    found = json.loads((case / "lake" / "investigation.json").read_text(encoding="utf-8"))
    return [
        word
        for one in found["indicators"]
        if one["state"] == "proposed" and one["basis"] == "on_several_compromised_accounts"
        for word in ("--confirm", f"{one['type']}={one['value']}")
    ]


def _environment() -> dict[str, str]:
    """kakuho runs on the real clock and hears nothing of the drill's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("FAKETIME", "LD_PRELOAD"))}
