"""``kakuho assess``: the verdict on every cell, and what stands behind it in one screen."""

from __future__ import annotations

import json
from typing import Annotated, Any

import pyarrow as pa
import typer
from rich.console import Console
from rich.table import Table

from kakuho.cli.assess_difference import show_difference
from kakuho.cli.assess_missing import show_what_would_help
from kakuho.cli.context import JsonOption, current_case, settings
from kakuho.cli.output import emit, progress, text
from kakuho.cli.verdict_words import PROTECTED, SHORT
from kakuho.exposure.assess import Assessment, assess
from kakuho.inventory import Inventory, load_inventory
from kakuho.investigation.stage import ensure_investigation
from kakuho.language import Language
from kakuho.people.link import link_persons

_STEPS = ("investigation", "snapshot", "exposure", "persons", "facts")
_STEP_WORDS = {
    "investigation": ("調査結果を確かめています", "checking the investigation"),
    "snapshot": ("スナップショットを復元しています", "restoring the snapshot"),
    "exposure": ("経路と記録から判定しています", "judging every cell"),
    "persons": ("同一人物をまとめています", "linking records to persons"),
    "facts": ("集計しています", "counting"),
}
_LEVELS = ("confirmed", "possible", "total")


def command(
    ctx: typer.Context,
    what_would_help: Annotated[
        bool,
        typer.Option(
            "--what-would-help",
            help="何があれば（どの記録、どの時間帯、どの判断）何人の判定が決まるかを、多い順に示します。"
            " / Which missing log, hours or decision would settle how many persons.",
        ),
    ] = False,
    diff: Annotated[
        tuple[int, int] | None,
        typer.Option(
            "--diff",
            metavar="A B",
            help="二つの評価の違い: 誰の何が、なぜ動いたか。 / Who and what moved between two assessments, and why.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """誰のどの項目が、どれほど確かに漏れたかを判定します。 / Judge whose items got out, and how surely."""
    if diff is not None:
        show_difference(ctx, *diff)
        return
    case = current_case(ctx)
    language = settings(ctx).language
    with case.lock(), progress(ctx, text(ctx, ja="判定中", en="assessing")) as advance:

        def step(name: str) -> None:
            advance(_STEPS.index(name), len(_STEPS))

        inventory = load_inventory(case.inventory_path)
        ensure_investigation(case)
        found = assess(case, _link, step)
    if what_would_help:
        show_what_would_help(ctx, case, inventory, found)
        return
    emit(ctx, _data(found), lambda console: _draw(console, found, inventory, language))


def _link(tables: dict[str, pa.Table], inventory: Inventory) -> tuple[pa.Table, pa.Table]:
    linkage = link_persons(tables, inventory)
    return linkage.persons, linkage.conflicts


def _data(found: Assessment) -> dict[str, Any]:
    """``protected``: by ``category/item`` that is kept encrypted, how many cells left as ciphertext alone."""
    protected = {
        f"{fact['category']}/{fact['item']}": fact["value"]
        for fact in _facts(found).values()
        if fact["verdict"] == "protected"
    }
    return {**found.summary, "protected": protected, "folder": str(found.folder), "fresh": found.fresh}


def _draw(console: Console, found: Assessment, inventory: Inventory, language: Language) -> None:
    ja = language == "ja"
    facts = _facts(found)
    title = f"評価 {found.number:03d}" if ja else f"Assessment {found.number:03d}"
    if not found.fresh:
        title += "（前回から変更なし）" if ja else " (unchanged)"
    table = Table(title=title, title_justify="left")
    table.add_column("区分" if ja else "category", no_wrap=not ja)
    for level in _LEVELS:
        table.add_column(SHORT[level][0 if ja else 1], justify="right")
    for category in inventory.categories:
        prefix = f"A{found.number:03d}.{category.id}.records."
        table.add_row(
            category.label.ja if ja else category.label.en,
            *(f"{facts[prefix + level]['value']:,}" for level in _LEVELS),
        )
    console.print(table)
    prefix = f"A{found.number:03d}.total."
    records, persons = facts[prefix + "records.affected"]["value"], facts[prefix + "persons.affected"]["value"]
    bodies = facts[prefix + "organisations.affected"]["value"]
    console.print(
        f"漏えい（可能性を含む）: {records:,} 件（実人数 {persons:,} 人、事業者等 {bodies:,} 先）"
        if ja
        else f"Affected (confirmed or possible): {records:,} records, {persons:,} persons, {bodies:,} organisations"
    )
    _say_protected(console, facts, inventory, found.number, ja=ja)
    _warn(console, found, ja=ja)
    console.print(
        f"数値の根拠: kakuho explain A{found.number:03d}.total.records.affected"
        if ja
        else f"Where a number comes from: kakuho explain A{found.number:03d}.total.records.affected"
    )


def _say_protected(console: Console, facts: dict[str, Any], inventory: Inventory, number: int, *, ja: bool) -> None:
    """Of the items that are kept encrypted: how many left as ciphertext whose key was out of reach."""
    for category in inventory.categories:
        for item in inventory.items:
            prefix = f"A{number:03d}.{category.id}.item.{item.id}."
            protected, affected = facts.get(prefix + "protected"), facts[prefix + "affected"]["value"]
            if protected is None or not affected:
                continue
            count = protected["value"]
            japanese = f"※ {category.label.ja}の{item.label.ja} {affected:,} 件のうち{PROTECTED[0]}もの: {count:,} 件"
            english = f"* of {affected:,} '{item.label.en}' of '{category.label.en}', {PROTECTED[1]}: {count:,}"
            console.print(japanese if ja else english, markup=False)


def _warn(console: Console, found: Assessment, *, ja: bool) -> None:
    if not found.summary["delimited"]:
        console.print(
            "侵入者を特定する指標がなく、すべてを「可能性あり」としています。kakuho investigate で確定してください。"
            if ja
            else "No indicator is confirmed, so everything counts as possible: confirm some with kakuho investigate."
        )
    missing = found.summary["unclassified"]
    if missing:
        shown = ", ".join(missing[:8]) + (" …" if len(missing) > 8 else "")
        console.print(f"目録に分類のない表・列: {shown}" if ja else f"Not classified in the inventory: {shown}")
    gaps = [gap for gap in found.summary["gaps"] if gap["start"]]
    if gaps:
        console.print(
            f"記録の途切れ: {len(gaps)} か所（kakuho evidence show）" if ja else f"Gaps in the evidence: {len(gaps)}"
        )


def _facts(found: Assessment) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((found.folder / "facts.json").read_text(encoding="utf-8"))["facts"]
    return facts
