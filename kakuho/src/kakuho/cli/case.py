"""``kakuho case``: make a case, show it, verify it, set its inventory, hand it over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from kakuho.case import Case
from kakuho.case.settings import PLACEHOLDER_EN, PLACEHOLDER_JA
from kakuho.case.verify import SEALED_ACT
from kakuho.cli.context import JsonOption, open_case, settings
from kakuho.cli.output import emit, text


def new(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="新しい事案のフォルダー。 / The new folder.")],
    *,
    name: Annotated[str | None, typer.Option(help="事案の名前。 / The case's name.")] = None,
    time_zone: Annotated[str, typer.Option(help="事案の時間帯。 / The case's time zone.")] = "Asia/Tokyo",
    inventory: Annotated[
        Path | None, typer.Option(metavar="FILE", help="個人データの目録（YAML）。 / The inventory.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """新しい事案を作ります。 / Make a new case."""
    case = Case.create(directory, name=name, time_zone=time_zone, inventory=inventory, by=settings(ctx).by)

    def human(console: Console) -> None:
        console.print(text(ctx, ja=f"事案を作りました: {case.directory}", en=f"case made: {case.directory}"))
        console.print(
            text(
                ctx,
                ja="次に: case.toml の【要記入】を埋め、kakuho evidence add で証拠を封印してください。",
                en="next: fill in case.toml, then seal evidence with kakuho evidence add",
            )
        )

    emit(ctx, {"case": str(case.directory), "name": case.name, "inventory": inventory is not None}, human)


def inventory(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="目録（YAML）。 / The inventory (YAML).")],
    as_json: JsonOption = False,
) -> None:
    """目録を事案に取り込み、ハッシュで封印します。 / Copy an inventory into the case and seal it."""
    case = open_case(ctx)
    with case.lock():
        case.set_inventory(file)
    sealed = case.journal.entries("inventory.sealed")[-1]
    emit(
        ctx,
        dict(sealed.details),
        lambda console: console.print(
            text(ctx, ja="目録を封印しました: ", en="inventory sealed: ") + str(sealed.details["sha256"])
        ),
    )


def show(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """事案の概要を表示します。 / Show what the case holds."""
    case = open_case(ctx)
    entries = case.journal.entries()
    sealed = [entry for entry in entries if entry.act == SEALED_ACT]
    unfilled = [
        f"{table}.{field}"
        for table in ("organisation", "contact")
        for field, value in getattr(case.settings, table).model_dump().items()
        if value in (PLACEHOLDER_JA, PLACEHOLDER_EN)
    ]
    data = {
        "case": str(case.directory),
        "name": case.name,
        "time_zone": case.settings.time_zone,
        "journal_entries": len(entries),
        "evidence_files": len(sealed),
        "inventory": case.inventory_path.exists(),
        "assessments": sorted(path.name for path in case.assessments.iterdir()),
        "publications": sorted(path.name for path in case.publications.iterdir()),
        "to_be_filled_in": unfilled,
    }
    labels = {
        "case": ("フォルダー", "folder"),
        "name": ("名前", "name"),
        "time_zone": ("時間帯", "time zone"),
        "journal_entries": ("台帳の記録", "journal entries"),
        "evidence_files": ("封印した証拠", "sealed evidence files"),
        "inventory": ("目録", "inventory"),
        "assessments": ("評価", "assessments"),
        "publications": ("公表物", "publications"),
        "to_be_filled_in": ("case.toml の未記入", "unfilled in case.toml"),
    }

    def human(console: Console) -> None:
        table = Table(show_header=False, box=None)
        for key, value in data.items():
            ja, en = labels[key]
            table.add_row(text(ctx, ja=ja, en=en), _shown(ctx, value))
        console.print(table)

    emit(ctx, data, human)


def _shown(ctx: typer.Context, value: object) -> str:
    if isinstance(value, bool):
        return text(ctx, ja="あり", en="yes") if value else text(ctx, ja="なし", en="no")
    if isinstance(value, list):
        return ", ".join(value) if value else "-"
    return str(value)
