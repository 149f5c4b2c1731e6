"""``kakuho report``: the documents of one assessment, or one person's letter."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console

from kakuho.case import Case
from kakuho.case.files import sha256_of
from kakuho.cli.context import JsonOption, current_case, settings
from kakuho.cli.output import emit, notice, progress, text
from kakuho.custody.derived import PUBLISHED_ACT
from kakuho.errors import UsageError
from kakuho.inventory import load_inventory
from kakuho.language import Bilingual
from kakuho.notification import read_letter
from kakuho.reporting import Published, first_manifest, publish_letter, publish_round
from kakuho.reporting.assessment import assessment_directory
from kakuho.reporting.declarations import FILE, TEMPLATE
from kakuho.reporting.publish import MANIFEST


def report(
    ctx: typer.Context,
    assessment: Annotated[
        int | None,
        typer.Option("--assessment", metavar="NNN", help="評価の番号（既定: 最新）。 / Number (default: the last)."),
    ] = None,
    round_: Annotated[
        int | None,
        typer.Option(
            "--round",
            metavar="1|2",
            help="第1報か第2報（既定: まだない第1報と、第2報）。 / Which report (default: 1 if not there yet, and 2).",
        ),
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            "--person", metavar="SUBJECT", help="この方への通知書だけを作ります。 / Only the letter to this person."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """公表文、FAQ、当局への報告事項、通知書を作ります。 / Make the notices, FAQ, regulator's list, letters."""
    if round_ not in (None, 1, 2):
        raise UsageError(Bilingual(ja="--round は 1 か 2 です。", en="--round is 1 or 2"), where=f"--round {round_}")
    if round_ is not None and person is not None:
        what = Bilingual(ja="--round と --person は同時に使えません。", en="--round and --person exclude each other")
        raise UsageError(what, where="--round, --person")
    case = current_case(ctx)
    with case.lock(), progress(ctx, text(ctx, ja="文書の作成", en="documents")) as advance:
        folder = assessment_directory(case.assessments, assessment)
        case.check_inventory()
        _offer_declarations(ctx, case)
        if person is not None:
            inventory = load_inventory(case.inventory_path)
            letter = read_letter(folder, case.lake / "snapshot", inventory, person)
            published = [publish_letter(case, folder, letter, advance)]
        else:
            wanted = [round_] if round_ else [2] if first_manifest(case) else [1, 2]
            published = [publish_round(case, folder, number, advance) for number in wanted]
        for done in published:
            _record(case, done)
    emit(ctx, _as_json(case, published), lambda console: _show(ctx, console, published))


def _offer_declarations(ctx: typer.Context, case: Case) -> None:
    """Leave a ``publication.toml`` to fill in where there is none."""
    path = case.directory / FILE
    if not path.exists():
        path.write_text(TEMPLATE, encoding="utf-8")
        notice(ctx, Bilingual(ja=f"記入用の {FILE} を置きました。", en=f"{FILE} was put in the case to fill in"))


def _record(case: Case, done: Published) -> None:
    """The journal names every file that was published, once; after a crash the entry is made up for."""
    details = {
        "directory": str(done.directory.relative_to(case.directory)),
        "assessment": done.manifest["assessment"],
        "files": done.manifest["files"],
        "manifest": sha256_of(done.directory / MANIFEST),
    }
    written = case.journal.entries(PUBLISHED_ACT)
    before = [entry.details for entry in written if entry.details["directory"] == details["directory"]]
    if before[-1:] != [details]:
        case.record(PUBLISHED_ACT, details)


def _as_json(case: Case, published: list[Published]) -> dict[str, Any]:
    return {
        "publications": [
            {"directory": str(done.directory.relative_to(case.directory)), "changed": done.changed, **done.manifest}
            for done in published
        ]
    }


def _show(ctx: typer.Context, console: Console, published: list[Published]) -> None:
    for done in published:
        state = (
            text(ctx, ja="書き込みました", en="written") if done.changed else text(ctx, ja="変更なし", en="unchanged")
        )
        console.print(f"{done.directory}  ({state})", markup=False, soft_wrap=True)
        for name in done.manifest["files"]:
            console.print(f"  {name}", markup=False)
    blank = sorted({label for d in published for label in d.manifest["to_be_filled_in"][settings(ctx).language]})
    if blank:
        console.print(
            text(ctx, ja=f"要記入（case.toml、{FILE}）:", en=f"To be filled in (case.toml, {FILE}):"), markup=False
        )
        for label in blank:
            console.print(f"  - {label}", markup=False)
