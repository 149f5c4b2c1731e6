"""``kakuho evidence``: seal files, show what was sealed and how far it was understood, show what was not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pyarrow.parquet as pq
import typer
from rich.console import Console
from rich.table import Table

from kakuho.case import Case
from kakuho.cli.context import JsonOption, current_case, settings
from kakuho.cli.output import emit, notice, progress, text
from kakuho.evidence import add_evidence, bring_up_to_date, is_up_to_date
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
    case = current_case(ctx)
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
            console.print(_source_table(ctx, sources))
        summary = text(ctx, ja=f"{len(sources)} 点を封印しました。", en=f"{len(sources)} files sealed.")
        console.print(summary)

    emit(ctx, data, human)


@_commands.command("show")
def show(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """封印した証拠と、その範囲を一覧します。 / List the sealed evidence and what it covers."""
    case = ready_case(ctx)
    sources = _sources(case)
    coverage = _rows(case, "coverage")

    def human(console: Console) -> None:
        console.print(_source_table(ctx, sources))
        for gap in (gap for source in sources for gap in source["gaps"]):
            reason = in_language(reason_text(gap["reason"]), settings(ctx).language)
            console.print(text(ctx, ja="空白", en="gap") + f" {gap['role']}: {gap['start']} – {gap['end']}: {reason}")

    emit(ctx, {"sources": sources, "coverage": coverage}, human)


@_commands.command("rejects")
def rejects(
    ctx: typer.Context,
    *,
    most: Annotated[int, typer.Option("--most", help="表示する最大件数。 / How many to show at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """読めなかった行を、理由と元の位置とともに一覧します。 / List the lines that could not be read, with the reason."""
    case = ready_case(ctx)
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


def ready_case(ctx: typer.Context) -> Case:
    """The current case with its evidence tables up to date: made again from the sealed files where they are missing."""
    case = current_case(ctx)
    if not is_up_to_date(case):
        with case.lock(), progress(ctx, text(ctx, ja="証拠を解析中", en="parsing the evidence")) as advance:
            done = 0

            def step(size: int) -> None:
                nonlocal done
                done += size
                advance(done, None)

            bring_up_to_date(case, step)
    return case


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
    return value.isoformat(timespec="seconds") + "Z" if hasattr(value, "isoformat") else value


def _source_table(ctx: typer.Context, sources: list[dict[str, Any]]) -> Table:
    headings = (
        ("ファイル", "file", "left"),
        ("形式", "format", "left"),
        ("SHA-256", "SHA-256", "left"),
        ("行", "lines", "right"),
        ("事象", "events", "right"),
        ("不明", "rejected", "right"),
        ("対象外", "ignored", "right"),
        ("最初（UTC）", "first (UTC)", "left"),
        ("最後（UTC）", "last (UTC)", "left"),
        ("空白", "gaps", "right"),
    )
    table = Table()
    for ja, en, justify in headings:
        table.add_column(text(ctx, ja=ja, en=en), justify="right" if justify == "right" else "left")
    for source in sources:
        counts = (f"{source[key]:,}" for key in ("lines", "events", "rejected", "ignored"))
        times = (source[key] or "-" for key in ("first", "last"))
        short = source["sha256"][:12]
        table.add_row(source["name"], source["format"], short, *counts, *times, str(len(source["gaps"])))
    return table
