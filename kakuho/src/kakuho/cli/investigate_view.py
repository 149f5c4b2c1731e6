"""The investigation on a terminal: what happened, what is known, what is not, and what to decide next."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from kakuho.cli.detect import SHOWN, TYPES
from kakuho.cli.times import local_time
from kakuho.investigation.wording import wording
from kakuho.language import Language, in_language

EVENT_TABLES = {
    "http_activity": ("アクセス", "requests"),
    "disclosure": ("開示", "disclosures"),
    "datastore_activity": ("データベースの文", "database statements"),
    "authentication": ("ログインの記録", "logins"),
    "process_activity": ("プログラムの実行", "programs started"),
    "file_activity": ("ファイルの操作", "files touched"),
    "network_activity": ("通信", "connections"),
    "api_activity": ("クラウドの操作", "cloud calls"),
    "base_event": ("その他の記録（転送・メールなど）", "other records (transfers, mail …)"),
}
HARMLESS = ("public_route", "open_and_witnessed")
STATES = {"used": ("使われた", "used"), "open": ("開いていた", "open"), "closed": ("閉じていた", "closed")}


def draw(console: Console, found: dict[str, Any], *, language: Language, zone: str) -> None:
    """Print ``lake/investigation.json`` for a person."""
    View(console, found, language, zone).draw()


class View:
    """One drawing; holds what every part of it needs."""

    def __init__(self, console: Console, found: dict[str, Any], language: Language, zone: str) -> None:
        self.console = console
        self.found = found
        self.language = language
        self.zone = zone
        self.proposed = [one for one in found["indicators"] if one["state"] == "proposed"]
        self.undecided = [one for one in found["paths"] if one["basis"] == "undecided"]

    def draw(self) -> None:
        self._heading("何が起きたか", "What happened")
        self._what_happened()
        self._heading("分かっていること", "What is known")
        self._known()
        self._heading("分かっていないこと", "What is not known")
        self._unknown()
        self._heading("次に決めること", "What to decide next")
        self._next()

    def _say(self, ja: str, en: str) -> None:
        self.console.print("  " + (ja if self.language == "ja" else en), markup=False)

    def _heading(self, ja: str, en: str) -> None:
        self.console.print(f"[bold]{ja if self.language == 'ja' else en}[/bold]")

    def _word(self, key: str) -> str:
        return in_language(wording(key), self.language)

    def _pair(self, pair: tuple[str, str]) -> str:
        return pair[0] if self.language == "ja" else pair[1]

    def _what_happened(self) -> None:
        window = self.found["window"]
        if window is None:
            self._say(
                "攻撃者のものと確定した記録はまだありません。",
                "No event is confirmed to be the attacker's yet.",
            )
            return
        first, last = (window[name] or window[f"widened_{name}"] for name in ("first", "last"))
        self._say(
            f"侵入: {local_time(first, self.zone)} から {local_time(last, self.zone)} まで",
            f"intrusion: {local_time(first, self.zone)} to {local_time(last, self.zone)}",
        )
        if (window["widened_first"], window["widened_last"]) != (first, last):
            self._say(
                f"不確かな記録まで含めると: {local_time(window['widened_first'], self.zone)} から "
                f"{local_time(window['widened_last'], self.zone)} まで",
                f"with uncertain events: {local_time(window['widened_first'], self.zone)} to "
                f"{local_time(window['widened_last'], self.zone)}",
            )
        for table, count in self.found["attacker_events"].items():
            name = self._pair(EVENT_TABLES[table])
            self._say(
                f"{name}: 攻撃者の記録 {count['certain']:,} 件、不確か {count['uncertain']:,} 件",
                f"{name}: {count['certain']:,} by the attacker, {count['uncertain']:,} uncertain",
            )

    def _known(self) -> None:
        confirmed = [one for one in self.found["indicators"] if one["state"] == "confirmed"]
        for kind, names in TYPES.items():
            values = [one["value"] for one in confirmed if one["type"] == kind]
            if values:
                shown = _few(values)
                self._say(
                    f"確定した{names[0]}（{len(values)}）: {shown}", f"confirmed {names[1]} ({len(values)}): {shown}"
                )
        accounts = self.found["compromised_accounts"]
        if accounts:
            at_most = any(one["basis"] == "login_overlaps_in_time" for one in accounts)
            self._say(
                f"侵害されたアカウント: {'最大 ' if at_most else ''}{len(accounts):,} 件",
                f"compromised accounts: {'at most ' if at_most else ''}{len(accounts):,}",
            )
        for state in ("used", "closed"):
            ids = [one["id"] for one in self.found["paths"] if one["state"] == state]
            if ids:
                name = self._pair(STATES[state])
                self._say(f"{name}経路（{len(ids)}）: {_few(ids)}", f"paths {name} ({len(ids)}): {_few(ids)}")
        if not confirmed and not accounts:
            self._say("確定したことはまだありません。", "Nothing is confirmed yet.")

    def _unknown(self) -> None:
        window = self.found["window"]
        if window is not None and not window["start_established"]:
            self._say(*self._both(window["reason"]))
        if not self.found["compromised_accounts_known"]:
            self._say(*self._both(self.found["compromised_accounts_reason"], "アカウント: ", "accounts: "))
        ids = [one["id"] for one in self.found["paths"] if one["state"] == "open" and one["basis"] not in HARMLESS]
        if ids:
            self._say(f"開いていた経路（{len(ids)}）: {_few(ids)}", f"paths that were open ({len(ids)}): {_few(ids)}")
        if not self.found["delimited"]:
            self._say(
                "範囲を区切れないため、すべての情報が漏えいの可能性ありとなります。",
                "The intrusion is not delimited: everything must be taken as possibly leaked.",
            )

    def _both(self, key: str, ja: str = "", en: str = "") -> tuple[str, str]:
        words = wording(key)
        return ja + words.ja, en + str(words)

    def _next(self) -> None:
        if self.proposed:
            table = Table(box=None, padding=(0, 2, 0, 2))
            for pair in (("提案", "proposed"), ("重大度", "severity"), ("根拠", "basis")):
                table.add_column(self._pair(pair), overflow="fold")
            ranked = sorted(self.proposed, key=lambda one: {"high": 0, "medium": 1, "low": 2}.get(one["severity"], 3))
            for one in ranked[:SHOWN]:
                table.add_row(f"{one['type']}={one['value']}", one["severity"] or "-", self._word(one["basis"]))
            self.console.print(table)
            if len(ranked) > SHOWN:
                self._say(
                    f"ほか {len(ranked) - SHOWN} 件（--json ですべて）",
                    f"and {len(ranked) - SHOWN} more (--json has all)",
                )
            self._say(
                '一つずつ: --confirm（または --dismiss）TYPE=VALUE --reason "…" / 「高」をまとめて: --confirm-proposed',
                'one by one: --confirm (or --dismiss) TYPE=VALUE --reason "…"; all of "high": --confirm-proposed',
            )
        if self.undecided:
            ids = ", ".join(one["id"] for one in self.undecided)
            self._say(
                f"ログに現れない経路の状態を responder.toml に書き、--decisions で渡す: {ids}",
                f"write the state of paths that no log shows into responder.toml and give it by --decisions: {ids}",
            )
        if not self.proposed and not self.undecided:
            self._say(
                "決めることは残っていません。次に: kakuho assess", "Nothing is left to decide. Next: kakuho assess"
            )


def _few(names: list[str]) -> str:
    """The first of them; ``--json`` has all."""
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
