"""What a person at the terminal sees: what is going on, the notice's table, and the score."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from drills.handover import SOURCES
from drills.holes import Hole
from drills.response import Stage
from drills.scenarios.wiping import Wiped
from drills.score import Score
from drills.truth.forms import JAPAN

CATEGORIES = {
    "policyholder": "既契約者・被保険者\npolicyholders",
    "prospect": "見積もり・資料請求\nprospects",
    "injured_third_party": "賠償の被害者\ninjured parties",
    "clinic": "医療機関・協力先\nclinics",
    "agency": "保険代理店\nagencies",
}
ITEMS = {
    "name": "氏名 / name",
    "address": "住所 / address",
    "gender": "性別 / gender",
    "birth_date": "生年月日 / birth date",
    "phone": "電話番号 / phone",
    "email": "メールアドレス / email",
    "policy_number": "証券番号 / policy number",
    "claim_payments": "保険金給付情報 / claim payments",
    "negotiation_history": "交渉履歴 / negotiation history",
    "bank_account": "金融機関口座情報 / bank account",
}

_STATES = {
    "closed": "閉じていた / closed",
    "open": "使い得た / open to the intruder",
    "used": "使われた / used by the intruder",
}
_ROLE_SOURCES = {"access_log": "access", "database_log": "dblog", "disclosure_ledger": "ledger"}


def console() -> Console:
    """The terminal; where the output goes into a file, wide enough for the tables."""
    terminal = Console()
    return terminal if terminal.is_terminal else Console(width=132)


def progress(console: Console) -> Progress:
    """One line: what is being done now, and for how long the drill has been going."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def notice_table(facts: dict[str, Any]) -> Table:
    """The published notice's table as kakuho derived it: five categories × items, and of each the confirmed ones."""
    values = _values(facts)
    table = Table(title="漏えいのおそれがある件数（うち確認済み） / records that could have leaked (confirmed)")
    table.add_column("項目 / item")
    for label in CATEGORIES.values():
        table.add_column(label, justify="right")
    table.add_row("件数 / records", *_row(values, "records"), style="bold", end_section=True)
    for item, label in ITEMS.items():
        table.add_row(label, *_row(values, f"item.{item}"))
    return table


def bank_account_line(facts: dict[str, Any]) -> str:
    """The subset that the notice gives in a footnote."""
    values = _values(facts)
    counts = {category: values.get(f"{category}.item.bank_account.affected", 0) for category in CATEGORIES}
    parts = [f"{CATEGORIES[category].splitlines()[0]} {count:,}件" for category, count in counts.items() if count]
    return "※うち口座情報を含むもの / of these with a bank account: " + ("、".join(parts) or "0件")


def score_table(score: Score) -> Table:
    table = Table(title="採点 / score against what the intruder truly received")
    table.add_column("measure")
    table.add_column("値", justify="right")
    table.add_column("意味 / meaning")
    rows = (
        ("missed_persons", "漏れたのに見落とした人 / received, but not even called possible (must be 0)"),
        ("missed_cells", "同、人×項目 / the same by item (must be 0)"),
        ("wrong_confirmed_persons", "漏れていないのに確認済みとした人 / confirmed, but not received (must be 0)"),
        ("wrong_confirmed_cells", "同、人×項目 / the same by item (must be 0)"),
        ("precision_confirmed", "「確認済み」のうち実際に漏れた割合 / of confirmed cells, truly received"),
        ("precision_possible", "「可能性あり」のうち実際に漏れた割合 / of possible cells, truly received"),
        ("true_persons", "実際に漏れた人 / persons of whom the intruder received something"),
        ("true_cells", "同、人×項目 / the same by item"),
        ("confirmed_cells", "確認済みとした人×項目 / cells called confirmed"),
        ("possible_cells", "可能性ありとした人×項目 / cells called possible"),
    )
    values = score.as_dict()
    for name, meaning in rows:
        must_be_zero = name.startswith(("missed", "wrong"))
        style = ("bold green" if values[name] == 0 else "bold red") if must_be_zero else None
        value = f"{values[name]:.3f}" if isinstance(values[name], float) else f"{values[name]:,}"
        table.add_row(name, value, meaning, style=style)
    return table


def stage_table(stages: tuple[Stage, ...]) -> Table:
    table = Table(title="段階 / stages")
    table.add_column("stage")
    table.add_column("秒 / s", justify="right")
    table.add_column("peak MiB", justify="right")
    for stage in stages:
        table.add_row(stage.name, f"{stage.seconds:.1f}", f"{stage.peak_mib:.0f}")
    return table


def window_lines(true: tuple[datetime, datetime], derived: dict[str, Any]) -> str:
    first, last = (_local(moment) for moment in true)
    lines = [f"実際の侵入期間 / true window     {first} – {last}"]
    if derived.get("first") and derived.get("last"):
        found = [_local(datetime.fromisoformat(derived[end])) for end in ("first", "last")]
        lines.append(f"導いた侵入期間 / derived window  {found[0]} – {found[1]}")
        if not derived.get("start_established", True):
            lines.append("  始期は確定していない / its start is not established")
    else:
        lines.append("導いた侵入期間 / derived window  なし / none")
    return "\n".join(lines)


def handed_line(left_out: tuple[str, ...]) -> str:
    given = [what for name, what in SOURCES.items() if name not in left_out]
    text = f"渡した証拠 / evidence handed over: {', '.join([*given, 'a later database snapshot, the inventory'])}"
    if left_out:
        text += f"\n渡さなかった証拠 / left out: {', '.join(SOURCES[name] for name in left_out)}"
    return text


def known_lines(paths: Sequence[Mapping[str, str]], indicators: Sequence[str], owners: Sequence[str]) -> str:
    """What was handed over as the analyst's own knowledge, in words."""
    lines = ["分析者が知っていること / known to the analyst"]
    lines += [f"  {one}: 外から知らされた侵入者の指標 / the intruder's, as told from elsewhere" for one in indicators]
    if owners:
        lines.append(
            f"  本人に確かめた、本人のアドレス {len(owners)} 個 / {len(owners)} addresses that owners of compromised"
            " accounts, when asked, called their own"
        )
    return "\n".join(lines + [f"  {path['id']}: {_STATES[path['state']]} – {path['basis']}" for path in paths])


def hole_lines(wiped: Wiped, holes: Sequence[Hole], left_out: tuple[str, ...]) -> str:
    """What the intruder deleted of the host's logs, and which gaps kakuho found there by itself."""
    first, last = (_local(datetime.fromisoformat(moment)) for moment in (wiped.first, wiped.last))
    lines = [f"消されたログ / deleted by the intruder  {first} – {last}"]
    for hole in holes:
        name = _ROLE_SOURCES[hole.role]
        lines.append(f"  {name}: {hole.lines:,} 行 / lines")
        if name in left_out:
            lines.append("    渡していない / not handed over")
            continue
        lines.append(
            "    kakuho が見つけた / found by kakuho" if hole.found else "    見つかっていない / NOT FOUND by kakuho"
        )
        for gap in hole.gaps:
            start, end = (_local(datetime.fromisoformat(moment)) for moment in (gap.start, gap.end))
            lines.append(f"    {start} – {end}  {gap.reason}")
    return "\n".join(lines)


def _values(facts: dict[str, Any]) -> dict[str, int]:
    """Fact values by their ids without the assessment's number."""
    return {key.split(".", 1)[1]: fact["value"] for key, fact in facts["facts"].items()}


def _row(values: dict[str, int], measure: str) -> list[str]:
    return [_counts(values, f"{category}.{measure}") for category in CATEGORIES]


def _counts(values: dict[str, int], stem: str) -> str:
    affected, confirmed = values.get(f"{stem}.affected"), values.get(f"{stem}.confirmed", 0)
    if affected is None:
        return "–"
    return f"{affected:,} ({confirmed:,})" if affected else "0"


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(JAPAN):%Y-%m-%d %H:%M:%S}"
