"""``kakuho assess --diff A B``: who and what moved between two assessments, and why."""

from __future__ import annotations

from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from kakuho.cli.context import open_case, settings
from kakuho.cli.output import emit
from kakuho.cli.verdict_words import PROTECTED, SHORT
from kakuho.exposure.compare import compare
from kakuho.inventory import Inventory, load_inventory

SUBJECTS_SHOWN = 20


def show_difference(ctx: typer.Context, before: int, after: int) -> None:
    """Print what moved."""
    case = open_case(ctx)
    data = compare(case, before, after)
    inventory = load_inventory(case.inventory_path)
    ja = settings(ctx).language == "ja"
    emit(ctx, data, lambda console: _draw(console, data, inventory, ja=ja))


def _draw(console: Console, data: dict[str, Any], inventory: Inventory, *, ja: bool) -> None:
    title = (
        f"評価 {data['before']:03d} → {data['after']:03d}"
        if ja
        else f"Assessment {data['before']:03d} → {data['after']:03d}"
    )
    if not data["moves"]:
        console.print(title + ("：判定の変わった項目はありません。" if ja else ": no verdict changed."))
    else:
        table = Table(title=title, title_justify="left")
        for name in ("区分", "前", "後") if ja else ("category", "before", "after"):
            table.add_column(name)
        for name in ("項目数", "件数", "人数") if ja else ("cells", "records", "persons"):
            table.add_column(name, justify="right")
        for row in data["moves"]:
            label = inventory.category(row["category"]).label
            table.add_row(
                label.ja if ja else label.en, _verdict(row["before"], ja=ja), _verdict(row["after"], ja=ja),
                f"{row['cells']:,}", f"{row['records']:,}", f"{row['persons']:,}",
            )  # fmt: skip
        console.print(table)
        _draw_reasons(console, data["reasons"], ja=ja)
        _draw_subjects(console, data["subjects"], inventory, ja=ja)
    for row in data["beside"]:
        console.print(_beside(row, inventory, ja=ja), markup=False, soft_wrap=True)
    _draw_causes(console, data["causes"], ja=ja)


def _beside(row: dict[str, Any], inventory: Inventory, *, ja: bool) -> str:
    """What changed beside a verdict that stayed."""
    where = inventory.category(row["category"]).label, inventory.item(row["item"]).label
    words = []
    if row["protected_before"] != row["protected_after"]:
        now = PROTECTED if row["protected_after"] else ("守られていたとは言えなくなった", "no longer protected")
        words.append(now[0 if ja else 1])
    if row["level_before"] != row["level_after"]:
        now = ("計算された値だけ", "computed only") if row["level_after"] == "derived" else ("値そのもの", "the value")
        words.append(now[0 if ja else 1])
    if ja:
        return f"判定は同じまま: {where[0].ja}の{where[1].ja} {row['cells']:,} 項目 → {'、'.join(words)}"
    return f"Same verdict: '{where[1].en}' of '{where[0].en}', {row['cells']:,} cells → {', '.join(words)}"


def _draw_reasons(console: Console, reasons: list[dict[str, Any]], *, ja: bool) -> None:
    console.print("理由の変化:" if ja else "Why:")
    for row in reasons:
        old, new = (row[side]["ja" if ja else "en"] if row[side] else "-" for side in ("reason_before", "reason_after"))
        count = (
            f"{row['cells']:,} 項目（{row['records']:,} 件）"
            if ja
            else f"{row['cells']:,} cells ({row['records']:,} records)"
        )
        verdicts = f"{_verdict(row['before'], ja=ja)} → {_verdict(row['after'], ja=ja)}"
        console.print(f"  {verdicts}  {count}\n    － {old}\n    ＋ {new}", markup=False)


def _draw_subjects(console: Console, subjects: list[dict[str, Any]], inventory: Inventory, *, ja: bool) -> None:
    console.print("動いた記録:" if ja else "Who moved:")
    for row in subjects[:SUBJECTS_SHOWN]:
        labels = [inventory.item(item).label for item in row["items"]]
        items = ("、" if ja else ", ").join(label.ja if ja else label.en for label in labels)
        verdicts = f"{_verdict(row['before'], ja=ja)} → {_verdict(row['after'], ja=ja)}"
        console.print(f"  {row['subject']}  {verdicts}  {items}", markup=False)
    more = len(subjects) - SUBJECTS_SHOWN
    if more > 0:
        console.print(f"  ほか {more:,} 件（--json ですべて）" if ja else f"  and {more:,} more (all with --json)")


def _draw_causes(console: Console, causes: dict[str, Any], *, ja: bool) -> None:
    lines: list[str] = []
    for key, words in (("sources_added", ("加わった証拠", "added")), ("sources_removed", ("外れた証拠", "removed"))):
        lines += [f"{words[0] if ja else words[1]}: {name}" for name in causes[key]]
    for path in causes["paths"]:
        old, new = ((state or ["-"])[0] for state in (path["before"], path["after"]))
        moved = f"{old} → {new}" if old != new else f"{old}（期間が変わった）" if ja else f"{old}, another period"
        lines.append(f"{'経路' if ja else 'path'} {path['path']}: {moved}")
    if causes["window"]:
        lines.append("侵入期間が変わった" if ja else "the intrusion window changed")
    if causes["delimited"]:
        lines.append("侵入者の画定が変わった" if ja else "whether the intruder is delimited changed")
    if causes["gaps"]["before"] != causes["gaps"]["after"]:
        what = "記録の途切れ" if ja else "gaps in the evidence"
        lines.append(f"{what}: {causes['gaps']['before']} → {causes['gaps']['after']}")
    if causes["rules_changed"]:
        lines.append("プログラムの判定規則が変わった" if ja else "the program's rules changed")
    for entry in causes["decisions"]:
        lines.append(
            f"{entry['time']} {entry['who']}: {entry['act']}（{'記録簿' if ja else 'journal'} {entry['seq']}）"
        )
    if lines:
        console.print("入力の違い:" if ja else "What differs in what went in:")
        for line in lines:
            console.print(f"  {line}", markup=False)


def _verdict(name: str, *, ja: bool) -> str:
    return SHORT[name][0 if ja else 1]
