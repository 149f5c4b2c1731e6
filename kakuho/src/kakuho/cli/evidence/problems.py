"""What is wrong with sources, told beside a command's result: what, which files, what to do; like ones together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import typer

from kakuho.cli.output import notice
from kakuho.evidence.wording import reason_text
from kakuho.language import Bilingual

_NAMED = 3
"""How many files of one kind are named; the others are counted."""
_NOT_KNOWN = Bilingual(
    ja="封印しましたが、形式が分かりません（分かるものは kakuho evidence declare NAME --format で指定）",
    en="sealed, but in no known format (if you know it: kakuho evidence declare NAME --format)",
)


def tell_problems(ctx: typer.Context, listed: list[dict[str, Any]]) -> None:
    """Tell every source that could not be read, is in no known format, or was damaged."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for source in listed:
        for what in _problems(source):
            kinds.setdefault((what.ja, str(what)), []).append(source["path"])
    _tell(ctx, kinds)


def tell_left_out(ctx: typer.Context, left_out: Iterable[tuple[str, str]]) -> None:
    """Tell what was left out, and why."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for name, reason in left_out:
        why = reason_text(reason)
        kinds.setdefault((f"取り込みませんでした（{why.ja}）", f"left out ({why})"), []).append(name)
    _tell(ctx, kinds)


def _problems(source: dict[str, Any]) -> Iterable[Bilingual]:
    if source["problem"] is not None:
        what, remedy = source["problem"]["what"], source["problem"]["remedy"]
        yield Bilingual(
            ja=f"封印しましたが、まだ読めません。{what['ja']}{remedy['ja']}"
            "（封印済みのものには kakuho evidence declare NAME で）",
            en=f"sealed, but not read yet: {what['en']}; {remedy['en']} (kakuho evidence declare NAME for sealed ones)",
        )
    elif source["format"] == "unknown":
        yield _NOT_KNOWN
    if source["damage"] is not None:
        yield reason_text(source["damage"])


def _tell(ctx: typer.Context, kinds: dict[tuple[str, str], list[str]]) -> None:
    for (ja, en), names in kinds.items():
        named, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
        others_ja, others_en = (f" ほか {more:,} 点", f" and {more:,} more") if more > 0 else ("", "")
        notice(ctx, Bilingual(ja=f"{named}{others_ja}: {ja}", en=f"{named}{others_en}: {en}"))
