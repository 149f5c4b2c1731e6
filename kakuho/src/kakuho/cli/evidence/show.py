"""``kakuho evidence show``: what was sealed, how far it was understood, and what it covers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from kakuho.cli.context import JsonOption, current_case, settings
from kakuho.cli.evidence.problems import tell_problems
from kakuho.cli.evidence.rows import rows, source_table, sources
from kakuho.cli.output import emit, notice, text
from kakuho.evidence.coverage_picture import coverage_picture_html, coverage_picture_terminal
from kakuho.language import Bilingual

WORTH_TELLING_US = 2_000_000
"""An offset of a clock below two seconds is within what whole-second stamps can show."""


def show(
    ctx: typer.Context,
    *,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="範囲の図をHTMLで書く先。 / Write the picture here.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """封印した証拠と、その範囲・空白を図と表で示します。 / Show the sealed evidence, what it covers and its holes."""
    case = current_case(ctx)
    listed = sources(case)
    tell_problems(ctx, listed)
    picture = (rows(case, "sources"), rows(case, "coverage"), rows(case, "gaps"))
    language, zone = settings(ctx).language, case.settings.time_zone
    if html is not None:
        page = coverage_picture_html(*picture, language=language, time_zone=zone, title=case.name)
        html.write_text(page, encoding="utf-8")
        notice(ctx, Bilingual(ja=f"図を書きました: {html}", en=f"the picture was written: {html}"))

    def human(console: Console) -> None:
        console.print(source_table(ctx, case, listed))
        _tell_clocks(ctx, console, listed)
        width = max(console.width, 80)
        console.print(coverage_picture_terminal(*picture, language=language, time_zone=zone, width=width))

    emit(ctx, listed, human)


def _tell_clocks(ctx: typer.Context, console: Console, listed: list[dict[str, Any]]) -> None:
    """What is odd about a clock, measured or declared; nothing is corrected that nobody declared."""
    for source in listed:
        clock = source["clock"]
        if clock["declared_offset_seconds"]:
            ahead = f"{clock['declared_offset_seconds']:+g}"
            ja, en = f"時計の進み {ahead} 秒（申告。差し引き済み）", f"clock {ahead} s ahead (declared, taken off)"
            console.print(f"{source['path']}: " + text(ctx, ja=ja, en=en), soft_wrap=True)
        measured = clock.get("measured_offset_us")
        if measured is not None and abs(measured) >= WORTH_TELLING_US:
            ahead = f"{measured / 1_000_000:+.1f}"
            ja = f"他の記録より時計が {ahead} 秒進んでいるようです（補正なし。declare --clock-offset で申告）"
            en = f"its clock seems {ahead} s ahead of other records (not corrected; declare --clock-offset)"
            console.print(f"{source['path']}: " + text(ctx, ja=ja, en=en), soft_wrap=True)
