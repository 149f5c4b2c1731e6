"""``kakuho inventory check``: for CI: does the inventory hold, and does it name all that the system has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from kakuho.cli.context import JsonOption, settings
from kakuho.cli.output import emit, text
from kakuho.inventory.check import Finding, check_inventory
from kakuho.inventory.sources import read_schema
from kakuho.language import in_language


def check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="点検するファイル。 / The inventory.")] = Path(
        "inventory.yaml"
    ),
    against: Annotated[
        str | None,
        typer.Option(
            "--against", metavar="URL|DUMP|FOLDER", help="照らし合わせるシステム。 / The system to compare with."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """目録の誤り、漏れた表と列、なくなった表と列を見つけます。 / Find faults, and what is missing or gone."""
    findings = check_inventory(file, read_schema(against) if against else None)
    data = {"file": str(file), "against": against is not None, "findings": [_shown(ctx, one) for one in findings]}
    emit(ctx, data, lambda console: _draw(ctx, console, file, findings))
    if findings:
        raise typer.Exit(1)


def _shown(ctx: typer.Context, one: Finding) -> dict[str, Any]:
    language = settings(ctx).language
    return {
        "kind": one.kind,
        "line": one.position.line,
        "column": one.position.column,
        "table": one.table,
        "field": one.column,
        "what": in_language(one.what, language),
        "what_to_do": in_language(one.remedy, language),
    }


def _draw(ctx: typer.Context, console: Console, file: Path, findings: list[Finding]) -> None:
    between = text(ctx, ja=" ", en="; ")
    for one in findings:
        shown = _shown(ctx, one)
        console.print(
            f"{file}:{one.position.line}:{one.position.column}: {shown['what']}{between}{shown['what_to_do']}",
            soft_wrap=True,
            markup=False,
        )
    if findings:
        console.print(text(ctx, ja=f"{len(findings)} 件", en=f"{len(findings)} findings"))
    else:
        console.print(text(ctx, ja="問題はありません。", en="nothing to mend"))
