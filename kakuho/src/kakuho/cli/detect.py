"""``kakuho detect``: what in the evidence looks like an attack."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from kakuho.case import Case
from kakuho.cli.context import JsonOption, current_case, settings
from kakuho.cli.output import emit, progress, text
from kakuho.cli.times import local_time
from kakuho.detection import DETECTORS, Detector, detector
from kakuho.detection.stage import ensure_findings
from kakuho.engine.lake import connect
from kakuho.language import in_language

SHOWN = 12
"""Rows of one kind of finding that a person is shown; ``--json`` has all."""

SEVERITIES = {"high": ("高", "high"), "medium": ("中", "medium"), "low": ("低", "low")}
TYPES = {
    "address": ("アドレス", "address"),
    "account": ("アカウント", "account"),
    "session": ("セッション", "session"),
    "user_agent": ("ユーザーエージェント", "user agent"),
    "statement_shape": ("SQL文の形", "statement shape"),
}


def detect(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """証拠の中から攻撃らしい記録を探します。 / Look for signs of an attack in the evidence."""
    case = current_case(ctx)
    with case.lock(), progress(ctx, text(ctx, ja="検知中", en="detecting")) as advance:

        def tell(one: Detector) -> None:
            advance(DETECTORS.index(one), len(DETECTORS))

        ran = ensure_findings(case, tell)
        if ran:
            case.record("detection.run", {"detectors": [one.id for one in DETECTORS]})
    findings = findings_of(case)
    emit(ctx, {"findings": findings, "ran": ran}, lambda console: _draw(ctx, case, console, findings))


def findings_of(case: Case) -> list[dict[str, Any]]:
    """The case's findings, the gravest first."""
    backend = connect(case)
    try:
        rows = backend.con.sql("""
            SELECT * FROM findings
            ORDER BY list_position(['high', 'medium', 'low'], severity), rule, indicator_type, events DESC,
                indicator_value
        """)
        return [
            {**row, **{name: row[name].isoformat(timespec="microseconds") + "Z" for name in ("first", "last")}}
            for row in rows.to_arrow_table().to_pylist()
        ]
    finally:
        backend.disconnect()


def _draw(ctx: typer.Context, case: Case, console: Console, findings: list[dict[str, Any]]) -> None:
    language = settings(ctx).language
    if not findings:
        console.print(
            text(
                ctx,
                ja="攻撃らしい記録は見つかりませんでした。攻撃がなかったという意味ではありません。",
                en="no sign of an attack was found, which does not mean that there was none",
            )
        )
        return
    for (severity, rule, kind), group in groupby(
        findings, key=lambda one: (one["severity"], one["rule"], one["indicator_type"])
    ):
        rows = list(group)
        position = 0 if language == "ja" else 1
        title = in_language(detector(rule).title, language)
        console.print(f"[bold]{SEVERITIES[severity][position]}[/bold]  {title}  ({rule}: {len(rows)})")
        table = Table(box=None, padding=(0, 2, 0, 2))
        table.add_column(TYPES[kind][position], overflow="fold")
        table.add_column(text(ctx, ja="件数", en="events"), justify="right")
        table.add_column(text(ctx, ja="最初", en="first"))
        table.add_column(text(ctx, ja="最後", en="last"))
        zone = case.settings.time_zone
        for row in rows[:SHOWN]:
            table.add_row(
                row["indicator_value"],
                f"{row['events']:,}",
                local_time(row["first"], zone),
                local_time(row["last"], zone),
            )
        console.print(table)
        if len(rows) > SHOWN:
            more = len(rows) - SHOWN
            console.print(
                text(ctx, ja=f"    ほか {more} 件（--json ですべて）", en=f"    and {more} more (--json has all)")
            )
    console.print(
        text(
            ctx,
            ja="次に: kakuho investigate。検知は疑いであり、確定するのは人です。",
            en="next: kakuho investigate. A finding is a suspicion; a person confirms.",
        )
    )
