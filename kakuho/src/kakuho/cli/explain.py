"""``kakuho explain``: follow a person, a cell or a printed number back to lines of sealed files."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer
from rich.console import Console

from kakuho.cli.context import JsonOption, current_case, settings
from kakuho.cli.output import emit
from kakuho.errors import UsageError
from kakuho.exposure.explain import SHOWN, Chain, explain_cells, explain_fact, latest
from kakuho.inventory import Inventory, load_inventory
from kakuho.language import Bilingual

_FACT = re.compile(r"A(\d{3,})\.")
VERDICTS = {
    "confirmed": ("漏えいを確認", "confirmed"),
    "possible": ("可能性を否定できない", "possible"),
    "ruled_out": ("漏えいなしと判断", "ruled out"),
}
STATES = {"used": ("使われた", "used"), "open": ("使い得た", "open"), "closed": ("閉じていた", "closed")}


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("explain")(command)


def command(
    ctx: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="person SUBJECT | cell SUBJECT ITEM | FACT",
            help="例: person policyholder:12 / cell policyholder:12 bank_account / A001.total.records.affected",
        ),
    ],
    assessment: Annotated[
        int | None, typer.Option("--assessment", help="判定の番号（既定: 最新）。 / Which assessment.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """判定や数値の根拠を、封印された記録の行までたどります。 / Follow a verdict or number to its evidence."""
    case = current_case(ctx)
    inventory = load_inventory(case.inventory_path)
    ja = settings(ctx).language == "ja"
    chain = _chain(case, what, assessment)
    emit(ctx, chain.data, lambda console: _draw(console, chain.data, inventory, ja=ja))


def _chain(case: Any, what: list[str], assessment: int | None) -> Chain:
    fact = _FACT.match(what[0])
    if fact is not None and len(what) == 1:
        return explain_fact(case, int(fact.group(1)), what[0])
    number = assessment or latest(case)
    if what[0] == "person" and len(what) == 2:
        return explain_cells(case, number, what[1], None)
    if what[0] == "cell" and len(what) == 3:
        return explain_cells(case, number, what[1], what[2])
    raise UsageError(
        Bilingual(ja="何の根拠をたどるのか分かりません。", en="this does not say what to explain"),
        where=" ".join(what),
        remedy="kakuho explain person policyholder:12 | cell policyholder:12 name | A001.total.records.affected",
    )


def _draw(console: Console, data: dict[str, Any], inventory: Inventory, *, ja: bool) -> None:
    if "fact" in data:
        _draw_fact(console, data, ja=ja)
    else:
        _draw_cells(console, data, inventory, ja=ja)
    console.print("")
    console.print("[bold]封印された証拠[/bold]" if ja else "[bold]Sealed evidence[/bold]")
    for entry in data["evidence"]:
        name = entry.get("name") or entry.get("path") or entry["act"]
        sealed = f"{name}  {entry['time']}  {entry['who']}  sha256 {str(entry.get('sha256'))[:16]}…"
        console.print(f"  {'台帳' if ja else 'journal'} {entry['seq']}: {sealed}", soft_wrap=True)


def _draw_fact(console: Console, data: dict[str, Any], *, ja: bool) -> None:
    fact = data["fact"]
    words = fact["definition"]["ja" if ja else "en"]
    console.print(f"[bold]{fact['id']} = {fact['value']:,}[/bold]  {words}")
    for part in data["made_of"]:
        verdict = VERDICTS[part["verdict"]][0 if ja else 1]
        console.print("")
        console.print(
            f"{verdict}: {part['records']:,} 件（{part['cells']:,} 項目）"
            if ja
            else f"{verdict}: {part['records']:,} records ({part['cells']:,} cells)"
        )
        console.print(f"  {part['reason']['ja' if ja else 'en']}")
        _draw_events(console, part["events"], ja=ja)


def _draw_cells(console: Console, data: dict[str, Any], inventory: Inventory, *, ja: bool) -> None:
    console.print(f"[bold]{data['subject']}[/bold]" + (f"  ({data['person']})" if data["person"] else ""))
    for cell in data["cells"]:
        label = inventory.item(cell["item"]).label
        verdict = VERDICTS[cell["verdict"]][0 if ja else 1]
        console.print("")
        console.print(f"[bold]{label.ja if ja else label.en}: {verdict}[/bold]")
        console.print(f"  {cell['reason']['ja' if ja else 'en']}")
        if cell["masked"]:
            console.print("  一部を伏せた表示があった。" if ja else "  It was shown with parts masked.")
        for claim in cell["claims"]:
            console.print(
                f"  ← {claim['claim_id']} ({claim['method']}, {VERDICTS[claim['certainty']][0 if ja else 1]})"
            )
            _draw_events(console, claim["events"], ja=ja)
        for path in cell.get("paths", []):
            state = STATES[path["state"]][0 if ja else 1]
            seen = ", ".join(path["witnesses"])
            told = f"（{'記録' if ja else 'witnessed by'}: {seen}）" if seen else ""
            console.print(f"  {path['path']}: {state}{told} {path['basis']}", soft_wrap=True)


def _draw_events(console: Console, events: dict[str, Any], *, ja: bool) -> None:
    for event in events["first"]:
        line = f"{event['line']} 行目" if ja else f"line {event['line']}"
        console.print(f"    {event['file']} {line}  {event.get('time', '')}  {event.get('what', '')}", soft_wrap=True)
    if events["count"] > SHOWN:
        rest = events["count"] - SHOWN
        console.print(f"    ほか {rest:,} 行" if ja else f"    and {rest:,} more lines")
