"""``kakuho assess --what-would-help``: the missing pieces, ranked by how many persons each would settle."""

from __future__ import annotations

from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from kakuho.case import Case
from kakuho.cli.context import settings
from kakuho.cli.output import emit
from kakuho.cli.times import local_time
from kakuho.engine.lake import connect
from kakuho.evidence.roles import ROLES
from kakuho.exposure.assess import Assessment
from kakuho.exposure.investigated import read_investigation
from kakuho.exposure.missing import Known, Piece, has_possible, undecided_addresses, what_would_help
from kakuho.exposure.witnessed import as_witnessed, coverage_of
from kakuho.inventory import Inventory
from kakuho.language import Bilingual, in_language

_HOURS_SHOWN = 3
_OPEN = Bilingual(
    ja="これ以上決まるものはありません。可能性として残るのは、記録の欠けや未決の判断によるものではありません。",
    en="Nothing more would be settled: what stays possible does not hang on missing logs or decisions.",
)
_SETTLED = Bilingual(
    ja="可能性として残るものはありません。すべて、確認されたか、否定されています。",
    en="Nothing stays merely possible: everything is confirmed or ruled out.",
)


def show_what_would_help(ctx: typer.Context, case: Case, inventory: Inventory, found: Assessment) -> None:
    """Print what would settle most, of the assessment just made."""
    backend = connect(case)
    try:
        known = Known(
            as_witnessed(inventory, backend.table("datastore_activity")),
            read_investigation(case.lake / "investigation.json"),
            coverage_of(backend, inventory),
            undecided_addresses(backend.table("attacker_events"), backend.table("disclosure")),
        )
    finally:
        backend.disconnect()
    pieces = what_would_help(found.folder, known)
    language = settings(ctx).language
    data = {
        "assessment": found.number,
        "pieces": [{**_data(piece), "what": {"ja": _words(piece).ja, "en": str(_words(piece))}} for piece in pieces],
    }

    def draw(console: Console) -> None:
        ja = language == "ja"
        if not pieces:
            console.print(in_language(_OPEN if has_possible(found.folder) else _SETTLED, language))
            return
        title = (
            f"何があれば決まるか（評価 {found.number:03d}）"
            if ja
            else f"What would help (assessment {found.number:03d})"
        )
        table = Table(title=title, title_justify="left")
        table.add_column("決まる人数" if ja else "persons", justify="right")
        table.add_column("件数" if ja else "records", justify="right")
        table.add_column("項目数" if ja else "cells", justify="right")
        table.add_column("必要なもの" if ja else "what", overflow="fold")
        for piece in pieces:
            most = ("最大 " if ja else "up to ") if piece.at_most else ""
            words = in_language(_words(piece), language) + _hours(piece, case.settings.time_zone, ja=ja)
            table.add_row(f"{most}{piece.persons:,}", f"{piece.records:,}", f"{piece.cells:,}", words)
        console.print(table)
        console.print(
            "それぞれ単独で加えたときに判定が決まる数です。合計ではありません。"
            if ja
            else "Each by itself: the numbers do not add up."
        )

    emit(ctx, data, draw)


def _data(piece: Piece) -> dict[str, Any]:
    return {
        "kind": piece.kind,
        "name": piece.name,
        "hours": [[start.isoformat() + "Z", end.isoformat() + "Z"] for start, end in piece.hours],
        "persons": piece.persons,
        "records": piece.records,
        "cells": piece.cells,
        "at_most": piece.at_most,
    }


def _words(piece: Piece) -> Bilingual:
    if piece.kind == "indicator":
        return Bilingual(
            ja="侵入者を特定する指標（アドレス、アカウントなど）の確定: kakuho investigate --confirm …",
            en="an indicator that tells the intruder apart (an address, an account): kakuho investigate --confirm …",
        )
    if piece.kind == "log":
        role = ROLES[piece.name]
        return Bilingual(ja=f"途切れのない{role.ja}", en=f"a {role} without a gap")
    if piece.kind == "path":
        return Bilingual(
            ja=f"経路「{piece.name}」が閉じていたかどうかの判断（根拠とともに responder.toml へ）",
            en=f"a decision, with its basis, whether the path '{piece.name}' was closed (responder.toml)",
        )
    if piece.kind == "address":
        return Bilingual(
            ja=f"アドレス {piece.name} が本人のものか侵入者のものかの判断（本人への確認など）",
            en=f"a decision whose the address {piece.name} was, the owner's or the intruder's (ask the owner)",
        )
    return Bilingual(
        ja="侵入時点に近いデータ（WAL による復元、変更履歴の表）。変わった行の分だけ決まる",
        en="data nearer to the statements (point-in-time recovery, history tables): settles what changed since",
    )


def _hours(piece: Piece, zone: str, *, ja: bool) -> str:
    if not piece.hours:
        return ""
    shown = [f"{local_time(start, zone)} – {local_time(end, zone)}" for start, end in piece.hours[:_HOURS_SHOWN]]
    more = len(piece.hours) - len(shown)
    rest = "" if not more else (f"\nほか {more} 区間" if ja else f"\nand {more} more")
    return "\n" + "\n".join(shown) + rest
