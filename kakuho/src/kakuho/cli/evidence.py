"""``kakuho evidence``: seal files, show what was sealed and how far it was understood, show what was not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import typer
from rich.console import Console
from rich.table import Table

from kakuho.case import Case
from kakuho.cli.context import JsonOption, current_case, open_case, settings
from kakuho.cli.output import emit, notice, progress, text
from kakuho.evidence import add_evidence
from kakuho.evidence.wording import reason_text
from kakuho.language import Bilingual, in_language

_commands = typer.Typer(help="証拠を封印する・見る。 / Seal evidence and show it.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(_commands, name="evidence")


@_commands.command("add")
def add(
    ctx: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="ファイルまたはフォルダー。 / Files or folders.")
    ],
    *,
    format_name: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="形式（既定: 内容から判別）。 / The format.")
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE", help="ログの時刻の時間帯（判別できないとき）。 / The log's zone, such as Asia/Tokyo."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """証拠を写し取り、SHA-256 で封印し、解析します。 / Copy evidence, seal it by SHA-256 and parse it."""
    case = open_case(ctx)
    with progress(ctx, text(ctx, ja="証拠を取り込み中", en="taking evidence in")) as advance:
        intake = add_evidence(case, paths, format_name=format_name, time_zone=time_zone, advance=advance)
    for name in intake.known:
        notice(
            ctx, Bilingual(ja=f"{name}: 既に封印済みです（内容が同じ）。", en=f"{name}: sealed already (same content)")
        )
    for name in intake.left_out:
        notice(
            ctx,
            Bilingual(
                ja=f"{name}: 証拠ではないため取り込みませんでした（目録は kakuho case inventory で取り込みます）。",
                en=f"{name}: no evidence, left out (an inventory goes in with kakuho case inventory)",
            ),
        )
    added = {source.sha256 for source in intake.added}
    sources = [source for source in _sources(case) if source["sha256"] in added]
    data = {"added": sources, "already_sealed": intake.known, "left_out": intake.left_out}

    def human(console: Console) -> None:
        if sources:
            console.print(_source_table(ctx, case, sources))
        summary = text(ctx, ja=f"{len(sources)} 点を封印しました。", en=f"{len(sources)} files sealed.")
        console.print(summary)

    emit(ctx, data, human)


@_commands.command("show")
def show(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """封印した証拠と、その範囲を一覧します。 / List the sealed evidence and what it covers."""
    case = current_case(ctx)
    sources = _sources(case)
    coverage = _rows(case, "coverage")

    def human(console: Console) -> None:
        console.print(_source_table(ctx, case, sources))
        for gap in (gap for source in sources for gap in source["gaps"]):
            reason = in_language(reason_text(gap["reason"]), settings(ctx).language)
            period = f"{_local(ctx, case, gap['start'])} – {_local(ctx, case, gap['end'])}"
            console.print(text(ctx, ja="空白", en="gap") + f" {gap['role']}: {period}: {reason}", soft_wrap=True)

    emit(ctx, {"sources": sources, "coverage": coverage}, human)


@_commands.command("rejects")
def rejects(
    ctx: typer.Context,
    *,
    most: Annotated[int, typer.Option("--most", help="表示する最大件数。 / How many to show at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """読めなかった行を、理由と元の位置とともに一覧します。 / List the lines that could not be read, with the reason."""
    case = current_case(ctx)
    names = {source["source_id"]: source["name"] for source in _sources(case)}
    found = _rows(case, "rejects")
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


def _rows(case: Case, table: str) -> list[dict[str, Any]]:
    path = case.lake / f"{table}.parquet"
    if not path.exists():
        return []
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return [{key: _shown(value) for key, value in row.items()} for row in rows]


def _sources(case: Case) -> list[dict[str, Any]]:
    gaps = _rows(case, "gaps")
    return [
        {**source, "gaps": [gap for gap in gaps if gap["source_id"] == source["source_id"]]}
        for source in _rows(case, "sources")
    ]


def _shown(value: object) -> object:
    return value.isoformat(timespec="milliseconds") + "Z" if isinstance(value, datetime) else value


def _local(ctx: typer.Context, case: Case, text_utc: str | None) -> str:
    """A time for people: in the case's time zone, to the second."""
    if text_utc is None:
        return "-"
    time = datetime.fromisoformat(text_utc).astimezone(ZoneInfo(case.settings.time_zone))
    return f"{time:%Y-%m-%d %H:%M:%S}"


def _source_table(ctx: typer.Context, case: Case, sources: list[dict[str, Any]]) -> Table:
    table = Table(title_justify="left", caption_justify="left")
    table.caption = text(ctx, ja=f"時刻は {case.settings.time_zone}", en=f"times in {case.settings.time_zone}")
    table.add_column(text(ctx, ja="ファイル", en="file"), overflow="fold")
    for ja, en in (("行", "lines"), ("事象", "events"), ("不明", "rejected"), ("対象外", "ignored")):
        table.add_column(text(ctx, ja=ja, en=en), justify="right", no_wrap=True)
    table.add_column(text(ctx, ja="期間・空白", en="period, gaps"), no_wrap=True)
    for source in sources:
        counts = (f"{source[key]:,}" for key in ("lines", "events", "rejected", "ignored"))
        gaps = text(ctx, ja=f"空白 {len(source['gaps'])}", en=f"gaps: {len(source['gaps'])}")
        period = [_local(ctx, case, source["first"]), _local(ctx, case, source["last"])]
        if source["gaps"]:
            period.append(gaps)
        name = f"{source['name']}\n{source['format']}\n{source['sha256'][:16]}"
        table.add_row(name, *counts, "\n".join(period))
    return table
