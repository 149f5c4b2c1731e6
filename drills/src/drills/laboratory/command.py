"""`kakuho-drill decode-lab`: attack, decode, score, and show the table technique × DBMS."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from drills import display
from drills.laboratory.cases import TECHNIQUES, Case, cases
from drills.laboratory.decoder import Outcome, decode
from drills.laboratory.engines import ENGINES, missing
from drills.laboratory.harm import harmed
from drills.laboratory.laboratory import Record, attack_all, recorded
from drills.laboratory.scoring import Score
from drills.processes import Processes, ProgramError


def decode_lab(
    dbms: Annotated[str, typer.Option(help="対象DBMS / one of: " + ", ".join(ENGINES))] = "",
    technique: Annotated[str, typer.Option(help="手口 / one of: " + ", ".join(TECHNIQUES))] = "",
    quick: Annotated[bool, typer.Option("--quick", help="少数の事例だけ / a few cases only")] = False,
    harmed_logs: Annotated[
        bool, typer.Option("--harmed", help="傷んだログで誤りを探す / wrong values in harmed logs")
    ] = False,
    keep: Annotated[Path | None, typer.Option(help="ログと真実を残す先 / keep logs and truths (empty or new)")] = None,
    again: Annotated[Path | None, typer.Option(help="--keep の記録を再採点 / score what --keep left once more")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="結果をJSONで書く先 / write the outcome here")
    ] = None,
) -> None:
    """本物の抽出ツールのログを kakuho に復号させ、真実と照らす / logs of real extractions, decoded and scored."""
    if dbms and dbms not in ENGINES:
        raise typer.BadParameter(f"--dbms {dbms}: {', '.join(ENGINES)} のどれか / must be one of these")
    if technique and technique not in TECHNIQUES:
        raise typer.BadParameter(f"--technique {technique}: {', '.join(TECHNIQUES)} のどれか / must be one of these")
    if keep is not None and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise typer.BadParameter(f"--keep {keep}: 空のフォルダか新しい名前を / must be an empty or a new folder")
    console, errors = display.console(), Console(stderr=True)
    chosen = [name for name in ENGINES if dbms in ("", name)]
    asked = {name: [case for case in cases(name) if _asked(case, technique, quick)] for name in chosen}
    outcomes: list[Outcome] = []
    try:
        with tempfile.TemporaryDirectory(prefix="decode-lab-") as scratch:
            for record, processes in _records(asked, again, keep or Path(scratch) / "whole", errors):
                for judged in harmed(record, Path(scratch) / "harmed") if harmed_logs else (record,):
                    outcomes.append(decode(processes, judged))
                    errors.print(_line(outcomes[-1]), markup=False, highlight=False, soft_wrap=True)
    except ProgramError as error:
        errors.print(f"実験は中止された / the laboratory failed: {error}", style="bold red", markup=False)
        raise typer.Exit(1) from error
    _show(console, outcomes)
    if json_file is not None:
        listed = [outcome.as_dict() for outcome in outcomes]
        json_file.write_text(json.dumps(listed, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    raise typer.Exit(0 if outcomes and all(outcome.passed for outcome in outcomes) else 1)


def _records(
    asked: dict[str, list[Case]], again: Path | None, folder: Path, errors: Console
) -> Iterator[tuple[Record, Processes]]:
    for dbms, listed in asked.items():
        with Processes() as processes:
            if again is not None:
                yield from ((record, processes) for record in recorded(listed, again))
            elif (lack := missing(dbms)) is not None:
                errors.print(f"{dbms}: 省かれた / left out: {lack}", style="bold", markup=False)
            elif listed:
                yield from ((record, processes) for record in attack_all(processes, dbms, listed, folder))


def _asked(case: Case, technique: str, quick: bool) -> bool:
    return technique in ("", case.technique) and (case.quick or not quick)


def _line(outcome: Outcome) -> str:
    score, mark = outcome.score, "ok  " if outcome.passed else "FAIL"
    counts = f"{score.right}/{score.true} right, {score.undecided} undecided, {score.wrong} wrong"
    remarks = "".join(f"\n       {remark}" for remark in score.remarks if not outcome.passed)
    return f"{mark} {outcome.case.name} {outcome.log} {outcome.harm}: {counts}{remarks}"


def _show(console: Console, outcomes: list[Outcome]) -> None:
    """A row a technique, a column a DBMS; every cell counts each value once for each log that it is in."""
    engines = [name for name in ENGINES if any(outcome.case.dbms == name for outcome in outcomes)]
    table = Table(title="復号 / decoded: 正 right / 真 true (未定 undecided, 誤 wrong)")
    table.add_column("手口 / technique")
    for name in engines:
        table.add_column(name, justify="right")
    for technique in TECHNIQUES:
        sums = [_sum(outcomes, technique, name) for name in engines]
        if any(total is not None for total in sums):
            table.add_row(technique, *("-" if total is None else _cell(total) for total in sums))
    console.print(table)


def _sum(outcomes: list[Outcome], technique: str, dbms: str) -> Score | None:
    total, found = Score(), False
    for outcome in outcomes:
        if (outcome.case.technique, outcome.case.dbms) == (technique, dbms):
            total.add(outcome.score)
            found = True
    return total if found else None


def _cell(total: Score) -> str:
    return f"{total.right}/{total.true} ({total.undecided}, {total.wrong})"
