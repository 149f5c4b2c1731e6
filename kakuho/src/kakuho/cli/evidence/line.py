"""``kakuho evidence line``: one line of a sealed file as it stands there, masked unless revealed with a reason."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from kakuho.cli.context import JsonOption, current_case
from kakuho.cli.output import emit
from kakuho.errors import UsageError
from kakuho.evidence.lines import find_line
from kakuho.evidence.masking import masked
from kakuho.language import Bilingual

REVEALED_ACT = "evidence.revealed"


def line(
    ctx: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="evidence show にある名前か SHA-256 の先頭。 / Name or SHA-256.")
    ],
    number: Annotated[int, typer.Argument(metavar="LINE", min=1, help="行の番号。 / The line's number.")],
    *,
    reveal: Annotated[
        str | None,
        typer.Option(
            "--reveal",
            metavar="REASON",
            help="伏せずに示す。理由は台帳に残る。 / Show it unmasked; the reason is kept.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """封印した証拠の一行を、個人の値と秘密を伏せて示します。 / Show one line of the evidence, masked."""
    case = current_case(ctx)
    if reveal is not None and not reveal.strip():
        raise UsageError(
            Bilingual(ja="伏せずに示すには理由が要ります。", en="a reason is needed to show a line unmasked"),
            where="--reveal",
            remedy=Bilingual(ja='--reveal "理由" のように書いてください。', en='write --reveal "the reason"'),
        )
    found = find_line(case, source, number)
    if reveal is not None:
        case.record(REVEALED_ACT, {"sha256": found.source.sha256, "line": number, "reason": reveal.strip()})
    shown = found.text if reveal is not None else masked(found.text)
    data = {"path": found.source.name, "line": number, "byte_offset": found.byte_offset, "text": shown}
    emit(ctx, {**data, "masked": reveal is None}, lambda console: _print(console, data))


def _print(console: Console, data: dict[str, object]) -> None:
    console.print(f"{data['path']}:{data['line']} (byte {data['byte_offset']:,})", markup=False)
    console.print(str(data["text"]), markup=False, soft_wrap=True)
