"""``kakuho evidence manifest``: what a dump, an export or a mail holds, as counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from kakuho.cli.context import JsonOption, open_case, settings
from kakuho.cli.output import emit, progress, text
from kakuho.errors import UsageError
from kakuho.exposure.file_manifest import file_manifest
from kakuho.inventory import Label, load_inventory
from kakuho.language import Bilingual


def manifest(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="ダンプ、書き出し、書庫、メール。 / Dumps, exports, mails.")
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """ダンプや書き出しに誰の何が入っているかを数で示します（値は示しません）。 / Count what a file holds."""
    case = open_case(ctx)
    found = []
    for path in files:
        if not path.is_file():
            raise UsageError(
                Bilingual(ja="ファイルがありません。", en="there is no such file"),
                where=str(path),
                remedy=Bilingual(ja="ファイル名を確かめてください。", en="check its name"),
            )
        with progress(ctx, text(ctx, ja="読み取り中", en="reading")):
            found.append(file_manifest(case, path))

    labels = {item.id: item.label for item in load_inventory(case.inventory_path).items}

    def human(console: Console) -> None:
        for one in found:
            _draw(ctx, console, one, labels)

    emit(ctx, found, human)


def _draw(ctx: typer.Context, console: Console, one: dict[str, Any], labels: Mapping[str, Label]) -> None:
    ja = settings(ctx).language == "ja"

    def named(items: Collection[str]) -> str:
        words = [label.ja if ja else label.en for item, label in labels.items() if item in items]
        return ("、" if ja else ", ").join(words)

    console.print(f"[bold]{one['name']}[/bold]  {one['size']:,} bytes\nsha256 {one['sha256']}", soft_wrap=True)
    table = Table()
    heads = (("表・シート", "table or sheet"), ("行", "rows"), ("誰のか不明の行", "rows of nobody known"))
    for head in heads:
        table.add_column(text(ctx, ja=head[0], en=head[1]), justify="left" if head is heads[0] else "right")
    table.add_column(text(ctx, ja="項目", en="items"), overflow="fold")
    for part in one["parts"]:
        items = named(part["items"]) or "-"
        table.add_row(part["name"], f"{part['rows']:,}", f"{part['unresolved_rows']:,}", items)
    console.print(table)
    for subject in one["subjects"]:
        label = subject["label"]["ja" if ja else "en"]
        counts = f"{subject['records']:,}", f"{subject['exact']:,}"
        console.print(
            text(
                ctx,
                ja=f"{label}: {counts[0]} 件（うち値まで一致 {counts[1]} 件）",
                en=f"{label}: {counts[0]} records ({counts[1]} of them exact)",
            )
        )
    if one["anybody"]:
        items = named(one["anybody"])
        console.print(
            text(ctx, ja=f"誰のものか分からない項目: {items}", en=f"items of nobody known: {items}"), soft_wrap=True
        )
    for gap in one["unread"]:
        console.print(f"{gap['place']}: {gap['ja' if ja else 'en']}", soft_wrap=True)
    if not one["snapshot"]:
        console.print(
            text(
                ctx,
                ja="スナップショットがまだ読まれていないため、シートの行が誰のものか分かりません（assess の後に）。",
                en="no snapshot was read yet, so nothing tells whose rows of sheets are (again after assess)",
            ),
            soft_wrap=True,
        )
