"""What is wrong with sources, told after a command's result: what, which file, what to do."""

from __future__ import annotations

from typing import Any

import typer

from kakuho.cli.output import notice
from kakuho.evidence.wording import reason_text
from kakuho.language import Bilingual


def tell_problems(ctx: typer.Context, listed: list[dict[str, Any]]) -> None:
    """Tell every source that could not be read, is in no known format, or was damaged."""
    for source in listed:
        if source["problem"] is not None:
            what, remedy = source["problem"]["what"], source["problem"]["remedy"]
            notice(
                ctx,
                Bilingual(
                    ja=f"{source['path']}: 封印しましたが、まだ読めません。{what['ja']} {remedy['ja']}",
                    en=f"{source['path']}: sealed, but not read yet: {what['en']}. {remedy['en']}",
                ),
            )
        elif source["format"] == "unknown":
            notice(
                ctx,
                Bilingual(
                    ja=f"{source['path']}: 封印しましたが、形式が分かりません。分かる場合は kakuho evidence declare で"
                    "指定してください。",
                    en=f"{source['path']}: sealed, but in no known format; if you know it, say so with "
                    "kakuho evidence declare",
                ),
            )
        if source["damage"] is not None:
            why = reason_text(source["damage"])
            notice(ctx, Bilingual(ja=f"{source['path']}: {why.ja}", en=f"{source['path']}: {why}"))


def tell_left_out(ctx: typer.Context, left_out: list[tuple[str, str]]) -> None:
    """Tell what was left out, and why."""
    for name, reason in left_out:
        why = reason_text(reason)
        notice(
            ctx,
            Bilingual(ja=f"{name}: 取り込みませんでした（{why.ja}）。", en=f"{name}: left out ({why})"),
        )
