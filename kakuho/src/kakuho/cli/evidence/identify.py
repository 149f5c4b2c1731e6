"""``kakuho evidence identify``: what files are, without a case."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from kakuho.cli.evidence.options import EncodingOption, PatternOption, TimeZoneOption, declared_of
from kakuho.cli.evidence.problems import tell_left_out
from kakuho.cli.output import emit, progress, text
from kakuho.cli.settings import JsonOption, settings
from kakuho.evidence.looking import Looked, look_at
from kakuho.language import in_language


def identify(
    ctx: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="ファイルまたはフォルダー。 / Files or folders.")
    ],
    *,
    time_zone: TimeZoneOption = None,
    encoding: EncodingOption = None,
    log_format: PatternOption = None,
    as_json: JsonOption = False,
) -> None:
    """ファイルの形式を、種類・確からしさ・理由とともに示します（取り込みません）。 / Tell what files are and why."""
    declared = declared_of(time_zone, encoding, log_format)
    with progress(ctx, text(ctx, ja="判別中", en="looking")):
        looked, left_out = look_at(paths, None, declared)
    tell_left_out(ctx, left_out)
    data = [_data(one) for one in looked]

    def human(console: Console) -> None:
        table = Table()
        table.add_column(text(ctx, ja="ファイル", en="file"), overflow="fold", ratio=3)
        table.add_column(text(ctx, ja="形式", en="format"), overflow="fold", ratio=2)
        table.add_column(text(ctx, ja="確度", en="sure"), justify="right", no_wrap=True)
        table.add_column(text(ctx, ja="理由", en="why"), overflow="fold", ratio=3)
        for one in looked:
            table.add_row(*_row(ctx, one))
        console.print(table)
        for name, count in sorted(Counter(one.identification.format.name for one in looked).items()):
            console.print(f"{count:6,}  {name}")

    emit(ctx, data, human)


def _row(ctx: typer.Context, one: Looked) -> tuple[str, str, str, str]:
    language = settings(ctx).language
    known = one.identification
    packed = f"\n({' › '.join(one.layers)})" if one.layers else ""
    label = in_language(known.format.label, language)
    variant = f"\n{known.variant}" if known.variant and known.variant not in label else ""
    sure = f"{known.confidence:.0%}" if known.is_known else "-"
    return one.name + packed, f"{known.format.name}\n{label}{variant}", sure, in_language(known.why, language)


def _data(one: Looked) -> dict[str, Any]:
    known = one.identification
    return {
        "path": one.name,
        "layers": list(one.layers),
        "format": known.format.name,
        "variant": known.variant,
        "role": known.format.role,
        "confidence": round(known.confidence, 3),
        "why": {"ja": known.why.ja, "en": str(known.why)},
        "others": [{"format": name, "confidence": round(sure, 3)} for name, sure in known.others],
    }
