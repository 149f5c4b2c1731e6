"""``kakuho evidence declare``: say of a sealed source what it does not tell itself; the journal keeps it."""

from __future__ import annotations

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
from kakuho.cli.evidence.problems import tell_problems
from kakuho.cli.evidence.rows import source_table, sources
from kakuho.cli.output import emit, progress, text
from kakuho.evidence.declaring import declare_sources


def declare(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE…", help="evidence show にある名前か SHA-256 の先頭（* 可）。 / Names (with *) or SHA-256."
        ),
    ],
    *,
    format_name: FormatOption = None,
    time_zone: TimeZoneOption = None,
    encoding: EncodingOption = None,
    log_format: PatternOption = None,
    clock_offset: ClockOffsetOption = None,
    as_json: JsonOption = False,
) -> None:
    """証拠の時間帯・文字コード・書式・時計のずれを申告し、読み直します。 / Declare what a source does not tell."""
    case = open_case(ctx)
    declared = declared_of(time_zone, encoding, log_format)
    offset = None if clock_offset is None else microseconds_of(clock_offset)
    with progress(ctx, text(ctx, ja="読み直し中", en="reading again")) as advance:
        changed = declare_sources(case, names, format_name, declared, offset, advance)
    listed = [source for source in sources(case) if source["sha256"] in changed]
    tell_problems(ctx, listed)

    def human(console: Console) -> None:
        console.print(source_table(ctx, case, listed))

    emit(ctx, listed, human)
