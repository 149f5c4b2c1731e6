"""``kakuho explain``: follow a person, a cell or a printed number back to lines of sealed files."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from kakuho.cli.context import JsonOption, current_case, settings
from kakuho.cli.output import emit
from kakuho.cli.times import local_time
from kakuho.cli.verdict_words import DERIVED, LONG, MASKED, METHODS, PATH_STATES, PROTECTED
from kakuho.errors import UsageError
from kakuho.exposure.cited import SHOWN
from kakuho.exposure.explain import Chain, explain_cell, explain_fact, explain_person, latest
from kakuho.inventory import Inventory, load_inventory
from kakuho.investigation.wording import WORDING
from kakuho.language import Bilingual, in_language

_FACT = re.compile(r"A(\d{3,})\.")


def command(
    ctx: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="person SUBJECT... | cell SUBJECT ITEM | FACT",
            help="例: person policyholder:12 quote:7（一人の記録をまとめて） / cell policyholder:12 bank_account"
            " / A001.total.records.affected。 person: all records of one person at once.",
        ),
    ],
    assessment: Annotated[
        int | None, typer.Option("--assessment", help="評価の番号（既定: 最新）。 / Which assessment.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """判定や数値の根拠を、封印された記録の行までたどります。 / Follow a verdict or number to its evidence."""
    case = current_case(ctx)
    inventory = load_inventory(case.inventory_path)
    ja = settings(ctx).language == "ja"
    chain = _chain(case, what, assessment)
    emit(ctx, chain.data, lambda console: _Drawing(console, inventory, case.settings.time_zone, ja=ja).draw(chain.data))


def _chain(case: Any, what: list[str], assessment: int | None) -> Chain:
    fact = _FACT.match(what[0])
    if fact is not None and len(what) == 1:
        return explain_fact(case, int(fact.group(1)), what[0])
    number = assessment or latest(case)
    if what[0] == "person" and len(what) > 1:
        return explain_person(case, number, what[1:])
    if what[0] == "cell" and len(what) == 3:
        return explain_cell(case, number, what[1], what[2])
    raise UsageError(
        Bilingual(ja="何の根拠をたどるのか分かりません。", en="this does not say what to explain"),
        where=" ".join(what),
        remedy="kakuho explain person policyholder:12 quote:7 | cell quote:7 name | A001.total.records.affected",
    )


class _Drawing:
    """One chain on a terminal, in one language and in the case's time zone."""

    def __init__(self, console: Console, inventory: Inventory, zone: str, *, ja: bool) -> None:
        self._console, self._inventory, self._zone, self._ja = console, inventory, zone, ja

    def draw(self, data: dict[str, Any]) -> None:
        if "fact" in data:
            self._fact(data)
        elif "items" in data:
            self._person(data)
        else:
            self._say(f"[bold]{data['subject']}[/bold]" + (f"  ({data['person']})" if data["person"] else ""))
            for cell in data["cells"]:
                self._head(cell["item"], cell)
                self._chain(cell)
        self._say("")
        self._say("[bold]封印された証拠[/bold]", "[bold]Sealed evidence[/bold]")
        for entry in data["evidence"]:
            name = entry.get("name") or entry.get("path") or entry["act"]
            sealed = f"{name}  {self._time(entry['time'])}  {entry['who']}  sha256 {str(entry.get('sha256'))[:16]}…"
            self._say(f"  事案台帳 {entry['seq']}: {sealed}", f"  journal {entry['seq']}: {sealed}")

    def _fact(self, data: dict[str, Any]) -> None:
        fact = data["fact"]
        self._say(f"[bold]{fact['id']} = {fact['value']:,}[/bold]  {fact['definition']['ja' if self._ja else 'en']}")
        for part in data["made_of"]:
            records, cells = f"{part['records']:,}", f"{part['cells']:,}"
            verdict = LONG[part["verdict"]][0 if self._ja else 1]
            self._say("")
            self._say(f"{verdict}: {records} 件（{cells} 項目）", f"{verdict}: {records} records ({cells} cells)")
            self._say(f"  {part['reason']['ja' if self._ja else 'en']}")
            self._events(part["events"])

    def _person(self, data: dict[str, Any]) -> None:
        """First what a manager asks: which items, how sure; then each with the records and what shows it."""
        records = ("、" if self._ja else ", ").join(
            record["subject"] + ("" if record["named"] else "（名寄せによる）" if self._ja else " (linked)")
            for record in data["records"]
        )
        self._say(
            f"[bold]この方の記録[/bold] {len(data['records'])} 件: {records}",
            f"[bold]Records of this person[/bold] ({len(data['records'])}): {records}",
        )
        if len(data["persons"]) > 1:
            self._say(
                f"評価では {len(data['persons'])} 人として扱われている記録を、指定によりまとめて示す。",
                f"The assessment takes these for {len(data['persons'])} persons; shown together as asked.",
            )
        for verdict in LONG:
            items = [self._label(item["item"]) for item in data["items"] if item["verdict"] == verdict]
            if items:
                named = ("、" if self._ja else ", ").join(items)
                self._say(f"{LONG[verdict][0]}: {named}", f"{LONG[verdict][1]}: {named}")
        for item in data["items"]:
            self._head(item["item"], item)
            for cell in item["cells"]:
                if len(data["records"]) > 1:
                    verdict = LONG[cell["verdict"]][0 if self._ja else 1]
                    self._say(f"  [bold]{cell['subject']}[/bold]: {verdict}")
                self._chain(cell)

    def _label(self, item: str) -> str:
        label = self._inventory.item(item).label
        return label.ja if self._ja else label.en

    def _head(self, item: str, standing: dict[str, Any]) -> None:
        verdict = LONG[standing["verdict"]][0 if self._ja else 1]
        beside = f"（{PROTECTED[0]}）" if self._ja else f" ({PROTECTED[1]})"
        self._say("")
        self._say(f"[bold]{self._label(item)}: {verdict}{beside if standing['protected'] else ''}[/bold]")

    def _chain(self, cell: dict[str, Any]) -> None:
        self._say(f"  {cell['reason']['ja' if self._ja else 'en']}")
        if cell["level"] == "derived":
            self._say(f"  {in_language(DERIVED, 'ja' if self._ja else 'en')}")
        if cell["protection"]:
            self._say(f"  {cell['protection']['ja' if self._ja else 'en']}")
        if cell["masked"]:
            self._say(f"  {in_language(MASKED, 'ja' if self._ja else 'en')}")
        for claim in cell["claims"]:
            certainty = LONG[claim["certainty"]][0 if self._ja else 1]
            method = METHODS[claim["method"]][0 if self._ja else 1]
            told = f"{certainty}{self._form(claim)}"
            self._say(f"  ← {method}: {told}  ({claim['claim_id']})")
            self._events(claim["events"])
        for path in cell.get("paths", []):
            self._path(path)

    def _form(self, claim: dict[str, Any]) -> str:
        """What the claim itself says of the form, where it is not the value in clear."""
        words = {"derived": "、計算された値", "answer": "、一度の答え"} if self._ja else {
            "derived": ", computed", "answer": ", one answer"}  # fmt: skip
        cipher = "" if claim["cipher"] is None else "、暗号文" if self._ja else ", ciphertext"
        return words.get(claim["level"], "") + cipher

    def _path(self, path: dict[str, Any]) -> None:
        words = WORDING.get(path["basis"])
        basis = path["basis"] if words is None else in_language(words, "ja" if self._ja else "en")
        seen = ", ".join(path["witnesses"])
        japanese, english = PATH_STATES[path["state"]]
        self._say(
            f"  {path['path']}: {japanese}（{basis}）" + (f" 記録: {seen}" if seen else ""),
            f"  {path['path']}: {english} ({basis})" + (f" witnessed by: {seen}" if seen else ""),
        )

    def _events(self, events: dict[str, Any]) -> None:
        for event in events["first"]:
            line = f"{event['line']} 行目" if self._ja else f"line {event['line']}"
            told = f"{event['file']} {line}  {self._time(event.get('time'))}  {event.get('what', '')}"
            self._say("    " + escape(told))
        if events["count"] > SHOWN:
            rest = events["count"] - SHOWN
            self._say(f"    ほか {rest:,} 行", f"    and {rest:,} more lines")

    def _time(self, moment: str | None) -> str:
        return local_time(moment, self._zone)

    def _say(self, japanese: str, english: str | None = None) -> None:
        self._console.print(japanese if self._ja or english is None else english, soft_wrap=True)
