"""``kakuho evidence add``: seal files and parse them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kakuho.cli.context import JsonOption, open_case
from kakuho.cli.evidence.options import (
    ClockOffsetOption,
    EncodingOption,
    FormatOption,
    PatternOption,
    TimeZoneOption,
    declared_of,
    microseconds_of,
)
from kakuho.cli.evidence.problems import tell_left_out, tell_problems
from kakuho.cli.evidence.rows import source_table, sources
from kakuho.cli.output import emit, notice, progress, text
from kakuho.evidence import Spoken, add_evidence
from kakuho.language import Bilingual


def add(
    ctx: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="ファイルまたはフォルダー。 / Files or folders.")
    ],
    *,
    format_name: FormatOption = None,
    time_zone: TimeZoneOption = None,
    encoding: EncodingOption = None,
    log_format: PatternOption = None,
    clock_offset: ClockOffsetOption = None,
    as_json: JsonOption = False,
) -> None:
    """証拠を写し取り、SHA-256 で封印し、解析します。 / Copy evidence, seal it by SHA-256 and parse it."""
    case = open_case(ctx)
    spoken = Spoken(format_name, declared_of(time_zone, encoding, log_format), microseconds_of(clock_offset))
    with progress(ctx, text(ctx, ja="証拠を取り込み中", en="taking evidence in")) as advance:
        intake = add_evidence(case, paths, spoken, advance=advance)
    for name in intake.known:
        notice(
            ctx, Bilingual(ja=f"{name}: 既に封印済みです（内容が同じ）。", en=f"{name}: sealed already (same content)")
        )
    for name in intake.changed_meanwhile:
        notice(
            ctx,
            Bilingual(
                ja=f"{name}: 取り込み中に原本が変わりました。読めたところまでを封印し、台帳に記しました。",
                en=f"{name}: the original changed meanwhile; what was read is sealed, and the journal says so",
            ),
        )
    tell_left_out(ctx, intake.left_out)
    added = {source.sha256 for source in intake.added}
    listed = [source for source in sources(case) if source["sha256"] in added]
    tell_problems(ctx, listed)

    def human(console: Console) -> None:
        if listed:
            console.print(source_table(ctx, case, listed))
        console.print(text(ctx, ja=f"{len(listed)} 点を封印しました。", en=f"{len(listed)} sources sealed."))

    left_out = [{"path": name, "reason": reason} for name, reason in intake.left_out]
    changed = intake.changed_meanwhile
    data = {"added": listed, "already_sealed": intake.known, "left_out": left_out, "changed_meanwhile": changed}
    emit(ctx, data, human)
