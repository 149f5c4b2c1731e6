"""The lake's evidence tables as the commands show them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from kakuho.case import Case
from kakuho.cli.output import text
from kakuho.engine.parts import read_rows, table_parts
from kakuho.evidence.sealed import SealedSource, sealed_sources
from kakuho.evidence.tables import CLOCKS

MOST_UNKNOWN = 20


def rows(case: Case, table: str) -> list[dict[str, Any]]:
    """All rows of a small table, times as text in UTC."""
    parts = [read_rows(path) for path in table_parts(case.lake, table)]
    found: list[dict[str, Any]] = pa.concat_tables(parts).to_pylist() if parts else []
    return [{key: _shown(value) for key, value in row.items()} for row in found]


def sources(case: Case) -> list[dict[str, Any]]:
    """One object a source: what it is, what it came to, what it covers, its clock."""
    gaps = rows(case, "gaps")
    known = {source.source_id: source for source in sealed_sources(case)}
    clocks = _clocks(case)
    return [
        _source(row, known[row["source_id"]], gaps, clocks.get(str(row["source_id"]), {}))
        for row in rows(case, "sources")
    ]


def _clocks(case: Case) -> dict[str, Any]:
    path = case.lake / CLOCKS
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _source(
    row: dict[str, Any], source: SealedSource, gaps: list[dict[str, Any]], measured: dict[str, Any]
) -> dict[str, Any]:
    clock = {
        "time_zone": source.declared.time_zone,
        "declared_offset_seconds": source.clock_offset_us / 1_000_000,
        **measured,
    }
    return {
        "path": row["name"],
        **{key: row[key] for key in ("source_id", "format", "variant", "role", "series", "sha256", "size")},
        "sealed": source.sealed,
        "layers": list(source.layers),
        "damage": source.damage,
        **{key: row[key] for key in ("lines", "events", "rejected", "ignored", "first", "last")},
        "problem": json.loads(row["problem"]) if row["problem"] else None,
        "gaps": [gap for gap in gaps if gap["source_id"] == row["source_id"]],
        "clock": clock,
    }


def local(ctx: typer.Context, case: Case, text_utc: str | None) -> str:
    """A time for people: in the case's time zone, to the second."""
    if text_utc is None:
        return "-"
    time = datetime.fromisoformat(text_utc).astimezone(ZoneInfo(case.settings.time_zone))
    return f"{time:%Y-%m-%d %H:%M:%S}"


def source_table(ctx: typer.Context, case: Case, listed: list[dict[str, Any]]) -> Table:
    """The sources, one a row; many in no known format are only counted."""
    unknown = [source for source in listed if source["format"] == "unknown"]
    if len(unknown) > MOST_UNKNOWN:
        listed = [source for source in listed if source["format"] != "unknown"]
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title_justify="left", caption_justify="left")
    table.caption = text(ctx, ja=f"時刻は {case.settings.time_zone}", en=f"times in {case.settings.time_zone}")
    if len(unknown) > MOST_UNKNOWN:
        ja, en = f"\nほかに形式不明 {len(unknown):,} 点", f"\nand {len(unknown):,} in no known format"
        table.caption += text(ctx, ja=ja, en=en)
    table.add_column(text(ctx, ja="ファイル", en="file"), overflow="fold")
    for ja, en in (("行", "lines"), ("事象", "events"), ("不明", "rejected"), ("対象外", "ignored")):
        table.add_column(text(ctx, ja=ja, en=en), justify="right", no_wrap=True)
    table.add_column(text(ctx, ja="期間・空白", en="period, gaps"), no_wrap=True)
    for source in listed:
        counts = (f"{source[key]:,}" for key in ("lines", "events", "rejected", "ignored"))
        period = [local(ctx, case, source["first"]), local(ctx, case, source["last"])]
        if source["first"] is None:
            period = ["-"]
        if source["gaps"]:
            period.append(text(ctx, ja=f"空白 {len(source['gaps'])}", en=f"gaps: {len(source['gaps'])}"))
        packed = f" ({' › '.join(source['layers'])})" if source["layers"] else ""
        name = f"{source['path']}{packed}\n{source['format']}\n{source['sha256'][:16]}"
        table.add_row(name, *counts, "\n".join(period))
    return table


def _shown(value: object) -> object:
    return value.isoformat(timespec="milliseconds") + "Z" if isinstance(value, datetime) else value
