"""``kakuho evidence rejects``: the lines that could not be read, with the reason."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from kakuho.cli.context import JsonOption, current_case, settings
from kakuho.cli.evidence.rows import rows
from kakuho.cli.output import emit, text
from kakuho.evidence.wording import reason_text
from kakuho.language import in_language


def rejects(
    ctx: typer.Context,
    *,
    most: Annotated[int, typer.Option("--most", help="表示する最大件数。 / How many to show at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """読めなかった行を、理由と元の位置とともに一覧します。 / List the lines that could not be read, with the reason."""
    case = current_case(ctx)
    names = {source["source_id"]: source["name"] for source in rows(case, "sources")}
    found = rows(case, "rejects")
    listed = [{"name": names[reject["source_id"]], **reject} for reject in found[:most]]

    def human(console: Console) -> None:
        table = Table(
            text(ctx, ja="ファイル", en="file"),
            text(ctx, ja="行", en="line"),
            text(ctx, ja="位置", en="byte"),
            text(ctx, ja="理由", en="reason"),
        )
        for reject in listed:
            reason = in_language(reason_text(reject["reason"]), settings(ctx).language)
            table.add_row(reject["name"], f"{reject['line']:,}", f"{reject['byte_offset']:,}", reason)
        console.print(table)
        console.print(
            text(
                ctx, ja=f"全 {len(found):,} 行のうち {len(listed):,} 行", en=f"{len(listed):,} of {len(found):,} lines"
            )
        )

    emit(ctx, {"rejected": len(found), "rejects": listed}, human)
