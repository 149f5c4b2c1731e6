"""``kakuho inventory draft``: the first version of an inventory, out of a live schema, a dump or a folder of files."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kakuho.cli.context import JsonOption, settings
from kakuho.cli.output import emit, text
from kakuho.errors import UsageError
from kakuho.inventory.draft import Draft, draft
from kakuho.inventory.draft_text import draft_text
from kakuho.inventory.json_schema import FILE_NAME, json_schema_text
from kakuho.inventory.sources import read_schema, without_password
from kakuho.language import Bilingual


def draft_command(
    ctx: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="URL|DUMP|FOLDER",
            help="postgresql://・mysql://・sqlite:/// の URL、"
            "SQLite・DuckDB・ダンプ・DDL のファイル、Parquet・CSV のフォルダー。"
            " / A database's URL, a file of one, a dump, DDL, or a folder of Parquet or CSV files.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="書き出すファイル（既定: 標準出力）。 / File to write."),
    ] = None,
    system: Annotated[
        str | None, typer.Option("--system", metavar="NAME", help="システムの名前。 / The system's name.")
    ] = None,
    time_zone: Annotated[
        str, typer.Option("--time-zone", metavar="ZONE", help="時刻帯（IANA）。 / Time zone, IANA's name.")
    ] = "Asia/Tokyo",
    as_json: JsonOption = False,
) -> None:
    """スキーマと標本から目録を下書きします（値は残しません）。 / Draft an inventory from schema and samples."""
    if output is not None and output.exists():
        raise UsageError(
            Bilingual(ja="そのファイルはもうあります。", en="that file exists already"),
            where=str(output),
            remedy=Bilingual(
                ja="別の名前を指定してください。手で直した台帳は上書きしません。",
                en="name another: an inventory that people corrected is never overwritten",
            ),
        )
    made = draft(read_schema(source), system or _system(source))
    shown = without_password(source)
    written = draft_text(
        made,
        source=shown,
        file=output.name if output else "inventory.yaml",
        time_zone=time_zone,
        language=settings(ctx).language,
    )
    if output is None and not settings(ctx).json:
        sys.stdout.write(written)
        return
    if output is not None:
        output.write_text(written, encoding="utf-8")
        (output.parent / FILE_NAME).write_text(json_schema_text(), encoding="utf-8")
    emit(ctx, _summary(made, output), lambda console: _draw(ctx, console, made, output))


def _system(source: str) -> str:
    """A name out of the address: of the database, or of the file."""
    last = without_password(source).rstrip("/").rpartition("/")[2].split(".")[0]
    return re.sub(r"[^\w-]", "_", last) or "system"


def _summary(made: Draft, output: Path | None) -> dict[str, object]:
    fields = [field for one in made.collections for field in one.fields]
    return {
        "file": str(output) if output else None,
        "collections": len(made.collections),
        "fields": len(fields),
        "personal_fields": sum(field.judgement.personal for field in fields),
        "review_collections": [one.table.name for one in made.collections if one.review],
        "review_fields": [
            f"{one.table.name}.{field.column.name}"
            for one in made.collections
            for field in one.fields
            if field.judgement.review
        ],
        "categories": list(made.categories),
        "items": list(made.items),
    }


def _draw(ctx: typer.Context, console: Console, made: Draft, output: Path | None) -> None:
    data = _summary(made, output)
    tables, fields = data["review_collections"], data["review_fields"]
    review = (len(tables) if isinstance(tables, list) else 0, len(fields) if isinstance(fields, list) else 0)
    console.print(
        text(
            ctx,
            ja=f"{output}: {data['collections']} 表 {data['fields']} 列、うち個人に関する列 {data['personal_fields']}。"
            f"確かめるもの（review: true）: {review[0]} 表 {review[1]} 列。",
            en=f"{output}: {data['collections']} tables, {data['fields']} columns, "
            f"{data['personal_fields']} of them personal. "
            f"To be looked at (review: true): {review[0]} tables, {review[1]} columns.",
        ),
        soft_wrap=True,
    )
    console.print(
        text(
            ctx,
            ja="次に: review: true の行を確かめ、kakuho inventory check で点検。",
            en="next: look at the lines with review: true, then kakuho inventory check.",
        ),
        soft_wrap=True,
    )
